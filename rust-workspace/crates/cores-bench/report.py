"""Samples and instruction counts → a Markdown page: goals first, then all contenders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tables import Estimate, Samples, estimate, medians, ratio, table, verdict

Key = tuple[str, str, str]
"""Group, contender, kind of time."""
Measured = dict[Key, list[Samples]]
Counts = dict[tuple[str, str], float]

HOW = (
    "Written by `nox -s bench_cores -- --save`. Times are processor time unless wall time is "
    "named. A ratio is taken repeat by repeat, its median per launch; the interval (95 %) is "
    "over launches. A goal is met or missed only if the whole interval is on one side."
)
PEERS = ("recloser", "failsafe", "circuitbreaker-rs", "tower-resilience")
LIMITER_PEERS = ("rust-py-rate-limit", "token-bucket")
BREAKER_PEERS = ("circuitbreaker", "purgatory", "pybreaker")


@dataclass(frozen=True)
class Goal:
    """One bound of a ratio of two times."""

    what: str
    above: Key
    below: Key
    bound: float
    most: bool = True


def goals() -> Iterator[Goal]:
    """The goals that are a ratio of two contenders."""
    for kind in ("admitted", "refused"):
        group = f"limiter, {kind}, 1 thread(s)"
        yield Goal(
            f"limiter, {kind}, clock passed / governor, fake clock",
            (group, "cores, clock passed", "processor"),
            (group, "governor, fake clock", "processor"),
            1.05,
        )
        group = f"limiter, {kind}, clock read, 1 thread(s)"
        yield Goal(
            f"limiter, {kind}, own clock / governor as it comes",
            (group, "cores, own clock", "processor"),
            (group, "governor as it comes", "processor"),
            1.0,
        )
    group = "breaker, count window, all success, 1 thread(s)"
    yield Goal(
        "breaker, all success / recloser",
        (group, "cores, clock passed", "processor"),
        (group, "recloser", "processor"),
        1.0,
    )
    group = "breaker, count window, 10 % failures, 2 thread(s)"
    for peer in PEERS:
        yield Goal(
            f"{peer} / breaker, 10 % failures, 2 threads, wall time",
            (group, peer, "wall"),
            (group, "cores, clock passed", "wall"),
            1.5,
            most=False,
        )
    for buckets in (16, 64, 1024):
        group = f"router, jump hash, {buckets} buckets"
        for peer in ("jump-consistent-hash", "jumpch"):
            yield Goal(
                f"jump hash, {buckets} buckets / {peer}",
                (group, "cores", "processor"),
                (group, peer, "processor"),
                1.05,
            )
    yield from python_goals()


def python_goals() -> Iterator[Goal]:
    """Ours against each peer of its kind, from Python."""

    def row(name: str) -> Key:
        return ("python, peers", name, "processor")

    for peer in LIMITER_PEERS:
        ours = row("ours, un-keyed")
        yield Goal(f"Python: {peer} / limiter, un-keyed", row(peer), ours, 3.5, most=False)
        ours = row("ours, keyed")
        yield Goal(f"Python: {peer} / limiter, keyed", row(peer), ours, 1.5, most=False)
    for peer in BREAKER_PEERS:
        ours = row("ours, acquire and success")
        yield Goal(f"Python: {peer} / breaker, two calls", row(peer), ours, 6.0, most=False)
    for name in ("ours, JumpRouter.route", "ours, jump_hash"):
        peer = row("jump-consistent-hash (C)")
        yield Goal(f"Python: the C extension / {name}", peer, row(name), 1.8, most=False)
    # What no extension made with PyO3 gets below: it shows whether the goal can be reached at all.
    floor, what = (
        row("PyO3, nothing done"),
        "Python: the C extension / a PyO3 call that does nothing",
    )
    yield Goal(what, peer, floor, 1.8, most=False)


def crossings(measured: Measured) -> Iterator[tuple[str, Estimate, Sequence[Estimate]]]:
    """For each call of the extension: its time less the core's, by the cheapest PyO3 call."""
    group = "python, crossings"
    names = [row[:-5] for one, row, _ in measured if one == group and row.endswith(" ours")]
    for name in names:
        ours, floor, own = (
            measured[group, f"{name} {kind}", "processor"] for kind in ("ours", "floor", "rust")
        )
        without = [
            [a - b for a, b in zip(one, core, strict=True)]
            for one, core in zip(ours, own, strict=True)
        ]
        yield name, ratio(without, floor), [medians(times) for times in (ours, floor, own)]


def batches(measured: Measured) -> Iterator[tuple[str, Estimate]]:
    """For each batch: nanoseconds a key above the same loop in Rust."""
    group = "python, batches"
    names = [row[:-5] for one, row, _ in measured if one == group and row.endswith(" ours")]
    for name in names:
        ours, own = (measured[group, f"{name} {kind}", "processor"] for kind in ("ours", "rust"))
        yield (
            name,
            estimate(
                [
                    medians([[a - b for a, b in zip(one, core, strict=True)]]).median
                    for one, core in zip(ours, own, strict=True)
                ]
            ),
        )


def goal_rows(measured: Measured) -> Iterator[list[str]]:
    """One line a goal."""
    for goal in goals():
        seen = ratio(measured[goal.above], measured[goal.below])
        yield [goal.what, str(seen), verdict(seen, goal.bound, goal.most)]
    for name, seen, times in crossings(measured):
        ours, floor, own = (f"{time.median:.1f}" for time in times)
        what = f"Python: ({name} - core) / cheapest PyO3 call; ({ours} - {own}) / {floor} ns"
        yield [what, str(seen), verdict(seen, 1.4, True)]
    for name, seen in batches(measured):
        what = f"Python: {name} of 10,000, ns a key above the loop in Rust"
        yield [what, str(seen), verdict(seen, 1.5, True)]


def shown(count: float | None) -> str:
    """A count of instructions, if this contender was counted."""
    return "not counted" if count is None else f"{count:.1f}"


def contender_rows(measured: Measured, counts: Counts, group: str) -> Iterator[list[str]]:
    """One line a contender of a group, the first one ours."""
    rows = [key for key in measured if key[0] == group and key[2] == "processor"]
    is_counted = any(counted == group for counted, _ in counts)
    for key in rows:
        first, wall = (group, rows[0][1], "wall"), (group, key[1], "wall")
        yield [
            key[1],
            f"{medians(measured[key]).median:.2f}",
            str(ratio(measured[rows[0]], measured[key])),
            *([str(ratio(measured[first], measured[wall]))] if wall in measured else []),
            *([shown(counts.get((group, key[1])))] if is_counted else []),
        ]


def groups(measured: Measured, counts: Counts) -> Iterator[str]:
    """A table for each group of contenders."""
    for group in dict.fromkeys(key[0] for key in measured):
        if group in ("python, crossings", "python, batches"):
            continue
        rows = list(contender_rows(measured, counts, group))
        head = ["contender", "ns a call", "first / this"]
        if any(key[0] == group and key[2] == "wall" for key in measured):
            head.append("first / this, wall time")
        if any(counted == group for counted, _ in counts):
            head.append("instructions")
        yield f"### {group}\n\n{table(head, rows)}"


def page(measured: Measured, counts: Counts) -> str:
    """The whole page; the word ENVIRONMENT stands where its caller puts what it ran on."""
    parts = [
        "# The cores beside their peers",
        HOW,
        "ENVIRONMENT",
        "## Goals",
        table(["ratio", "measured", "verdict"], list(goal_rows(measured))),
        "## All contenders",
        *groups(measured, counts),
    ]
    return "\n\n".join(parts) + "\n"
