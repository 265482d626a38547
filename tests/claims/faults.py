"""Seeded faults in the numbers of the shipped pages in, how many the audit notices out.

Each fault changes one number where it stands, and wherever a claim names it, so that only a
recomputation can find it. `python -m tests.claims.faults` puts one fault of each sort into every
number; `--seed N` draws others, `--missed` lists what was not noticed. With `--report-from FILE`,
a JSON report of `harness bench`, measured figures are held against what was measured; without it
a measured number is only recomputed, where another one says the same.
"""

# ruff: noqa: RUF001

import argparse
import math
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from harness.auditing import measured_by, read_decisions
from harness.claims import Audit, Binding, ClaimKind, ClaimReason, ClaimSettings, audit
from harness.claims.account import statements_of
from harness.claims.bindings import FigureName
from harness.claims.labels import scan
from harness.claims.locate import Document, find_figure, index_figures, locate
from harness.claims.measured import measured_claims
from harness.claims.prose import read_prose
from harness.claims.quantity import Quantity
from harness.claims.settings import read_settings
from harness.claims.values import ClaimVerdict, Spot
from harness.model.bench import Stated

PAGES = Path(__file__).parents[2] / "snippets" / "chain-systems"
SORTS = ("digit", "factor of ten", "sign", "unit", "percentage")
ROWS = ("arithmetic", "limit or consistency", "measured", "behaviour", "external")
UNITS = {
    "ms": ("s", "ns", "min"), "s": ("ms", "min"), "ns": ("ms",), "min": ("s", "h"),
    "K$": ("M$", "$"), "M$": ("K$",), "$": ("K$", "€"), "TB": ("GB", "PB"), "GB": ("MB", "TB"),
    "MB": ("GB", "KB"), "bytes": ("bits", "KB"), "bits": ("bytes",), "h": ("min", "s"),
    "hours": ("days", "minutes"), "months": ("years", "weeks"), "weeks": ("months", "days"),
    "days": ("hours",), "minutes": ("seconds", "hours"), "years": ("months",), "year": ("month",),
    "K/s": ("M/s",), "$/GB": ("$/TB",), "million": ("billion",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its claims, and what the audit says of it as it stands."""

    name: str
    text: str
    settings: ClaimSettings
    seen: Audit


@dataclass(frozen=True, slots=True)
class Fault:
    """One number of a page, written differently."""

    page: Page
    number: int
    """Which of the page's verdicts it is."""
    sort: str
    written: str

    @property
    def verdict(self) -> ClaimVerdict:
        """What is said of the number as it stands."""
        return self.page.seen.verdicts[self.number]


Benches = Mapping[str, Mapping[str, Any]]
"""Rows of a bench report, by the names that its pages and claims have."""


def read_benches(report: Path) -> Benches:
    """The rows of a report of `harness bench` over the shipped pages.

    A quick run's count as well: it decides no claim, but what its intervals would notice is asked.
    """
    _, rows = read_decisions(report)
    return {
        "/".join(identity.rsplit("/", 3)[1:]): {**row, "quick": False}
        for identity, row in rows.items()
    }


def read_pages(benches: Benches | None = None) -> list[Page]:
    """The shipped pages. What awaits a contract, or a bench without a row, stays open."""
    pages = []
    for path in sorted(PAGES.glob("*.md")):
        claims = PAGES / "claims" / f"{path.stem}.toml"
        table = tomllib.loads(claims.read_text())["claims"]
        settings, text = read_settings(table, str(claims)), path.read_text()
        settings = replace(settings, measured=measured_by(benches or {}, path.stem))
        pages.append(Page(path.stem, text, settings, audit(path.name, text, settings)))
    return pages


def row(verdict: ClaimVerdict) -> str:
    """The row of the table that a number belongs to."""
    if verdict.reason is ClaimReason.EXTERNAL:
        return "external"
    return {
        ClaimKind.SUM: "arithmetic",
        ClaimKind.COUNT: "arithmetic",
        ClaimKind.LIMIT: "limit or consistency",
        ClaimKind.CONSISTENCY: "limit or consistency",
        ClaimKind.MEASURED: "measured",
        ClaimKind.REPORTED: "measured",
        ClaimKind.BEHAVIOUR: "behaviour",
    }[verdict.claim_kind]


def faults(page: Page, draw: random.Random) -> Iterator[Fault]:
    """One fault of each sort that fits, for every number of a page."""
    for number, verdict in enumerate(page.seen.verdicts):
        quantity = scan(verdict.figure)[0].quantity
        if quantity is None:
            continue
        for sort in SORTS:
            written = _written(quantity, sort, draw)
            if written is not None and written != verdict.figure:
                yield Fault(page, number, sort, written)


def _written(quantity: Quantity, sort: str, draw: random.Random) -> str | None:
    """The quantity with a fault of one sort; None where it has nothing that such a one changes."""
    match sort:
        case "digit":
            return replace(quantity, digits=_other_digit(quantity.digits, draw)).text
        case "factor of ten":
            moved = _moved(quantity.digits, draw.choice((1, -1)))
            return replace(quantity, digits=moved).text if moved else None
        case "sign":
            sign = "" if quantity.sign else "−"
            return replace(quantity, sign=sign).text if Fraction(quantity.face) else None
        case "unit":
            unit = quantity.unit.strip() or quantity.scale.strip()
            if unit not in UNITS:
                return None
            part, other = ("unit", "scale")[not quantity.unit.strip()], draw.choice(UNITS[unit])
            was = getattr(quantity, part)
            return replace(quantity, **{part: was.replace(unit, other)}).text
        case _:
            if not quantity.is_percent:
                return None
            rest = 100 - quantity.face
            changed = [replace(quantity, unit="").text]
            if 0 < rest < 100 and rest != quantity.face:
                changed.append(replace(quantity, digits=f"{float(rest):g}").text)
            return draw.choice(changed)


def _other_digit(digits: str, draw: random.Random) -> str:
    """One digit changed; the zeros at an integer's end carry no statement and are left alone."""
    places = [n for n, c in enumerate(digits) if c.isdigit()]
    if "." not in digits:
        end = len(digits.rstrip("0,")) or 1
        places = [n for n in places if n < end]
    place = draw.choice(places)
    others = [c for c in "0123456789" if c != digits[place] and (c != "0" or place)]
    return digits[:place] + draw.choice(others) + digits[place + 1 :]


def _moved(digits: str, places: int) -> str | None:
    """The digits of a number ten times as large, or as small."""
    plain = digits.replace(",", "")
    if not re.fullmatch(r"[\d.]+", plain) or not Fraction(plain):
        return None
    value = Fraction(plain) * (10 if places > 0 else Fraction(1, 10))
    decimals = 0
    while (value * 10**decimals).denominator != 1:
        decimals += 1
    whole = str(int(value * 10**decimals)).rjust(decimals + 1, "0")
    return whole if not decimals else f"{whole[:-decimals]}.{whole[-decimals:]}"


def faulty_text(fault: Fault) -> str:
    """The page with the fault in it."""
    verdict, lines = fault.verdict, fault.page.text.split("\n")
    line = lines[verdict.line - 1]
    lines[verdict.line - 1] = (
        line[: verdict.column - 1] + fault.written + line[verdict.end_column - 1 :]
    )
    return "\n".join(lines)


def is_noticed(fault: Fault) -> str:
    """The reason of the first finding that a fault brings about; empty where there is none."""
    page, text = fault.page, faulty_text(fault)
    settings = _renamed(page, text)
    if settings is None:
        return "no longer read as one number"
    known = {(v.name, v.reason) for v in page.seen.verdicts if _is_finding(v)}
    for found in audit(page.name, text, settings).verdicts:
        if _is_finding(found) and (found.name, found.reason) not in known:
            return found.reason.value
    return ""


def _is_finding(verdict: ClaimVerdict) -> bool:
    return verdict.reason.outcome.value == "FAIL" or verdict.reason is ClaimReason.UNACCOUNTED


@lru_cache(4)
def _document(name: str, text: str) -> Document:
    outline = read_prose(text)
    statements = statements_of(outline)
    return Document(name, outline, statements, text.split("\n"), index_figures(statements))


def _renamed(page: Page, text: str) -> ClaimSettings | None:
    """The page's claims, each naming the numbers that it named before, as they are written now.

    None where the fault changed how many numbers there are.
    """
    before, after = _document(page.name, page.text), _document(page.name, text)
    counts = [
        [len(statement.found) for statement in document.statements] for document in (before, after)
    ]
    if counts[0] != counts[1]:
        return None

    def name(spot: Spot) -> FigureName:
        """How a number is named without its heading or quote."""
        figure = after.statement(spot).found[spot[1]].text.strip()
        return FigureName(figure, (after.figures[figure].index(spot) + 1,))

    claims: list[Binding] = []
    for binding in page.settings.claims:
        given = tuple(
            (key, name(find_figure(before, figure, binding)[0])) for key, figure in binding.given
        )
        figures = tuple(name(spot) for spot in locate(before, binding))
        claims.append(
            replace(binding, quote="", question="", sha256="", figures=figures, given=given)
        )
    return replace(page.settings, claims=tuple(claims))


def table(told: list[tuple[Fault, str]]) -> str:
    """Found and made, for each row and sort."""
    made: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for fault, noticed in told:
        for sort in (fault.sort, "all"):
            made[row(fault.verdict), sort] += 1
            found[row(fault.verdict), sort] += bool(noticed)
    columns = (*SORTS, "all")
    lines = [" | ".join([f"{'':22}", *(f"{sort:>15}" for sort in columns)])]
    for name in ROWS:
        cells = [
            f"{found[name, sort]:>5} of {made[name, sort]:>4}"
            + (f" {100 * found[name, sort] / made[name, sort]:3.0f}%" if made[name, sort] else "")
            for sort in columns
        ]
        lines.append(" | ".join([f"{name:22}", *(f"{cell:>15}" for cell in cells)]))
    reasons = Counter(noticed for _, noticed in told if noticed)
    lines.append("noticed as " + ", ".join(f"{n} {name}" for name, n in reasons.most_common()))
    return "\n".join(lines)


def bench_of(fault: Fault, benches: Benches) -> tuple[Stated, Mapping[str, Any]] | None:
    """What the claim on a faulty measured number states then, and what was measured for it.

    None where another bench row, or none, has the number.
    """
    page = fault.page
    row_of = benches.get(f"{page.name}/bench/{fault.verdict.name}")
    if row_of is None or not row_of["points"] or row_of["cores_stated"] > row_of["cores_here"]:
        return None
    text = faulty_text(fault)
    settings = _renamed(page, text)
    if settings is None:
        return None
    stated = next(
        (c for c in measured_claims(page.name, text, settings) if c.name == fault.verdict.name),
        None,
    )
    return (stated, row_of) if isinstance(stated, Stated) else None


def leaves(stated: Stated, measured: Mapping[str, Any]) -> str:
    """Where the measured 95 % interval lies to what a claim states: outside, inside or across.

    Written here once more, by the words of the documentation, so that it is not the audit's own.
    """
    point = measured["points"][-1]
    low, high = point["low"], math.inf if point["high"] is None else point["high"]
    most = stated.value * (1 + stated.tolerance) if stated.side.value != "at least" else math.inf
    least = stated.value * (1 - stated.tolerance) if stated.side.value != "at most" else -math.inf
    if low > most or high < least:
        return "outside"
    return "inside" if least <= low and high <= most else "across"


def measured_table(told: list[tuple[Fault, str]], benches: Benches) -> str:
    """Faults in measured numbers: those that leave the tolerance, and how many were found."""
    counts: Counter[tuple[str, str]] = Counter()
    for fault, noticed in told:
        if row(fault.verdict) != "measured":
            continue
        bench = bench_of(fault, benches)
        unlike = bench is None and noticed in ("dimension-error", "no longer read as one number")
        where = leaves(*bench) if bench else "unlike" if unlike else "no row"
        counts[where, noticed or "nothing"] += 1
    lines = []
    words = {
        "outside": "leave the stated tolerance",
        "inside": "stay within it",
        "across": "lie across its edge",
        "unlike": "are of another dimension",
        "no row": "have no bench row, or more cores than were there",
    }
    for where, said in words.items():
        own = {why: n for (place, why), n in counts.items() if place == where}
        found = sum(n for why, n in own.items() if why != "nothing")
        reasons = ", ".join(f"{n} {why}" for why, n in sorted(own.items()))
        lines.append(f"measured, {said}: {found} of {sum(own.values())} found ({reasons})")
    return "\n".join(lines)


def share(told: list[tuple[Fault, str]], name: str) -> Fraction:
    """Which part of the faults of one row was noticed."""
    own = [noticed for fault, noticed in told if row(fault.verdict) == name]
    return Fraction(sum(bool(noticed) for noticed in own), len(own))


def main() -> int:
    """Seed every number, print the table; 1 where a row falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--missed", action="store_true", help="list what was not noticed")
    parser.add_argument("--report-from", type=Path, help="a JSON report of harness bench")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    benches = read_benches(options.report_from) if options.report_from else {}
    pages = read_pages(benches)
    told = [(fault, is_noticed(fault)) for page in pages for fault in faults(page, draw)]
    numbers = sum(len(page.seen.verdicts) for page in pages)
    print(f"seed {options.seed}: {len(told)} faults in {numbers} numbers of the shipped pages")
    print(table(told))
    if benches:
        print(f"{len(benches)} bench rows of {options.report_from}")
        print(measured_table(told, benches))
    for fault, noticed in told:
        if options.missed and not noticed:
            verdict = fault.verdict
            print(
                f"{fault.page.name}:{verdict.line}:{verdict.column} {row(verdict)}: "
                f"{verdict.figure} → {fault.written}"
            )
    wanted = {"arithmetic": Fraction(99, 100), "limit or consistency": Fraction(95, 100)}
    return int(any(share(told, name) < least for name, least in wanted.items()))


if __name__ == "__main__":
    raise SystemExit(main())
