"""An engine in, the runner in whose containers everything of a document is compiled and run out.

A bench, or whatever else measures one program, uses `Docker.run_program`.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Self

from harness import registry, shipped
from harness.errors import MissingToolError
from harness.files import cache_folder
from harness.model.command import Bound, Command, Finished, Limits
from harness.model.settings import CheckSettings
from harness.model.toolchain import Toolchain
from harness.model.unit import Base, Compilation
from harness.model.values import dataclass
from harness.runners.cargo import BaseFolders, Broken, Built
from harness.runners.containers.confined import Confined
from harness.runners.containers.confinement import (
    BASES,
    COMPILING,
    ENVIRONMENT,
    HANDED,
    RUNNING,
    SCHEMAS,
    TOOLCHAIN,
    WORK,
    WORKER,
    Bounds,
    Purpose,
)
from harness.runners.containers.crates import build_in_container, only_known
from harness.runners.containers.engine import connect
from harness.runners.containers.image import Image, find_image
from harness.runners.containers.pool import Pool, remove_orphans, starts_without_files
from harness.runners.containers.projects import CargoInContainers
from harness.runners.containers.sources import Rooms
from harness.runners.containers.yard import Mount, Yard, readable
from harness.runners.local import BENCH_SECONDS
from harness.runners.place import Place

if TYPE_CHECKING:
    from docker import DockerClient

NAME = "docker"
_PROBE_SECONDS = 60.0
_NOT_SEEN = (
    "the engine's containers do not see this machine's files: it runs elsewhere, "
    "or in a container of its own; name an engine that runs here with DOCKER_HOST"
)


@dataclass(frozen=True, slots=True)
class Pinned:
    """One program to run by itself in a container: what, on which cores, within what."""

    program: Path
    """A file of this machine; the container sees it read-only."""
    arguments: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    """Besides the few variables that every container has."""
    cores: str | None = None
    """`0` or `0-1`, as a cpuset: just these, and no quota. None leaves all."""
    stdin: bytes = b""
    seconds: float = 60.0
    output_bytes: int = 8 << 20
    bounds: Bounds = RUNNING


class Docker:
    """Containers of one run of the harness; a context manager that leaves none behind."""

    def __init__(
        self,
        host: Toolchain,
        folder: Path,
        bases: Path,
        runtime: str | None,
        readable: Callable[[], tuple[Mount, ...]] = tuple,
    ) -> None:
        """Connect, remove what dead harnesses left, and prove that files here are seen there.

        `host` is this machine's toolchain, `folder` the run's own folder, `bases` where built
        crates are kept, `readable` which of their sources compilers may read. `MissingToolError`
        where no engine answers, the image is missing, or the engine does not see this machine's
        files.
        """
        self.client: DockerClient = connect()
        self.removed = remove_orphans(self.client)
        """How many containers of dead harnesses were removed."""
        self.image: Image = find_image(self.client)
        self._host = host
        self._runtime = runtime
        mounts = (
            (Path(__file__).parent / "containers" / "worker.pl", WORKER),
            (host.rustc.parent.parent, TOOLCHAIN),
        )
        bases.mkdir(parents=True, exist_ok=True)
        self.mounts = mounts
        schemas = cache_folder() / "schemas"
        schemas.mkdir(parents=True, exist_ok=True)
        seen = ((bases, BASES), (schemas, SCHEMAS))
        compiling = Purpose("compile", COMPILING, (*mounts, *seen))
        self._running = Purpose("run", RUNNING, mounts)
        self.pool = Pool(self.client, self.image.id, folder / "containers", runtime)
        named = ((schemas, SCHEMAS), (bases, BASES))
        self.executor = Confined(self.pool, folder, compiling, self._running, named, readable)
        try:
            self._probe(self.executor.compiling)
        except BaseException:
            self.pool.close()
            self.client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.pool.kill()
        self.pool.close()
        self.client.close()

    @property
    def toolchain(self) -> Toolchain:
        """The toolchain as commands in a container see it."""
        binaries = Path(TOOLCHAIN / "bin")
        return replace(self._host, rustc=binaries / "rustc", cargo=binaries / "cargo")

    @property
    def environment(self) -> dict[str, str]:
        """The whole environment of commands in a container."""
        return dict(ENVIRONMENT)

    def run_program(self, wanted: Pinned) -> Finished:
        """Run one program in a fresh container, by itself, and tell what it did and used.

        `Finished.usage` has the peak of memory, the processor time, the count of throttled
        periods and the cores, from the container's own cgroup, read after the program's end.
        """
        bounds = replace(wanted.bounds, cores=wanted.cores)
        purpose = replace(self._running, bounds=bounds)
        with self.pool.one(purpose) as container:
            environment = tuple((self.environment | dict(wanted.environment)).items())
            limits = Limits(wanted.seconds, None, wanted.output_bytes)
            argv: Sequence[str] = (str(wanted.program), *wanted.arguments)
            folder = Path(WORK / "run")
            command = Command(tuple(argv), folder, environment, limits, stdin=wanted.stdin)
            return self.executor.run_in(command, container)

    def _probe(self, purpose: Purpose) -> None:
        """See one file of this machine in a container, and start the compiler there."""
        try:
            container = self.pool.take(purpose)
        except MissingToolError as error:
            if not starts_without_files(self.client, self.image.id, self._runtime):
                raise
            message = f"{_NOT_SEEN}: {error}"
            raise MissingToolError(message) from error
        token = secrets.token_hex(16)
        (container.handed / "probe").write_text(token, encoding="utf-8")
        script = f"cat {HANDED}/probe && exec {TOOLCHAIN}/bin/rustc -vV"
        command = Command(
            ("/bin/sh", "-c", script),
            Path(WORK / "probe"),
            tuple(self.environment.items()),
            Limits(_PROBE_SECONDS),
        )
        finished = self.executor.ask(command, container)
        said = finished.stdout.decode(errors="replace")
        if not said.startswith(token):
            self.pool.give_back(container)
            cause = _cut_short(finished)
            raise MissingToolError(f"a first container {cause}" if cause else _NOT_SEEN)
        if said.removeprefix(token).strip() != self._host.verbose:
            self.pool.give_back(container)
            words = finished.stderr.decode(errors="replace").strip() or said[:200]
            message = (
                f"the toolchain of {self._host.rustc} does not run in the image "
                f"{self.image.id[:19]}: {words}; install the toolchain with rustup"
            )
            raise MissingToolError(message)
        self.pool.put_ahead(container)


def _cut_short(finished: Finished) -> str:
    """Why a command did not come to its end; empty where it did."""
    if finished.timed_out:
        return f"did not answer within {_PROBE_SECONDS:.0f} s: the machine may be too busy"
    if finished.bound is Bound.TAMPERED:
        return "said what no worker of the harness says; `harness image` builds its image"
    if finished.bound is not None:
        return f"met its bound on {finished.bound.value}"
    return f"could not start a command: {finished.not_started}" if finished.not_started else ""


@dataclass(frozen=True, slots=True)
class _Launcher:
    """Starts benches in containers, each with a cpuset of exactly its cores."""

    docker: Docker

    def launch(
        self, program: Compilation, arguments: tuple[str, ...], key: bytes, cores: tuple[int, ...]
    ) -> Finished:
        assert program.program is not None
        wanted = Pinned(
            Path(program.program),
            arguments,
            cores=",".join(map(str, cores)),
            stdin=key.hex().encode() + b"\n",
            seconds=BENCH_SECONDS,
        )
        return self.docker.run_program(wanted)


@contextmanager
def open_docker(
    settings: CheckSettings, host: Toolchain, cache: Path, folder: Path, roots: tuple[Path, ...]
) -> Iterator[Place]:
    """The place in containers; closed, no container is left."""
    kept = cache / "containers"
    real = registry.read_registry(shipped.rust_folder(), cache).real
    rooms = Rooms(cache / "stubs", roots, settings.allow_sources)
    sources = partial(readable, kept, rooms.stubs)
    with Docker(host, folder, kept / "bases", settings.runtime, sources) as docker:
        yard = Yard(
            docker.pool,
            kept,
            docker.mounts,
            rooms,
            docker.environment,
            host.target,
            only_known(real),
            is_offline=settings.offline,
            seconds=settings.build_seconds,
            identity=f"{docker.image.id} {host.verbose}",
        )

        cargo = CargoInContainers(yard, docker.executor.let_see)

        def build(base: Base, folders: BaseFolders) -> Built | Broken:
            return build_in_container(base, folders, yard)

        def told() -> tuple[str, ...]:
            return _notes(docker)

        yield Place(
            NAME,
            docker.image.id,
            docker.executor,
            docker.toolchain,
            docker.environment,
            build,
            cargo.build,
            cargo,
            _Launcher(docker),
            told,
            docker.image.packages,
        )


def _notes(docker: Docker) -> tuple[str, ...]:
    seconds = docker.pool.engine_seconds
    used = f"{len(seconds)} containers"
    if seconds:
        used += f", {median(seconds):.2f} s of the engine each (median)"
    left = "the checkout's toolchain file was left alone"
    notes = [f"docker: image {docker.image.id[7:19]}, {used}; {left}"]
    if docker.removed:
        notes.append(f"{docker.removed} containers of a harness that was killed were removed")
    return tuple(notes)
