"""Commands in, what was seen of them out: each run in a container, and never on this machine.

Commands of one group share a container one after the other: compilations in which no code of any
document runs, or else those of one document. A program has a container of its own.
"""

import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from harness.model.command import ANY_DOCUMENT, Command, Finished
from harness.runners.containers.confinement import HANDED, WORK, Purpose
from harness.runners.containers.container import Container, Keep
from harness.runners.containers.pool import Pool
from harness.runners.containers.told import renamed
from harness.runners.containers.yard import Mount
from harness.runners.executor import side_by_side

_IDLE = 32
"""How many containers wait for more of their group: each takes a few megabytes."""
_PROGRAM = "program"


class Confined:
    """Runs commands in containers: what `Executor` is for this machine."""

    def __init__(
        self,
        pool: Pool,
        folder: Path,
        compiling: Purpose,
        running: Purpose,
        named: tuple[Mount, ...] = (),
        readable: Callable[[], tuple[Mount, ...]] = tuple,
    ) -> None:
        """`folder` holds the folders of commands; a container sees it as its own `/room`.

        `named` are other folders that commands name as they are here, and where they are there.
        `readable` are those that compilers may read besides; fetching crates can make more.
        """
        self._elsewhere: tuple[Mount, ...] = ((folder, WORK), *named)
        self._projects: dict[str, tuple[tuple[Mount, ...], tuple[Mount, ...]]] = {}
        self._pool = pool
        self._bare = compiling
        self._readable = readable
        self._running = running
        self._lock = threading.Lock()
        self._idle: OrderedDict[tuple[str, str], list[Container]] = OrderedDict()

    @property
    def compiling(self) -> Purpose:
        """What a container for compilers has to be now."""
        return replace(self._bare, mounts=(*self._bare.mounts, *self._readable()))

    def let_see(self, project: str, mounts: tuple[Mount, ...], named: tuple[Mount, ...]) -> None:
        """Give commands of a project the folders that its crates and macros may read.

        `named` are those whose names are put for each other in what goes in and comes out.
        """
        self._projects[project] = (mounts, named)

    def run(self, command: Command) -> Finished:
        """Run one command in a container to its end or to one of its limits."""
        if command.group:
            return self._run_in_group(command)
        if command.cores:
            named = ",".join(map(str, command.cores))
            bounds = replace(self._running.bounds, cores=named)
            purpose = replace(self._for(command, self._running), bounds=bounds)
            with self._pool.one(purpose) as container:
                return self.run_in(command, container)
        container = self._pool.take(self._for(command, self._running))
        try:
            return self.run_in(command, container)
        finally:
            self._pool.give_back(container)

    def run_in(self, command: Command, container: Container) -> Finished:
        """Run a program of this machine, the first word of the command, in a given container."""
        _hand_over(Path(command.argv[0]), container.handed / _PROGRAM)
        argv = (str(HANDED / _PROGRAM), *command.argv[1:])
        return self.ask(replace(command, argv=argv), container)

    def ask(self, command: Command, container: Container) -> Finished:
        """Run a command that the container has itself."""
        finished = container.run(self._inside(command), {}, self._keep(command))[0]
        return self._outside(command, finished)

    def run_each(
        self, commands: Iterable[tuple[object, Command]], workers: int
    ) -> Iterator[tuple[object, Finished]]:
        """As `Executor.run_each`."""
        return side_by_side(self.run, self.stop, commands, workers)

    def stop(self) -> None:
        """End everything that runs."""
        self._pool.kill()

    def _run_in_group(self, command: Command) -> Finished:
        container = self._take(command)
        is_usable = False
        try:
            keep = self._keep(command)
            files = dict(_files(command.cwd))
            finished, is_usable = container.run(self._inside(command), files, keep)
            return self._outside(command, finished)
        finally:
            if is_usable:
                self._put_back((command.group, command.project), container)
            else:
                self._pool.give_back(container)

    def _keep(self, command: Command) -> Keep:
        return Keep(command.cwd, command.leaves, self._bare.bounds.disk_bytes)

    def _for(self, command: Command, purpose: Purpose) -> Purpose:
        mounts, _ = self._projects.get(command.project, ((), ()))
        return replace(purpose, mounts=(*purpose.mounts, *mounts)) if mounts else purpose

    def _inside(self, command: Command) -> Command:
        """The command as the container has to see it: its folders are elsewhere there."""
        _, named = self._projects.get(command.project, ((), ()))
        elsewhere = (*self._elsewhere, *named)

        def there(text: str) -> str:
            data = os.fsencode(text)
            for here, place in elsewhere:
                data = renamed(data, str(here), str(place))
            return os.fsdecode(data)

        return replace(
            command,
            argv=tuple(map(there, command.argv)),
            cwd=Path(there(str(command.cwd))),
            environment=tuple((name, there(value)) for name, value in command.environment),
        )

    def _outside(self, command: Command, finished: Finished) -> Finished:
        """What was said of a project's files, under their names on this machine."""
        _, named = self._projects.get(command.project, ((), ()))
        for here, there in named:
            finished = replace(
                finished,
                stdout=renamed(finished.stdout, str(there), str(here)),
                stderr=renamed(finished.stderr, str(there), str(here)),
            )
        return finished

    def _take(self, command: Command) -> Container:
        purpose = self._for(command, self.compiling)
        with self._lock:
            idle = self._idle.get((command.group, command.project))
            if idle and idle[-1].purpose == purpose:
                return idle.pop()
        # Of this group there are as many as compile side by side: none is needed later.
        more = 0 if command.group == ANY_DOCUMENT else 1
        return self._pool.take(purpose, more=more)

    def _put_back(self, group: tuple[str, str], container: Container) -> None:
        leaving = []
        with self._lock:
            self._idle.setdefault(group, []).append(container)
            self._idle.move_to_end(group)
            while sum(len(each) for each in self._idle.values()) > _IDLE:
                _, oldest = self._idle.popitem(last=False)
                leaving += oldest
        for each in leaving:
            self._pool.give_back(each)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_file(follow_symlinks=False):
            yield entry.name, Path(entry.path).read_bytes()


def _hand_over(file: Path, to: Path) -> None:
    with suppress(OSError):
        to.hardlink_to(file)
        return
    shutil.copyfile(file, to)
    to.chmod(0o755)
