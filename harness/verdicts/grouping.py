"""Verdicts in, what a reader wants first out: counts that add up, and findings with one cause."""

from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from harness.model.baseline import Standing
from harness.model.reasons import Level, Outcome, Reason
from harness.model.values import dataclass
from harness.model.verdict import Verdict

_IGNORED = {
    Reason.IGNORED_BUT_COMPILES: "compile now",
    Reason.IGNORED_AND_BROKEN: "broken",
    Reason.IGNORED_AND_NOT_RUST: "not Rust",
    Reason.IGNORED: "not looked at",
}


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over a report; `blocks` is the sum of `passed` to `skipped`, and of `known`."""

    blocks: int
    passed: int
    failed: int
    could_not_tell: int
    ignored: int
    skipped: int
    warnings: int
    ignored_as: tuple[tuple[str, int], ...]
    """How the ignored blocks fared: `compile now`, `broken`, `not Rust`, and how many of each."""
    tested_by_rustdoc: int
    """Blocks that rustdoc tests too."""
    looked_at_by_us_only: int
    """Blocks that rustdoc leaves out or ignores, and that were compiled here."""
    by_reason: tuple[tuple[str, int], ...]
    known: int
    """Blocks whose finding the baseline knows; they are in none of the counts before."""


def summarise(verdicts: Iterable[Verdict]) -> Summary:
    """Count the verdicts on blocks; other findings count as warnings only."""
    every = tuple(verdicts)
    blocks = [v for v in every if v.kind == "snippet"]
    ignored = [v for v in blocks if is_ignored_block(v)]
    known = [v for v in blocks if is_known(v) and not is_ignored_block(v)]
    judged = [v for v in blocks if not is_ignored_block(v) and not is_known(v)]
    outcomes = Counter(v.outcome for v in judged)
    ours = [v for v in blocks if v.as_rustdoc is None and v.reason not in _NOT_COMPILED]
    return Summary(
        blocks=len(blocks),
        passed=outcomes[Outcome.PASS],
        failed=outcomes[Outcome.FAIL],
        could_not_tell=outcomes[Outcome.ERROR],
        ignored=len(ignored),
        skipped=outcomes[Outcome.SKIP],
        warnings=sum(1 for v in every if v.effective_level is Level.WARNING),
        ignored_as=tuple(
            (word, sum(1 for v in ignored if v.reason is reason))
            for reason, word in _IGNORED.items()
            if reason is not Reason.IGNORED or any(v.reason is reason for v in ignored)
        ),
        tested_by_rustdoc=sum(1 for v in blocks if v.as_rustdoc is not None),
        looked_at_by_us_only=len(ours),
        by_reason=tuple(sorted(Counter(v.reason.value for v in every).items())),
        known=len(known),
    )


_NOT_COMPILED = frozenset({Reason.IGNORED, Reason.NOT_SELECTED_TARGET})


def is_ignored_block(verdict: Verdict) -> bool:
    """Whether the verdict is on a block marked `ignore`."""
    return verdict.kind == "snippet" and verdict.reason in _IGNORED


def is_known(verdict: Verdict) -> bool:
    """Whether the baseline knows the finding, so that it does not gate."""
    return verdict.standing is Standing.KNOWN


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that have one cause and one cure."""

    verdicts: tuple[Verdict, ...]
    cause: str
    cure: str

    @property
    def is_single(self) -> bool:
        """A finding that is shown in full."""
        return not self.cause


def group_findings(verdicts: Iterable[Verdict]) -> tuple[Group, ...]:
    """Findings worth showing, the worst first.

    Blocks that lack a crate are one group a crate, blocks that lack names one group a document,
    blocks whose dependencies are broken one group a cause; any other finding stands alone.
    """
    shown = [v for v in verdicts if v.effective_level in (Level.ERROR, Level.WARNING)]
    groups: dict[tuple[str, ...], list[Verdict]] = {}
    for verdict in shown:
        groups.setdefault(_key(verdict), []).append(verdict)
    ordered = sorted(groups.values(), key=lambda g: (-g[0].effective_level.rank, _bulk(g)))
    return tuple(_group(tuple(members)) for members in ordered)


def _bulk(members: list[Verdict]) -> tuple[int, str, int, int]:
    first = members[0]
    is_grouped = int(_key(first)[0] != "one")
    return is_grouped, first.path, first.line, first.column


def _key(verdict: Verdict) -> tuple[str, ...]:
    if verdict.reason is Reason.UNKNOWN_CRATE:
        return ("crate", *verdict.names)
    if verdict.reason is Reason.NEEDS_CONTEXT:
        return ("names", verdict.path)
    if verdict.reason is Reason.DEPENDENCY_BROKEN:
        return ("broken", verdict.message)
    if verdict.reason in (Reason.PROJECT_BROKEN, Reason.AMBIGUOUS_DEPENDENCY):
        return (verdict.reason.value, verdict.message)
    return (
        "one",
        verdict.path,
        str(verdict.line),
        str(verdict.column),
        verdict.id,
        verdict.reason.value,
    )


def _group(verdicts: tuple[Verdict, ...]) -> Group:
    first, count = verdicts[0], _blocks(len(verdicts))
    if first.reason is Reason.UNKNOWN_CRATE:
        crates = ", ".join(first.names)
        lines = "; ".join(f'{name} = "VERSION"' for name in first.names)
        cure = f"add {lines} to [dependencies] in harness.toml, or to the page's Cargo package"
        return Group(verdicts, f"{count}: no crate {crates}", cure)
    if first.reason is Reason.NEEDS_CONTEXT:
        names = Counter(name for verdict in verdicts for name in verdict.names)
        told = ", ".join(
            f"{name} ×{n}" if n > 1 else name for name, n in names.most_common(_SHOWN_NAMES)
        )
        rest = len(names) - _SHOWN_NAMES
        more = f" and {rest} more" if rest > 0 else ""
        return Group(
            verdicts,
            f"{count} of {first.path}: not defined: {told}{more}",
            "define them in an earlier block or a hidden line, or beside the page in "
            f"contexts/{PurePosixPath(first.path).stem}.rs",
        )
    if first.reason is Reason.PROJECT_BROKEN:
        return Group(verdicts, first.message, first.reason.entry.next_step)
    if first.reason in (Reason.DEPENDENCY_BROKEN, Reason.AMBIGUOUS_DEPENDENCY):
        return Group(verdicts, f"{count}: {first.message}", first.reason.entry.next_step)
    return Group(verdicts, "", "")


_SHOWN_NAMES = 12


def _blocks(count: int) -> str:
    return f"{count} block" + ("" if count == 1 else "s")
