"""Units in, what compiling and running them showed out, on this machine, unconfined."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from harness.errors import MissingToolError
from harness.model.command import ANY_DOCUMENT, Command, Finished, Limits
from harness.model.toolchain import Toolchain
from harness.model.unit import (
    Base,
    Compilation,
    Compiled,
    CrateType,
    Depth,
    Ended,
    Request,
    Run,
)
from harness.model.values import dataclass
from harness.runners.cargo import Broken, Built
from harness.runners.executor import Runs
from harness.verdicts import diagnostics

__all__ = ["NAME", "UNIT_FILE", "Local", "Request", "RunRequest", "artifact", "read_compilation"]

NAME = "local"
UNIT_FILE = "harness_unit.rs"
"""The name under which rustc sees every unit: each is compiled in a folder of its own, so that
objects never mix and a place in output is always this name."""

BENCH_SECONDS = 60.0
"""For one launch of a bench."""

_COMPILER_MEMORY = 6 << 30
_PROGRAM_MEMORY = 4 << 30
_OUTPUT_BYTES = 4 << 20
_COMPILER_OUTPUT_BYTES = 64 << 20
_SHOWN_OUTPUT = 4096


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
        self,
        toolchain: Toolchain,
        executor: Runs,
        folder: Path,
        workers: int,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`toolchain` as commands see it; `environment` is theirs, None for our own."""
        self._toolchain = toolchain
        self._executor = executor
        self._folder = folder
        self._workers = workers
        self._environment = dict(os.environ) if environment is None else dict(environment)
        self._count = 0
        self._emptied: list[Path] = []
        self.starts = 0
        """How many commands were made for the compiler."""

    def compile(
        self, requests: Iterable[Request], bases: Mapping[Base, Built | Broken], _expected: int
    ) -> Iterator[Compilation]:
        """Compile units side by side; a compilation comes as soon as its compiler ends."""
        commands = []
        for request in requests:
            built = bases[request.unit.base]
            if isinstance(built, Broken):
                yield Compilation(request.unit, built.status, detail=built.cause)
            else:
                folder = self.fresh_folder()
                commands.append(((request, folder), self.command(request, built, folder)))
        for key, finished in self._executor.run_each(commands, self._workers):
            request, folder = key  # type: ignore[misc]
            yield read_compilation(request, finished, folder)

    def run(self, requests: Iterable[RunRequest]) -> Iterator[tuple[RunRequest, Run]]:
        """Run linked programs side by side, each within its seconds."""
        commands = []
        for request in requests:
            assert request.compilation.program is not None
            command = Command(
                (str(request.compilation.program), *request.arguments),
                request.folder or self.fresh_folder(),
                self._program_environment(request.compilation),
                Limits(request.seconds, _PROGRAM_MEMORY, _OUTPUT_BYTES),
                project=request.compilation.unit.base.project,
            )
            commands.append((request, command))
        for key, finished in self._executor.run_each(commands, self._workers):
            assert isinstance(key, RunRequest)
            yield key, _run(key.compilation, finished)

    def launch(
        self, program: Compilation, arguments: tuple[str, ...], key: bytes, cores: tuple[int, ...]
    ) -> Finished:
        """Run a bench's program alone, pinned to cores by its affinity."""
        assert program.program is not None
        command = Command(
            (str(program.program), *arguments),
            self.fresh_folder(),
            self._program_environment(program),
            Limits(BENCH_SECONDS, _PROGRAM_MEMORY, _OUTPUT_BYTES),
            stdin=key.hex().encode() + b"\n",
            cores=cores,
        )
        return self._executor.run(command)

    def fresh_folder(self) -> Path:
        """An empty folder of this run: builds that share one would mix their objects."""
        if self._emptied:
            return self._emptied.pop()
        self._count += 1
        folder = self._folder / f"{self._count:06}"
        folder.mkdir()
        return folder

    def take_back(self, request: Request, folder: Path) -> None:
        """Empty a folder of which nothing is needed any more, for what is compiled next.

        To remove one takes some file systems longer than many a compilation. Not where a program
        was linked, nor where code of other crates ran: that may have left somebody who writes.
        """
        if request.depth is Depth.LINK or request.unit.base.crates or request.unit.environment:
            return
        with suppress(OSError):  # a folder in it: then it is not for others
            for file in list(folder.iterdir()):
                file.unlink()
            self._emptied.append(folder)

    def command(self, request: Request, built: Built, folder: Path) -> Command:
        """The compiler's command for one unit, whose text it writes into the folder."""
        (folder / UNIT_FILE).write_text(request.unit.text, encoding="utf-8", newline="")
        limits = Limits(request.seconds, _COMPILER_MEMORY, _COMPILER_OUTPUT_BYTES)
        return self.command_for(UNIT_FILE, request, built, folder, limits)

    def command_for(
        self, file: str, request: Request, built: Built, folder: Path, limits: Limits
    ) -> Command:
        """The compiler's command for a crate whose root is `file`, of the request's kind."""
        self.starts += 1
        unit = request.unit
        argv = [str(self._toolchain.rustc), file, "--edition", unit.edition]
        argv += ["--crate-type", unit.crate_type.value, "--error-format=json"]
        if not _names_itself(unit.text):
            argv += ["--crate-name", "rust_out"]
        if unit.with_tests:
            argv.append("--test")
        if unit.base.profile:
            argv += ["-C", "opt-level=3"]  # as Cargo's release profile
        argv += _emit(request.depth, folder)
        for name, path in built.externs:
            argv += ["--extern", f"{name}={path}"]
        for path in built.search:
            argv += ["-L", f"dependency={path}", "-L", f"native={path}"]
        if unit.crate_type is CrateType.PROC_MACRO:
            argv += ["--extern", "proc_macro"]
        environment = dict(self._environment)
        if unit.base.crates:
            environment |= _as_cargo(folder) | dict(built.environment)
        environment |= dict(unit.environment)
        # A variable that a block's configuration states could have the compiler load something.
        is_ours = built.is_ours and not unit.environment
        group = ANY_DOCUMENT if is_ours else unit.fence.path
        leaves = (artifact(request.depth, folder).name,)
        return Command(
            tuple(argv),
            folder,
            tuple(environment.items()),
            limits,
            group,
            unit.base.project,
            leaves,
        )

    def _program_environment(self, compilation: Compilation) -> tuple[tuple[str, str], ...]:
        environment = self._environment | dict(compilation.unit.environment)
        if compilation.selector is not None:
            environment[compilation.selector.variable] = compilation.selector.value
        libraries = str(self._toolchain.rustc.parent.parent / "lib")
        found = environment.get("LD_LIBRARY_PATH")
        environment["LD_LIBRARY_PATH"] = f"{libraries}:{found}" if found else libraries
        return tuple(environment.items())


def _as_cargo(folder: Path) -> dict[str, str]:
    """What macros of other crates expect to find, since Cargo says it to every compiler."""
    return {
        "CARGO_CRATE_NAME": "rust_out",
        "CARGO_MANIFEST_DIR": str(folder),
        "CARGO_PKG_NAME": "rust_out",
        "CARGO_PKG_VERSION": "0.0.0",
    }


def _names_itself(text: str) -> bool:
    return "crate_name" in text


def artifact(depth: Depth, folder: Path) -> Path:
    """The file that the compiler leaves in a build's folder."""
    return folder / ("program" if depth is Depth.LINK else "out")


def _emit(depth: Depth, folder: Path) -> list[str]:
    if depth is Depth.LINK:
        return ["--emit=link", "-o", str(artifact(depth, folder))]
    # Never into /dev/null: rustc moves its file there, which as root replaces the device.
    return [f"--emit={depth.value}={artifact(depth, folder)}"]


def read_compilation(request: Request, finished: Finished, folder: Path) -> Compilation:
    """What the end of one unit's compiler showed."""
    unit = request.unit
    found = diagnostics.read_messages(finished.stderr, unit, UNIT_FILE)
    last = finished.stderr.decode(errors="replace").strip()[-2000:]
    if finished.timed_out:
        return Compilation(unit, Compiled.TIMED_OUT, found, f"after {request.seconds:g} s")
    if finished.bound is not None:
        detail = f"the compiler met the bound on {finished.bound.value}"
        return Compilation(unit, Compiled.STOPPED, found, detail, bound=finished.bound)
    if finished.not_started or finished.too_much_output:
        detail = finished.not_started or "the compiler wrote more output than the limit"
        return Compilation(unit, Compiled.NO_EVIDENCE, found, detail)
    if finished.status == 0:
        output = artifact(request.depth, folder)
        if not output.exists():
            detail = "the compiler ended with success and left no artifact"
            return Compilation(unit, Compiled.NO_EVIDENCE, found, detail)
        program = output if request.depth is Depth.LINK else None
        return Compilation(
            unit, Compiled.ACCEPTED, found, program=program, messages=finished.stderr
        )
    if finished.status < 0 or diagnostics.has_internal_error(finished.stderr):
        return Compilation(unit, Compiled.CRASHED, found, _ended(finished) + last)
    if not any(item.level == "error" for item in found):
        return Compilation(unit, Compiled.NO_EVIDENCE, found, last)
    _refuse_full_disk(folder)
    return Compilation(unit, Compiled.REJECTED, found, messages=finished.stderr)


_LEAST_FREE_BYTES = 8 << 20


def _refuse_full_disk(folder: Path) -> None:
    """An error on a full disk may be the disk's: no verdict rests on it."""
    if shutil.disk_usage(folder).free < _LEAST_FREE_BYTES:
        message = (
            f"no space is left at {folder}; free some there, "
            "or name another place with HARNESS_CACHE"
        )
        raise MissingToolError(message)


def _ended(finished: Finished) -> str:
    return f"the compiler was ended by signal {-finished.status}\n" if finished.status < 0 else ""


def _run(compilation: Compilation, finished: Finished) -> Run:
    unit, selector = compilation.unit, compilation.selector
    file = UNIT_FILE if selector is None else selector.file
    stderr = finished.stderr.decode(errors="replace")
    panics = diagnostics.read_panics(stderr, unit, file)
    everything = finished.stdout.decode(errors="replace") + stderr
    shown = diagnostics.name_document(everything[-_SHOWN_OUTPUT:], unit, file)
    ended = _how_it_ended(finished)
    return Run(ended, abs(finished.status), panics, shown, finished.seconds, finished.bound)


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
