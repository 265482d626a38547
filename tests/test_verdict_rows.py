"""A verdict as the cache keeps it is the same verdict, whatever fields verdicts come to have."""

import dataclasses
import json
from enum import Enum
from types import NoneType, UnionType
from typing import get_args, get_origin, get_type_hints

import pytest

from harness.model.verdict import Basis, Diagnostic, Position, Verdict
from harness.verdict_rows import row_of, verdict_of

NOT_KEPT = {"standing"}
"""Rows are made before a verdict is held against a baseline."""


def filled(made):
    """A value of a dataclass in which every field differs from its default."""
    hints = get_type_hints(made)
    values = {
        field.name: some(hints[field.name], field.name, number)
        for number, field in enumerate(dataclasses.fields(made), 1)
        if field.name not in NOT_KEPT
    }
    return made(**values)


def some(kind, name, number):
    """A value that says of which field it is."""
    if get_origin(kind) is UnionType:
        (kind,) = set(get_args(kind)) - {NoneType}
    if get_origin(kind) is tuple:
        return (some(get_args(kind)[0], name, number),)
    if dataclasses.is_dataclass(kind):
        return filled(kind)
    if issubclass(kind, Enum):
        return list(kind)[-1]
    return {str: name, int: number, bool: True}[kind]


@pytest.mark.parametrize("made", [Verdict, Diagnostic, Basis, Position])
def test_no_field_has_its_default(made):
    value = filled(made)
    for field in dataclasses.fields(made):
        if field.name not in NOT_KEPT:
            assert getattr(value, field.name) != field.default
            if field.default_factory is not dataclasses.MISSING:
                assert getattr(value, field.name) != field.default_factory()


def test_a_row_holds_every_field():
    verdict = filled(Verdict)
    assert verdict_of(json.loads(json.dumps(row_of(verdict)))) == verdict
