"""Seeded faults in the numbers of the shipped pages in, how many the audit notices out.

Each fault changes one number where it stands, and wherever a claim names it, so that only a
recomputation can find it. `python -m tests.claims.faults` puts one fault of each sort into every
number; `--seed N` draws others, `--missed` lists what was not noticed.
"""

# ruff: noqa: RUF001

import argparse
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from harness.claims import Audit, Binding, ClaimKind, ClaimReason, ClaimSettings, audit
from harness.claims.account import statements_of
from harness.claims.bindings import FigureName
from harness.claims.labels import scan
from harness.claims.locate import Document, find_figure, index_figures, locate
from harness.claims.prose import read_prose
from harness.claims.quantity import Quantity
from harness.claims.settings import read_settings
from harness.claims.values import ClaimVerdict, Spot

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


def read_pages() -> list[Page]:
    """The shipped pages. What awaits a bench or a contract stays open: nothing was run."""
    pages = []
    for path in sorted(PAGES.glob("*.md")):
        claims = PAGES / "claims" / f"{path.stem}.toml"
        table = tomllib.loads(claims.read_text())["claims"]
        settings, text = read_settings(table, str(claims)), path.read_text()
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


def is_noticed(fault: Fault) -> str:
    """The reason of the first finding that a fault brings about; empty where there is none."""
    verdict, page = fault.verdict, fault.page
    lines = page.text.split("\n")
    line = lines[verdict.line - 1]
    lines[verdict.line - 1] = (
        line[: verdict.column - 1] + fault.written + line[verdict.end_column - 1 :]
    )
    text = "\n".join(lines)
    settings = _renamed(page, text)
    if settings is None:
        return "no longer read as one number"
    for found in audit(page.name, text, settings).verdicts:
        if found.reason.outcome.value == "FAIL" or found.reason is ClaimReason.UNACCOUNTED:
            return found.reason.value
    return ""


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


def share(told: list[tuple[Fault, str]], name: str) -> Fraction:
    """Which part of the faults of one row was noticed."""
    own = [noticed for fault, noticed in told if row(fault.verdict) == name]
    return Fraction(sum(bool(noticed) for noticed in own), len(own))


def main() -> int:
    """Seed every number, print the table; 1 where a row falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--missed", action="store_true", help="list what was not noticed")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    told = [(fault, is_noticed(fault)) for page in read_pages() for fault in faults(page, draw)]
    numbers = sum(len(page.seen.verdicts) for page in read_pages())
    print(f"seed {options.seed}: {len(told)} faults in {numbers} numbers of the shipped pages")
    print(table(told))
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
