"""A result file's text and a JSON pointer in, the number and its unit out."""

import json
from fractions import Fraction

from harness.model.values import dataclass

LONGEST = 1 << 24
"""Characters of a result file that are read."""


class EvidenceError(Exception):
    """The file does not hold the number; the text says why."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that another tool has written; `unit` is empty where its format has none."""

    value: Fraction
    unit: str
    pointer: str


def read_evidence(name: str, pointer: str, text: str) -> Measured:
    """The number at a pointer; criterion's and hyperfine's files have one by default, with unit.

    criterion writes `estimates.json` in nanoseconds; hyperfine's `--export-json` in seconds.
    """
    if len(text) > LONGEST:
        raise EvidenceError(f"{name} is longer than {LONGEST} characters")
    try:
        document = json.loads(
            text, parse_float=Fraction, parse_int=_integer, parse_constant=_constant
        )
    except (ValueError, RecursionError, ZeroDivisionError) as error:
        raise EvidenceError(f"{name} is no JSON: {error}") from error
    unit, default = _format(name, document)
    pointer = pointer or default
    if not pointer:
        raise EvidenceError(
            f"{name}: write the place of the number after `#`, as in `#/mean/point_estimate`"
        )
    value = _at(document, pointer, name)
    if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
        raise EvidenceError(f"{name}#{pointer} is no number")
    return Measured(Fraction(value), unit, pointer)


def _integer(digits: str) -> int:
    if len(digits) > 400:
        msg = "an integer has over 400 digits"
        raise ValueError(msg)
    return int(digits)


def _constant(word: str) -> Fraction:
    raise ValueError(f"{word} is no number")


def _format(name: str, document: object) -> tuple[str, str]:
    """Unit and default pointer of the formats that are known by name."""
    if name.endswith("estimates.json") and isinstance(document, dict) and "mean" in document:
        return "ns", "/mean/point_estimate"
    if isinstance(document, dict) and isinstance(document.get("results"), list):
        first = document["results"][0] if document["results"] else None
        if isinstance(first, dict) and "mean" in first and "command" in first:
            return "s", "/results/0/mean"
    return "", ""


def _at(document: object, pointer: str, name: str) -> object:
    """The value at a JSON pointer (RFC 6901)."""
    value = document
    for raw in pointer.removeprefix("/").split("/"):
        key = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            raise EvidenceError(f"{name} has nothing at `{pointer}`")
    return value
