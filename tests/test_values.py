"""Values are dataclasses: whatever is asked of one is answered as `dataclasses` would."""

import dataclasses
import inspect
from dataclasses import field

import pytest

from harness.model.values import dataclass


def both(**form):
    """One class, made by each of the two."""

    def point(decorate):
        @decorate(slots=True, **form)
        class Point:
            x: int
            y: int = 2
            names: list[str] = field(default_factory=list)
            seen: int = field(default=0, compare=False, repr=False)

        return Point

    return point(dataclass), point(dataclasses.dataclass)


FROZEN, OPEN = both(frozen=True), both()


@pytest.fixture(params=[FROZEN, OPEN], ids=["frozen", "open"])
def pair(request):
    return request.param


def told(ask):
    """An answer, or the error in its place."""
    try:
        return ask()
    except (AttributeError, TypeError) as error:
        return type(error)


QUESTIONS = {
    "repr": lambda kind: repr(kind(1, names=["a"])),
    "fields": lambda kind: [f.name for f in dataclasses.fields(kind)],
    "all by place": lambda kind: dataclasses.astuple(kind(1, 3, ["b"], 4)),
    "all by name": lambda kind: dataclasses.asdict(kind(names=[], seen=1, x=2, y=3)),
    "defaults": lambda kind: dataclasses.astuple(kind(1)),
    "a factory makes one for each": lambda kind: kind(1).names is kind(1).names,
    "replaced": lambda kind: dataclasses.astuple(dataclasses.replace(kind(1), y=9)),
    "replaced by no field": lambda kind: dataclasses.replace(kind(1), z=9),
    "equal": lambda kind: kind(1) == kind(1),
    "not compared": lambda kind: kind(1, seen=1) == kind(1, seen=2),
    "unequal": lambda kind: kind(1) != kind(2),
    "equal to none of another class": lambda kind: kind(1) == (1, 2, [], 0),
    "hash of what has none": lambda kind: hash(kind(1)),
    "hash": lambda kind: hash(kind(1, 2, ())) == hash(kind(1, 2, (), 5)),
    "one in a set": lambda kind: len({kind(1, 2, ()), kind(1, 2, ())}),
    "set": lambda kind: setattr(kind(1), "x", 5),
    "deleted": lambda kind: delattr(kind(1), "x"),
    "too few": lambda kind: kind(),
    "too many": lambda kind: kind(1, 2, [], 4, 5),
    "unknown name": lambda kind: kind(1, z=1),
    "twice": lambda kind: kind(1, x=1),
    "slots": lambda kind: hasattr(kind(1), "__dict__"),
    "matched": lambda kind: kind.__match_args__,
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_answers_are_those_of_dataclasses(pair, ask):
    ours, theirs = pair
    assert told(lambda: ask(ours)) == told(lambda: ask(theirs))


def test_once_made_its_parameters_are_known():
    kind, _ = FROZEN
    kind(1)
    assert list(inspect.signature(kind).parameters) == ["x", "y", "names", "seen"]


def test_one_field_and_none():
    for decorate in (dataclass, dataclasses.dataclass):

        @decorate(frozen=True, slots=True)
        class One:
            x: float

        @decorate(frozen=True, slots=True)
        class Nothing:
            pass

        same = float("nan")
        assert One(same) == One(same)
        assert hash(One(3)) == hash((3,))
        assert Nothing() == Nothing()
        assert repr(Nothing()).endswith("Nothing()")
