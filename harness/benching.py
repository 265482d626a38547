"""Bench files and claims in, launches one after the other, a row for each claim out."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from harness.claims.stated import Unreadable
from harness.host import Host
from harness.launching import LaunchError, launch_once
from harness.measuring.judging import blank, row, touches_stub
from harness.measuring.own_clock import OwnClock
from harness.measuring.sampling import sampling_for
from harness.model.bench import BenchRow, Dimension, Launch, Sampling, Side, Stated
from harness.model.reasons import Reason
from harness.model.unit import Compilation, Compiled, Depth, Request
from harness.model.values import dataclass
from harness.model.verdict import Dependencies, Position
from harness.progress import Progress
from harness.runners.place import Launcher
from harness.stage import Stage
from harness.units.benches import BenchFile, bench_unit
from harness.verdicts.ending import reason_of

_COMPILE_SECONDS = 300.0
_USUAL = Sampling()


@dataclass(frozen=True, slots=True)
class BenchSettings:
    """How a bench is launched."""

    usual: Sampling = _USUAL
    """For a mean; percentiles spread the same time over more launches."""
    is_quick: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page with measured claims: its bench file, if it has one, and what it states."""

    id: str
    file: BenchFile | None
    claims: tuple[Stated | Unreadable, ...]
    path: str


def measure(
    pages: Sequence[Page],
    stage: Stage,
    launcher: Launcher,
    host: Host,
    settings: BenchSettings,
    progress: Progress,
) -> Iterator[tuple[BenchRow, ...]]:
    """The rows of each bench as soon as it was measured; those that need no launch first."""
    programs: dict[str, Compilation | BenchRow] = {}
    planned: list[_Planned] = []
    told: list[BenchRow] = []
    for page in pages:
        rows, wanted = _sorted_out(page, len(host.cores), settings)
        told += rows
        planned += wanted
    if told:
        yield tuple(told)
    files = {each.page.id: each.page.file for each in planned if each.page.file}
    requests = [Request(bench_unit(f), Depth.LINK, _COMPILE_SECONDS) for f in files.values()]
    by_unit = {f.id: page_id for page_id, f in files.items()}
    for compilation in stage.compile(requests, "compiling benches"):
        programs[by_unit[compilation.unit.snippet_id]] = compilation
    clock = _Clock(sum(len(counts(p.cores, host)) * p.sampling.launches for p in planned))
    for each in planned:
        program = programs[each.page.id]
        assert isinstance(program, Compilation)
        yield tuple(_rows(_Bench(each, program), launcher, host, settings, clock, progress))


@dataclass(frozen=True, slots=True)
class _Planned:
    """One bench with one number of cores, all of whose claims rest on the same launches."""

    page: Page
    name: str
    cores: int
    claims: list[Stated]
    sampling: Sampling


@dataclass(frozen=True, slots=True)
class _Bench:
    planned: _Planned
    program: Compilation


def row_id(page: str, claim: str) -> str:
    """How reports name the verdict on one measured claim."""
    return f"{page}/bench/{claim}"


def _sorted_out(
    page: Page, host_cores: int, settings: BenchSettings
) -> tuple[list[BenchRow], list[_Planned]]:
    """Rows of claims that cannot be launched, and the benches with cores and claims."""
    rows: list[BenchRow] = []
    benches: dict[tuple[str, int], list[Stated]] = {}
    for claim in page.claims:
        if isinstance(claim, Unreadable):
            rows.append(_unreadable(page, claim))
        elif page.file is None or claim.bench not in page.file.names:
            where = page.file.path if page.file else f"benches/{page.id.rpartition('/')[2]}.rs"
            message = f"there is no bench `{claim.bench}` in {where}"
            identity = row_id(page.id, claim.name)
            rows.append(blank(identity, claim, host_cores, Reason.UNREADABLE_CLAIM, message))
        else:
            benches.setdefault((claim.bench, claim.cores), []).append(claim)
    return rows, [
        _Planned(page, name, cores, claims, _sampling(claims, settings))
        for (name, cores), claims in benches.items()
    ]


def _sampling(claims: list[Stated], settings: BenchSettings) -> Sampling:
    statistics = [claim.statistic for claim in claims]
    return sampling_for(settings.usual, statistics, is_quick=settings.is_quick)


def _unreadable(page: Page, claim: Unreadable) -> BenchRow:
    place = Position(page.path, 1, 1, 1, 1)
    stated = Stated(claim.name, "", "", 0.0, Dimension.PLAIN, Side.AT_MOST, 0.0, "", 1, place)
    reason = Reason(claim.reason.value)
    return blank(row_id(page.id, claim.name), stated, 0, reason, claim.message)


def counts(cores: int, host: Host) -> tuple[int, ...]:
    """With how many cores a claim is measured: as many as it states, else all that can be had."""
    most = len(host.cores)
    if cores <= most:
        return (cores,)
    doubling = [n for n in (1 << k for k in range(16)) if n < most]
    return (*doubling, most)


def _rows(
    bench: _Bench,
    launcher: Launcher,
    host: Host,
    settings: BenchSettings,
    clock: "_Clock",
    progress: Progress,
) -> Iterator[BenchRow]:
    """One row a claim; all claims of a bench rest on the same launches."""
    planned, basis = bench.planned, bench.program.unit.basis
    failed: tuple[Reason, str] | None = None
    measured: list[tuple[int, tuple[Launch, ...]]] = []
    if basis.dependencies in (Dependencies.STUB, Dependencies.FICTIONAL):
        failed = (Reason.NOT_MEASURABLE, touches_stub(basis))
    elif bench.program.status is not Compiled.ACCEPTED:
        failed = _not_compiled(bench.program)
    else:
        try:
            for count in counts(planned.cores, host):
                launches = _launches(bench, count, launcher, host, clock, progress)
                measured.append((count, tuple(launches)))
        except LaunchError as error:
            failed = (error.reason, str(error))
    for claim in planned.claims:
        identity = row_id(planned.page.id, claim.name)
        if failed is not None:
            empty = blank(identity, claim, len(host.cores), *failed)
            yield replace(empty, basis=basis, is_quick=settings.is_quick)
        else:
            found = row(
                identity, claim, len(host.cores), measured, basis, is_quick=settings.is_quick
            )
            yield replace(found, sampling=planned.sampling)


def _launches(
    bench: _Bench,
    count: int,
    launcher: Launcher,
    host: Host,
    clock: "_Clock",
    progress: Progress,
) -> Iterator[Launch]:
    planned, cores = bench.planned, host.pinned(count)
    own = OwnClock(count)
    for number in range(planned.sampling.launches):
        progress.say_now_and_then(f"bench {planned.name}: {clock.told()}")
        yield launch_once(
            launcher, bench.program, planned.name, cores, number, planned.sampling, own
        )
        clock.tick()


def _not_compiled(program: Compilation) -> tuple[Reason, str]:
    reason = reason_of(program)
    error = next((d for d in program.diagnostics if d.level == "error"), None)
    if error is None:
        return reason, program.detail
    code = f"{error.code} " if error.code else ""
    return reason, f"{error.position.path}:{error.position.line}: {code}{error.text}"


class _Clock:
    """How many launches are done, and how long the rest will take."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._started = time.monotonic()

    def tick(self) -> None:
        self._done += 1

    def told(self) -> str:
        """`launch 7 of 120, about 50 s left`."""
        text = f"launch {self._done + 1} of {self._total}"
        if self._done < 3:
            return text
        left = (time.monotonic() - self._started) / self._done * (self._total - self._done)
        return f"{text}, about {left:.0f} s left"


def unbound(pages: Iterable[Page]) -> Iterator[str]:
    """Benches that no claim names: they are not run, and that is said."""
    for page in pages:
        named = {claim.bench for claim in page.claims if isinstance(claim, Stated)}
        for name in page.file.names if page.file else ():
            if name not in named:
                assert page.file is not None
                yield f"{page.file.path}: no claim names the bench `{name}`; it was not run"


def host_in_words(host: Host, settings: BenchSettings) -> tuple[tuple[str, str], ...]:
    """What the figures of a run belong to."""
    cores = len(host.cores)
    launches = f"{settings.usual.launches} of {settings.usual.measure_ms} ms"
    launches += "" if settings.is_quick else ", percentiles more and shorter ones"
    return (("host", f"{cores} cores, {host.processor}"), ("launches", launches))
