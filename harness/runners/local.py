"""Units in, what compiling and running them showed out, on this machine, unconfined."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from harness import diagnostics
from harness.model.command import Command, Finished, Limits
from harness.model.unit import (
    Base,
    Compilation,
    Compiled,
    CrateType,
    Depth,
    Ended,
    Run,
    Unit,
)
from harness.runners.cargo import Broken, Built
from harness.runners.executor import Executor
from harness.runners.toolchain import Toolchain

NAME = "local"
UNIT_FILE = "harness_unit.rs"
"""The name under which rustc sees every unit: each is compiled in a folder of its own, so that
objects never mix and a place in output is always this name."""

_COMPILER_MEMORY = 6 << 30
_PROGRAM_MEMORY = 4 << 30
_OUTPUT_BYTES = 4 << 20
_SHOWN_OUTPUT = 4096


@dataclass(frozen=True, slots=True)
class Request:
    """One unit to compile, and how far."""

    unit: Unit
    depth: Depth
    seconds: float


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One linked program to run."""

    compilation: Compilation
    seconds: float
    folder: Path | None = None
    """Where it runs; None gives it an empty folder of its own."""
    arguments: tuple[str, ...] = ()


class Local:
    """Compiles with rustc itself, and runs programs, each in a folder and group of its own."""

    def __init__(
        self, toolchain: Toolchain, executor: Executor, folder: Path, workers: int
    ) -> None:
        self._toolchain = toolchain
        self._executor = executor
        self._folder = folder
        self._workers = workers
        self._count = 0

    def compile(
        self, requests: Iterable[Request], bases: Mapping[Base, Built | Broken]
    ) -> Iterator[Compilation]:
        """Compile units side by side; a compilation comes as soon as its compiler ends."""
        commands = []
        for request in requests:
            built = bases[request.unit.base]
            if isinstance(built, Broken):
                yield Compilation(request.unit, Compiled.BASE_BROKEN, detail=built.cause)
            else:
                folder = self._fresh_folder()
                commands.append(((request, folder), self._rustc(request, built, folder)))
        for key, finished in self._executor.run_each(commands, self._workers):
            request, folder = key  # type: ignore[misc]
            yield _compilation(request, finished, folder)

    def run(self, requests: Iterable[RunRequest]) -> Iterator[tuple[RunRequest, Run]]:
        """Run linked programs side by side, each within its seconds."""
        commands = []
        for request in requests:
            assert request.compilation.program is not None
            command = Command(
                (str(request.compilation.program), *request.arguments),
                request.folder or self._fresh_folder(),
                _program_environment(request.compilation.unit, self._toolchain),
                Limits(request.seconds, _PROGRAM_MEMORY, _OUTPUT_BYTES),
            )
            commands.append((request, command))
        for key, finished in self._executor.run_each(commands, self._workers):
            assert isinstance(key, RunRequest)
            yield key, _run(key.compilation.unit, finished)

    def _fresh_folder(self) -> Path:
        self._count += 1
        folder = self._folder / f"{self._count:06}"
        folder.mkdir()
        return folder

    def _rustc(self, request: Request, built: Built, folder: Path) -> Command:
        unit = request.unit
        (folder / UNIT_FILE).write_text(unit.text, encoding="utf-8", newline="")
        argv = [str(self._toolchain.rustc), UNIT_FILE, "--edition", unit.edition]
        argv += ["--crate-type", unit.crate_type.value, "--error-format=json"]
        if not _names_itself(unit.text):
            argv += ["--crate-name", "rust_out"]
        if unit.with_tests:
            argv.append("--test")
        argv += _emit(request.depth, folder)
        for name, path in built.externs:
            argv += ["--extern", f"{name}={path}"]
        for path in built.search:
            argv += ["-L", f"dependency={path}", "-L", f"native={path}"]
        if unit.crate_type is CrateType.PROC_MACRO:
            argv += ["--extern", "proc_macro"]
        environment = tuple((dict(os.environ) | dict(unit.environment)).items())
        limits = Limits(request.seconds, _COMPILER_MEMORY, output_bytes=64 << 20)
        return Command(tuple(argv), folder, environment, limits)


def _names_itself(text: str) -> bool:
    return "crate_name" in text


def _emit(depth: Depth, folder: Path) -> list[str]:
    if depth is Depth.LINK:
        return ["--emit=link", "-o", str(folder / "program")]
    # Never into /dev/null: rustc moves its file there, which as root replaces the device.
    return [f"--emit={depth.value}={folder / 'out'}"]


def _compilation(request: Request, finished: Finished, folder: Path) -> Compilation:
    unit = request.unit
    found = diagnostics.read_messages(finished.stderr, unit, UNIT_FILE)
    last = finished.stderr.decode(errors="replace").strip()[-2000:]
    if finished.timed_out:
        return Compilation(unit, Compiled.TIMED_OUT, found, f"after {request.seconds:g} s")
    if finished.not_started or finished.too_much_output:
        detail = finished.not_started or "the compiler wrote more output than the limit"
        return Compilation(unit, Compiled.NO_EVIDENCE, found, detail)
    if finished.status == 0:
        output = folder / ("program" if request.depth is Depth.LINK else "out")
        if not output.exists():
            detail = "the compiler ended with success and left no artifact"
            return Compilation(unit, Compiled.NO_EVIDENCE, found, detail)
        program = output if request.depth is Depth.LINK else None
        return Compilation(unit, Compiled.ACCEPTED, found, program=program)
    if finished.status < 0 or diagnostics.has_internal_error(finished.stderr):
        return Compilation(unit, Compiled.CRASHED, found, _ended(finished) + last)
    if not any(item.level == "error" for item in found):
        return Compilation(unit, Compiled.NO_EVIDENCE, found, last)
    return Compilation(unit, Compiled.REJECTED, found)


def _ended(finished: Finished) -> str:
    return f"the compiler was ended by signal {-finished.status}\n" if finished.status < 0 else ""


def _program_environment(unit: Unit, toolchain: Toolchain) -> tuple[tuple[str, str], ...]:
    environment = dict(os.environ) | dict(unit.environment)
    libraries = str(toolchain.rustc.parent.parent / "lib")
    found = environment.get("LD_LIBRARY_PATH")
    environment["LD_LIBRARY_PATH"] = f"{libraries}:{found}" if found else libraries
    return tuple(environment.items())


def _run(unit: Unit, finished: Finished) -> Run:
    stderr = finished.stderr.decode(errors="replace")
    panics = diagnostics.read_panics(stderr, unit, UNIT_FILE)
    everything = finished.stdout.decode(errors="replace") + stderr
    shown = diagnostics.name_document(everything[-_SHOWN_OUTPUT:], unit, UNIT_FILE)
    return Run(_how_it_ended(finished), abs(finished.status), panics, shown, finished.seconds)


def _how_it_ended(finished: Finished) -> Ended:
    if finished.not_started:
        return Ended.NOT_STARTED
    if finished.timed_out:
        return Ended.TIMED_OUT
    if finished.too_much_output:
        return Ended.TOO_MUCH_OUTPUT
    if finished.status == 0:
        return Ended.SUCCESS
    return Ended.SIGNAL if finished.status < 0 else Ended.FAILURE
