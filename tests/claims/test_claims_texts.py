"""Generated texts through the parser and the audit: an answer for each, and an exception for none.

`CLAIMS_TEXTS=100000` makes that many; in CI it is a few thousand.
"""

# ruff: noqa: RUF001

import os
import random
import re

from harness.claims import audit, read_settings
from harness.claims.labels import scan
from harness.errors import ConfigurationError
from tests.claims.quantities import parse_quantity

COUNT = int(os.environ.get("CLAIMS_TEXTS", "3000"))
SEED = 20261122
PIECES = (
    *"0123456789",
    *("1,000", "1_000", "10^6", "1e9", "1/0", "0/0", "5/3", "2^99999", "9" * 80, "1e400", ".5", "0x1F"),
    *("ms", " ms", "GB/s", "K$", " %", "%", "×", " x ", "Gbps", "/mo", " per second", "m", " million"),
    *(" = ", " ≈ ", "=", " + ", " − ", "-", " / ", " * ", "^", " ^ ", "(", ")", "((((", "→", " of ", " is "),
    *("$", "€", "US$", "~", "≤ ", "<", "±", "+", "about ", "from ", " to ", "total", "Target "),
    *("`", "``", "**", "_", "[", "](", "| ", "\n", "\n\n", "|---|---|\n", "# ", "- ", "> ", "    ", "```\n"),
    *("p99", "v1.2.3", "2024-11-30", "10:30", "line ", "words): ", "Answer (", " a ", "sqrt(", "exp("),
    *("\ufeff", "\u200b", "\x00", "\u202e", "é", "漢字", "🙂", "\r\n", "\t", "<!-- harness-claims:", " -->", "&times;"),
)  # fmt: skip
FORMULAS = ("a / 0", "a ^ 61", "1 / (a - a)", "sqrt(0 - a)", "exp(a * 10000)", "a + 1 GB", "((", "")


def texts(count: int, seed: int) -> list[str]:
    """Texts made of pieces that mean something to the reader, in any order."""
    draw = random.Random(seed)
    return ["".join(draw.choices(PIECES, k=draw.randint(1, 40))) for _ in range(count)]


def test_every_text_has_an_answer(capsys) -> None:  # type: ignore[no-untyped-def]
    numbers = findings = 0
    for text in texts(COUNT, SEED):
        seen = audit("page.md", text)
        assert seen.summary.adds_up, text
        numbers += seen.summary.numbers
        findings += sum(v.reason.outcome.value == "FAIL" for v in seen.verdicts)
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for verdict in seen.verdicts:
            assert 1 <= verdict.line <= len(lines), text
    with capsys.disabled():
        print(f"\nseed {SEED}: {COUNT} texts, {numbers} numbers, {findings} findings")
    assert numbers > COUNT


def test_what_is_printed_reads_back_as_the_same(capsys) -> None:  # type: ignore[no-untyped-def]
    """print ∘ parse is the identity on every quantity found, and parse ∘ print on its parts."""
    quantities = 0
    for text in texts(COUNT, SEED + 1):
        for found in scan(text):
            assert text[found.start : found.end] == found.text
            if found.quantity is None or found.quantity.text != found.text:
                continue
            quantities += 1
            assert parse_quantity(found.text) == found.quantity, (text, found)
    with capsys.disabled():
        print(f"\nseed {SEED + 1}: {quantities} quantities of {COUNT} texts")
    assert quantities > COUNT / 2


def test_bound_nonsense_is_a_finding_and_no_crash() -> None:
    draw = random.Random(SEED + 2)
    for text in texts(COUNT // 10, SEED + 2):
        formula = draw.choice(FORMULAS)
        numbers = re.findall(r"\d+", text) or ["7"]
        claim = {"figure": draw.choice(numbers), "formula": formula, "with": {"a": numbers[0]}}
        try:
            settings = read_settings({"nonsense": claim})
        except ConfigurationError:
            continue
        assert audit("page.md", text, settings).summary.adds_up
