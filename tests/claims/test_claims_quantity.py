"""The grammar of quantities: what it reads, and that printing gives the text back."""

# ruff: noqa: RUF001

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.claims import audit
from harness.claims.account import statements_of
from harness.claims.arithmetic import amount
from harness.claims.label_kinds import LabelKind
from harness.claims.labels import scan
from harness.claims.prose import read_prose
from harness.claims.quantity import Quantity
from harness.claims.units import UNITS, compound
from tests.claims.quantities import parse_quantity

TEXTS = 300
"""Generated texts a law is tried on; the long run is of test_claims_texts.py, from one seed."""


@pytest.mark.parametrize(
    ("text", "face", "dimensions"),
    [
        ("48 ms", 48, (("time", 1),)),
        ("≤ 200ms", 200, (("time", 1),)),
        ("20K events/s", 20_000, (("time", -1),)),
        ("1 B/day", 10**9, (("time", -1),)),
        ("$12K/mo", 12_000, (("USD", 1), ("time", -1))),
        ("3×", 3, ()),
        ("−62.5 %", Fraction(-125, 2), ()),
        ("1,000,000", 1_000_000, None),
        ("10^6", 1_000_000, None),
        ("1.5e6", 1_500_000, None),
        ("4/5", Fraction(4, 5), None),
        ("8-core", 8, ()),
        ("64B", 64, (("information", 1),)),
        ("1B", 10**9, None),
        ("1Gbps", 1, (("information", 1), ("time", -1))),
        ("250 million", 250_000_000, None),
        ("10 GB per second", 10, (("information", 1), ("time", -1))),
        ("~50 ms", 50, (("time", 1),)),
    ],
)
def test_reads(text: str, face: Fraction, dimensions: object) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert quantity.text == text
    assert quantity.face == face
    measure = quantity.measure
    assert (measure.dimensions if measure else None) == dimensions


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p99", LabelKind.NAME),
        ("56.Merge Intervals", LabelKind.PLACE),
        ("as bullet 2 above says", LabelKind.PLACE),
        ("topic 72.", LabelKind.PLACE),
        ("between 03-NETCODE and others", LabelKind.NAME),
        ("For 2., the problem is another", LabelKind.PLACE),
        ("Soussi et al. [ 44] review it", LabelKind.PLACE),
        ("told below.\n3.3 Data and control flow", LabelKind.PLACE),
        ("established faster (0-rtt).", LabelKind.NAME),
        ("a 404 link", LabelKind.CODE),
        ("Subscriptions, Version 0.1-wip", LabelKind.VERSION),
        ("sha256", LabelKind.NAME),
        ("x86_64", LabelKind.NAME),
        ("3-of-5", LabelKind.NAME),
        ("a 64-bit integer", LabelKind.NAME),
        ("on Windows 10", LabelKind.VERSION),
        ("Rust 1.83", LabelKind.VERSION),
        ("since 1.36", LabelKind.VERSION),
        ("0.14.2", LabelKind.VERSION),
        ("2024-11-30", LabelKind.DATE),
        ("in 2018 we", LabelKind.DATE),
        ("November 22, 2024", LabelKind.DATE),
        ("at 10:30", LabelKind.CLOCK),
        ("a 16:9 picture", LabelKind.CLOCK),
        ("see line 12", LabelKind.PLACE),
        ("chapter 4", LabelKind.PLACE),
        ("issue #220", LabelKind.NAME),
        ("(1) first", LabelKind.PLACE),
        ("exit code 101", LabelKind.CODE),
        ("0xFF", LabelKind.CODE),
        ("RFC 2119", LabelKind.CODE),
        ("FIPS 140-2", LabelKind.CODE),
        ("the 95th of them", LabelKind.ORDINAL),
        ("they won 3-1", LabelKind.SCORE),
        ("n^2", LabelKind.NOTATION),
        ("O(2", LabelKind.NOTATION),
        ("H2O", LabelKind.NAME),
        ("in C++11", LabelKind.NAME),
        ("the entry Input[2] holds", LabelKind.NAME),
        ("a CentOS 7 VM there", LabelKind.VERSION),
        ("Story 2: signing", LabelKind.PLACE),
        ("Pipeline 2: signing", LabelKind.NAME),
        ("a 64bit integer", LabelKind.NAME),
        ("404 Not Found", LabelKind.CODE),
        ("it returns 503", LabelKind.CODE),
        ("a /24 block", LabelKind.CODE),
        ("1.3-alpha", LabelKind.VERSION),
        ("is post 1.0", LabelKind.VERSION),
        ("4.1 Routing", LabelKind.PLACE),
        ("3: closed on both sides", LabelKind.PLACE),
        ("described in 4.", LabelKind.PLACE),
        ("(see [19607])", LabelKind.PLACE),
        ("Rust issue: [19607]", LabelKind.PLACE),
        ("lines hl[2,6] here", LabelKind.NAME),
        ("see scenario 3 above", LabelKind.PLACE),
        ("In .NET 5 and", LabelKind.VERSION),
        ("with Node.js 20 doing", LabelKind.VERSION),
        ("a 200 response code", LabelKind.CODE),
        ('a status of "201" (Created)', LabelKind.CODE),
        ("call 800-555-0199 now", LabelKind.CODE),
        ("on 10.1.2.3:8080 there", LabelKind.CODE),
        ("daily: 0 0 1 1 *", LabelKind.CODE),
        ("the colour rgba(0, 0, 0, 0.8)", LabelKind.CODE),
        ("flag bits: 0 = lost, 1 = kept", LabelKind.CODE),
        ("on ubuntu 18/20/22", LabelKind.NAME),
        ("must be 508 compliant", LabelKind.NAME),
        ("NIST 800-53", LabelKind.NAME),
        ("the 90-9-1 rule", LabelKind.NAME),
        ("problem 007 there", LabelKind.NAME),
        ("rated 4.5/5", LabelKind.SCORE),
        ("out until 7/12", LabelKind.DATE),
        ("on 05-Oct-2022", LabelKind.DATE),
        ("in 2022/2023", LabelKind.DATE),
        ("(May ’19)", LabelKind.DATE),
        ("at 6 a.m. there", LabelKind.CLOCK),
        ("a 1:many mapping", LabelKind.CLOCK),
        ("a 2-3-4 tree", LabelKind.NOTATION),
        ("the 0-1 knapsack", LabelKind.NOTATION),
        ("targets 10.0 or newer", LabelKind.VERSION),
        ("major zero (0.y.z)", LabelKind.VERSION),
        ("the version of Postgres is 16 now", LabelKind.VERSION),
        ("kernels: 6.18, 6.12", LabelKind.VERSION),
        ("2.0 版本", LabelKind.VERSION),
        ("that 1) you like", LabelKind.PLACE),
        ("[ ] 5. Sorting", LabelKind.PLACE),
        ("7.2 says that", LabelKind.PLACE),
        ("第 2 版", LabelKind.ORDINAL),
        ("The MSRV is: 1.63.", LabelKind.VERSION),
        ("Release: 1.19", LabelKind.VERSION),
        ("DTLS 1.2/1.3 support", LabelKind.VERSION),
        ("by count (1 = highest)", LabelKind.CODE),
        ("the content C'1 there", LabelKind.NAME),
        ("requests numbered 7 to 10 will", LabelKind.PLACE),
        ("(c) 2013-present", LabelKind.DATE),
        ("--8<-- x", LabelKind.CODE),
        ("from $1$ to $199$", LabelKind.NOTATION),
        ("fast 304 responses", LabelKind.CODE),
        ("on or after 3.10, no", LabelKind.VERSION),
        ("Since Vite 8 touches the core", LabelKind.VERSION),
        ("macOS >= 11", LabelKind.VERSION),
        ("until 2028/01", LabelKind.DATE),
        ("the BSD 2-clause one", LabelKind.NAME),
        ("some are version specific (3.9)", LabelKind.VERSION),
        ("a 1-1 mapping", LabelKind.CLOCK),
        ("a version [e.g. 22]", LabelKind.VERSION),
        ("port set to 8080", LabelKind.CODE),
        ("an 8-Bit unit", LabelKind.NAME),
        ("python 3.11 there", LabelKind.VERSION),
        ("node >= 18", LabelKind.VERSION),
        ("Helm 3 plugins are here", LabelKind.VERSION),
        ("Vite 6 formalizes the idea", LabelKind.VERSION),
        ("in Svelte 1 and 2 is", LabelKind.VERSION),
        ("Ubuntu 24.04 LTS here", LabelKind.VERSION),
        ("we use centos 7 there", LabelKind.VERSION),
        ("a run on rustc 1.70", LabelKind.VERSION),
        ("it was deployed in 02/2022", LabelKind.DATE),
        ("a fix (4546562)", LabelKind.CODE),
        ("for 8-, 16- and 32-bit words", LabelKind.NAME),
        ("The 80/20 Rule", LabelKind.NAME),
        ("the mount(2) call", LabelKind.NAME),
        ("Accessibility 101", LabelKind.NAME),
        ("the default port for the Engine API is 8551.", LabelKind.CODE),
        ("in options 2 and 3 presented below", LabelKind.PLACE),
        ("Issues outlined in 1 & 2 will", LabelKind.PLACE),
        ("replies '412 Precondition Failed' to it", LabelKind.CODE),
        ("New in 18: a hook", LabelKind.VERSION),
        ("It is noted that 1. has an effect", LabelKind.PLACE),
        ("talks in their 1-1s there", LabelKind.CLOCK),
        ("a Ping packet (flag 0): so", LabelKind.PLACE),
        ("then a 404 must be sent", LabelKind.CODE),
        ("with LOG_ALL=1 set", LabelKind.CODE),
        ("dated 2021-Aug-06", LabelKind.DATE),
        ("if its version is less than 7", LabelKind.VERSION),
        ("the OData 4.01 format", LabelKind.VERSION),
        ("an HTTP '404 not found' then", LabelKind.CODE),
        ("the exit code is 0, so", LabelKind.CODE),
        ("a fix (03870e3)", LabelKind.CODE),
        ("EEP 9 suggests several modules", LabelKind.NAME),
        ("the demonstration, 01:30 or so", LabelKind.CLOCK),
    ],
)
def test_labels_are_no_claims(text: str, kind: LabelKind) -> None:
    assert {found.label for found in scan(text)} == {kind}


@pytest.mark.parametrize(
    "text",
    [
        *("compression ratio 10:1", "RPC(15)", "takes 5 seconds", "in 2000 requests"),
        *(
            "TiDB 3 big nodes",
            "over [120] contributors",
            "Active requests: [216]",
            "Total 5",
            "workers 3 times",
        ),
        *("1 Master node", "the server 5 crates", "at least three (3) teams"),
        *("returns 200 rows", "a 400s wait", "24 * x"),
        *("Redis 3 replicas", "With Linux 5 threads", "we go 5 miles", "nodes react 3 times"),
        *("Support 1.3 Billion Users", "handles 40 requests", "skaits no 250", "a fix (5000000)"),
        *("Linux 500", "a cost of rust 2 hours"),
        *("N=10", "a 500 user limit"),
        *("over 9000! wow", "fixed in 2 days", "a limit of 3. We then"),
        *("Equifax 144 میلیون", "by 1/2", "3 = x"),
    ],
)
def test_quantities_are_no_labels(text: str) -> None:
    assert [found.label for found in scan(text)] == [None]


def test_no_general_library_misreadings() -> None:
    metre_or_minute = compound("m")
    assert metre_or_minute is not None
    assert metre_or_minute.dimensions not in ((("length", 1),), (("time", 1),))
    assert amount(Quantity("1", unit="Gbps")).value == 10**9
    assert amount(Quantity("1", unit="rps")).dimensions == (("time", -1),)


_DIGITS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.integers(1000, 10**9).map("{:,}".format),
)
_UNITS = st.sampled_from(
    sorted(name for name in UNITS if name not in ("m", "x", "×", "q", "bn", "B", "ops", "OPS"))
)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    """A quantity that the grammar can write."""
    unit = draw(
        st.one_of(st.just(""), _UNITS, _UNITS.filter(lambda name: len(name) > 1).map(" ".__add__))
    )
    money = draw(st.sampled_from(["", "", "$", "€"]))
    scale = "" if unit else draw(st.sampled_from(["", "K", "M"]))
    return Quantity(
        draw(_DIGITS),
        draw(st.sampled_from(["", "≤ ", "<", "~", ">= "])),
        draw(st.sampled_from(["", "+", "−", "±"])),
        money,
        "",
        scale,
        "" if money else unit,
    )


@settings(max_examples=TEXTS, deadline=None)
@given(quantities())
def test_print_then_parse_is_the_identity(quantity: Quantity) -> None:
    assert parse_quantity(quantity.text) == quantity


@settings(max_examples=TEXTS, deadline=None)
@given(st.text(alphabet="0123456789.,_%$€KMBs/=+-−×→()^:~≤ abmoGh\n|*`<>", max_size=60))
def test_parse_then_print_gives_the_text_back(text: str) -> None:
    for found in scan(text):
        assert text[found.start : found.end] == found.text
        if found.quantity is not None and ":" not in found.text:
            assert found.quantity.text == found.text


_FRAGMENTS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            [
                *[
                    "1",
                    "42",
                    "3.5",
                    "$9K",
                    "10%",
                    "400ms",
                    "→",
                    "=",
                    "+",
                    "-",
                    "×",
                    "/",
                    "(",
                    ")",
                    "|",
                    "0",
                    "1/0",
                    "10^60",
                    "9e99",
                    "GB/s",
                ],
                *[
                    "99999999999999999999",
                    "<!--",
                    "-->",
                    "`",
                    "**",
                    "[",
                    "](",
                    "\\",
                    "$",
                    "&",
                    ";",
                    ":",
                    ",",
                    ".",
                    "words)",
                ],
                *["per", "of", "is", "total", "ratio", "1:0", "0:0"],
                *["2024-11", "1,000", "≈", "<", ">=", "±"],
                *("\n# ", "\n``` ", "\n> ", "\n| ", "\n- "),
            ]
        ),
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=TEXTS, deadline=None)
@given(_FRAGMENTS)
def test_no_text_raises(text: str) -> None:
    seen = audit("document.md", text)
    assert seen.summary.adds_up
    for verdict in seen.verdicts:
        assert verdict.line >= 1
        assert verdict.column >= 1


@pytest.mark.parametrize(
    "text",
    [
        *("9" * 5000, "1e999999999", "10^999999999999", "1/0 = 5", "5 / 0 = 1", "0 → 5 (100 %)"),
        *("1e60 × 1e60 = 1e60", "2^9999 = 4", "\ud800 5 ms = 6 s", "5 \x00 ms", "|" * 3000 + "1"),
        *("(" * 3000 + "1 + 1 = 3", "`" * 2999 + "1", "$" * 3000 + "1", "[" * 3000 + "1]("),
        *("<" * 3000 + "1", "1 + " * 3000 + "1 = 5", "*" * 2000 + "1"),
    ],
)
def test_hostile_texts_end_in_an_answer(text: str) -> None:
    assert audit("document.md", text).summary.adds_up


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Since v1.36.\n\nThe 1.36 design.", [LabelKind.NAME, LabelKind.VERSION]),
        ("Since v1.36.\n\nIt went 1.36 → 2.", [LabelKind.NAME, None, None]),
        ("| Port | Load |\n|---|---|\n| x | y |\n| a | 80 |", [None]),
        ("| Threads | a | b |\n|---|---|---|\n| 8 | x | y |", [None]),
        ("| Play | a | b |\n|---|---|---|\n| 8 | x | y |", [LabelKind.PLACE]),
        ("# Cairo 0 parity\n\nAll 5 things of Cairo.", [LabelKind.NAME, None]),
        ("# Stores 3 now\n\nIt stores 5 things, and Stores.", [None, None]),
        ("# Workers 3 now\n\nIn sum 5 things.", [None, None]),
        ("It needs `rustc` 1.65+, no less.", [LabelKind.VERSION]),
        ("It takes `read` 1.65 seconds, or `read` 1.5 blocks.", [None, None]),
        ("| Host | Port |\n|---|---|\n| a | 80 |", [LabelKind.CODE]),
        ("| RFC # | [252] |\n|---|---|\n| Issue | 17 |", [LabelKind.PLACE, LabelKind.PLACE]),
        ("[19607](https://example.org/19607)", [LabelKind.PLACE]),
        ("T<sub>4</sub>", [LabelKind.NAME]),
        ("10<sup>6</sup> rows", [None, LabelKind.NOTATION]),
    ],
)
def test_the_document_decides(text: str, kinds: list[LabelKind | None]) -> None:
    found = [n for s in statements_of(read_prose(text)) for n in s.found]
    assert [n.label for n in found] == kinds
