"""Units in, what compiling them showed out: many in one crate where none can be seen by another.

A crate is compiled in rounds. Units with errors of their own are taken out until the compiler
accepts the rest; those have compiled. What was taken out is compiled alone, and so is what has
warnings: what is shown of a unit is always what a crate of its own shows. A crate on which the
compiler does not end, crashes or fails without naming a unit is divided until the culprit is
alone.
"""

import heapq
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from harness.model.command import Command, Finished, Limits
from harness.model.packing import PackingCount
from harness.model.unit import (
    Base,
    Compilation,
    Compiled,
    Depth,
    Request,
    Run,
)
from harness.model.values import dataclass
from harness.runners.cargo import Broken, Built
from harness.runners.executor import Runs
from harness.runners.local import UNIT_FILE, Local, RunRequest, artifact, read_compilation
from harness.units.alone import Alone
from harness.units.foreign_macros import trusted_crates
from harness.units.packed_crate import ROOT_FILE, PackedCrate
from harness.units.packing import Packing, reason, split
from harness.verdicts import diagnostics
from harness.verdicts.overheard import Overheard
from harness.verdicts.refused import refused

_COMPILER_MEMORY = 6 << 30
_OUTPUT_BYTES = 256 << 20
_SECONDS_A_CRATE = 1.5
_SECONDS_A_UNIT = 0.015
_SECONDS_A_DEPENDENCY = 0.5
_BUSIEST = 3.0
_BUSIEST_FOR_A_CRATE = 20.0
_FEW = 4
"""Units of a crate that cannot be judged together: so few are not divided but compiled alone."""


_NO_MORE = object()


@dataclass(frozen=True, slots=True)
class _Build:
    """One call of the compiler: a crate of several units, or a unit alone."""

    members: tuple[Request, ...]
    folder: Path
    crate: PackedCrate | None


class Packed:
    """Compiles many units with one call of rustc, and runs them from one program."""

    def __init__(
        self, local: Local, executor: Runs, workers: int, *, is_confined: bool = False
    ) -> None:
        """`is_confined`: crates are built where what a document brings could lie of its source."""
        self._is_confined = is_confined
        self._local = local
        self._executor = executor
        self._workers = max(1, workers)
        self._alone: Counter[str] = Counter()
        self._packed = 0
        self._shared = 0

    @property
    def count(self) -> PackingCount:
        """How the units so far were compiled."""
        return PackingCount(self._packed, tuple(self._alone.most_common()), self._shared)

    def run(self, requests: Iterable[RunRequest]) -> Iterator[tuple[RunRequest, Run]]:
        """Run linked programs side by side, each unit in a process of its own."""
        return self._local.run(requests)

    def compile(
        self,
        requests: Iterable[Request],
        bases: Mapping[Base, Built | Broken],
        expected: int,
    ) -> Iterator[Compilation]:
        """Compile units, as many as can be in one crate; a compilation comes when it is known.

        Compilers start before the last request is known: to make them takes time, too.
        """
        queue, built = _Queue(), dict[Base, Built]()
        coming = self._arrive(requests, bases, expected, queue, built)
        yield from self._work(coming, queue, built)

    def _arrive(
        self,
        requests: Iterable[Request],
        bases: Mapping[Base, Built | Broken],
        expected: int,
        queue: "_Queue",
        built: dict[Base, Built],
    ) -> Iterator[Compilation | None]:
        """Put requests into the queue, one a step; a step gives what needs no compiler."""
        packing = Packing(expected, self._workers)
        trusted: dict[Base, frozenset[str]] = {}
        for request in requests:
            base = request.unit.base
            found = bases[base]
            if isinstance(found, Broken):
                yield Compilation(request.unit, found.status, detail=found.cause)
                continue
            if base not in built:
                built[base] = found
                trusted[base] = self._trusted(base, found)
            alone = reason(request, trusted[base])
            if alone is not None:
                self._send_alone(request, alone, queue)
            elif crate := packing.add(request):
                queue.add_crate(crate, is_failing=request.is_expected_to_fail)
            yield None
        for crate in packing.rest():
            if len(crate) > 1:
                queue.add_crate(crate, is_failing=crate[0].is_expected_to_fail)
            else:
                self._send_alone(crate[0], Alone.LEFT_OVER, queue)

    def _trusted(self, base: Base, found: Built) -> frozenset[str]:
        """Which names of a base stand for known crates."""
        if self._is_confined and not found.is_ours:
            return frozenset()
        return trusted_crates(base, dict(found.packages), found.others)

    def _work(
        self,
        coming: Iterator[Compilation | None],
        queue: "_Queue",
        built: Mapping[Base, Built],
    ) -> Iterator[Compilation]:
        running: dict[Future[Finished], _Build] = {}
        is_coming = True
        with ThreadPoolExecutor(max_workers=self._workers) as pool:
            try:
                while is_coming or queue or running:
                    while queue and len(running) < self._workers:
                        build, command = self._prepare(*queue.take(), built)
                        running[pool.submit(self._executor.run, command)] = build
                    if is_coming:
                        known = next(coming, _NO_MORE)
                        is_coming = known is not _NO_MORE
                        if isinstance(known, Compilation):
                            yield known
                    patience = 0 if is_coming or not running else 0.5
                    done, _ = wait(running, timeout=patience, return_when=FIRST_COMPLETED)
                    for future in done:
                        build = running.pop(future)
                        yield from self._read(build, future.result(), queue)
                        self._local.take_back(build.members[0], build.folder)
            except BaseException:
                for future in running:
                    future.cancel()
                self._executor.stop()
                raise

    def _prepare(
        self, members: tuple[Request, ...], is_failing: bool, built: Mapping[Base, Built]
    ) -> tuple[_Build, Command]:
        first = members[0]
        base = built[first.unit.base]
        folder = self._local.fresh_folder()
        if len(members) == 1:
            return _Build(members, folder, None), self._local.command(first, base, folder)
        crate = PackedCrate(members, os.urandom(8).hex(), has_witness=is_failing)
        for name, text in crate.files():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        limits = Limits(_deadline(members, base), _COMPILER_MEMORY, _OUTPUT_BYTES)
        self._shared += 1
        command = self._local.command_for(ROOT_FILE, first, base, folder, limits)
        return _Build(members, folder, crate), command

    def _read(self, build: _Build, finished: Finished, queue: "_Queue") -> Iterator[Compilation]:
        if build.crate is None:
            yield read_compilation(build.members[0], finished, build.folder)
            return
        heard = Overheard.read(build.crate, finished.stderr)
        if finished.status == 0 and not heard.failing and heard.is_attributed:
            yield from self._accept(build, heard.noisy, queue)
        elif heard.failing and not _was_cut_short(finished):
            yield from self._refuse(build, heard, queue)
            kept = [m for number, m in enumerate(build.members) if number not in heard.failing]
            self._send(tuple(kept), queue, Alone.LEFT_OVER)
        else:
            self._divide(build.members, queue)

    def _refuse(self, build: _Build, heard: Overheard, queue: "_Queue") -> Iterator[Compilation]:
        """What is surely said of a unit alone, too, is its compilation."""
        found = refused(heard, UNIT_FILE)
        for number in found.silent:
            self._packed += 1
            yield Compilation(build.members[number].unit, Compiled.REJECTED)
        for number, messages in found.told:
            self._packed += 1
            unit = build.members[number].unit
            read = diagnostics.read_messages(messages, unit, UNIT_FILE)
            yield Compilation(unit, Compiled.REJECTED, read, messages=messages)
        for number in found.alone:
            self._send_alone(build.members[number], Alone.ERRORS, queue)
        for group in found.anew:
            members = tuple(build.members[number] for number in group)
            if len(members) > 1:
                queue.add_crate(members, is_failing=True)
            else:
                self._send(members, queue, Alone.ERRORS)

    def _accept(self, build: _Build, noisy: set[int], queue: "_Queue") -> Iterator[Compilation]:
        crate, depth = build.crate, build.members[0].depth
        assert crate is not None
        output = artifact(depth, build.folder)
        if not output.exists():
            self._divide(build.members, queue)
            return
        for number, request in enumerate(build.members):
            if number in noisy:
                self._send_alone(request, Alone.WARNINGS, queue)
                continue
            self._packed += 1
            is_linked = depth is Depth.LINK
            yield Compilation(
                request.unit,
                Compiled.ACCEPTED,
                program=output if is_linked else None,
                selector=crate.selector(number) if is_linked else None,
            )

    def _divide(self, members: tuple[Request, ...], queue: "_Queue") -> None:
        """A probe that fails costs its whole deadline: so the root of the number, not halves."""
        parts = math.isqrt(len(members)) if len(members) > _FEW else len(members)
        if len(members) <= 2 * math.isqrt(max(queue.largest, 1)) + _FEW:
            parts = len(members)
        for group in split(members, parts):
            self._send(group, queue, Alone.CULPRIT)

    def _send(self, members: tuple[Request, ...], queue: "_Queue", reason: Alone) -> None:
        if len(members) == 1:
            self._send_alone(members[0], reason, queue)
        elif members:
            queue.add_crate(members)

    def _send_alone(self, request: Request, reason: Alone, queue: "_Queue") -> None:
        self._alone[reason.value] += 1
        queue.add_alone(request)


class _Queue:
    """What is still to be compiled; crates come first, since more may follow from them."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, tuple[Request, ...], bool]] = []
        self._count = 0
        self.largest = 0
        """Members of the largest crate so far."""

    def __len__(self) -> int:
        return len(self._heap)

    def add_crate(self, members: tuple[Request, ...], *, is_failing: bool = False) -> None:
        """`is_failing` says that all of them are thought to have errors."""
        self.largest = max(self.largest, len(members))
        self._add(0, members, is_failing)

    def add_alone(self, request: Request) -> None:
        self._add(1, (request,), False)

    def take(self) -> tuple[tuple[Request, ...], bool]:
        return heapq.heappop(self._heap)[2:]

    def _add(self, rank: int, members: tuple[Request, ...], is_failing: bool) -> None:
        self._count += 1
        heapq.heappush(self._heap, (rank, self._count, members, is_failing))


def _deadline(members: tuple[Request, ...], base: Built) -> float:
    """Seconds for a crate: what good units need, more on a busy machine.

    It never decides a verdict: what is not ready by then is compiled alone within its own limit.
    """
    seconds = _SECONDS_A_CRATE + _SECONDS_A_UNIT * len(members)
    # To divide a crate because others use the machine, too, would make it busier still.
    return (seconds + _SECONDS_A_DEPENDENCY * len(base.externs)) * busyness(_BUSIEST_FOR_A_CRATE)


def busyness(most: float = _BUSIEST) -> float:
    """By how much longer the compiler needs because others use the machine, too: 1 to `most`."""
    load = os.getloadavg()[0] / (os.cpu_count() or 1) if hasattr(os, "getloadavg") else 1.0
    return min(max(load, 1.0), most)


def _was_cut_short(finished: Finished) -> bool:
    return (
        finished.status < 0
        or finished.timed_out
        or finished.too_much_output
        or bool(finished.not_started)
        or finished.bound is not None
        or diagnostics.has_internal_error(finished.stderr)
    )
