"""What the product promises of its speed, and whether figures keep it."""

from collections.abc import Iterable
from dataclasses import dataclass

MANY_FENCES = 200
"""Tested fences from which a book counts as large."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound that a figure is held against."""

    bound: float
    is_least: bool
    unit: str = "×"

    def told(self, figure: float) -> str:
        """The bound, and whether the figure keeps it."""
        sign = "≥" if self.is_least else "≤"
        is_met = figure >= self.bound if self.is_least else figure <= self.bound
        return f"{sign} {self.bound:g} {self.unit}: {'met' if is_met else '**missed**'}"


def at_least(bound: float) -> Goal:
    """A ratio that is to be this or more."""
    return Goal(bound, is_least=True)


def at_most(bound: float, unit: str = "×") -> Goal:
    """A figure that is to be this or less."""
    return Goal(bound, is_least=False, unit=unit)


START = {
    "no-op": at_most(0.13, "s"),
    "one block edited": at_most(0.28, "s"),
    "--help": at_most(0.10, "s"),
}
"""Over `python -c pass` in the same run."""
BREAKAGE = at_most(1.6)
LADDER = at_most(1.5)
SIZE = at_most(1.1)
PEAK = at_most(350, "MB")
TENFOLD = at_most(11)
SLOPE = at_most(1.2)
ONE_CRATE = at_most(1.5)

CHECK = "check"
RUN = "check and run"
SLEEPLESS = "check and run, no sleeping"
WITH_CONTEXT = "check, all context and ignored blocks"


def goal_of(pages: str, what: str, edition: str, fences: int, *, is_book: bool) -> Goal | None:
    """The goal of a ratio rustdoc / harness; None where there is none."""
    if is_book:
        return {
            CHECK: at_least(15 if fences >= MANY_FENCES else 10),
            SLEEPLESS: at_least(6),
        }.get(what)
    if pages.endswith("tenth-broken"):
        return {CHECK: at_least(25), RUN: at_least(15)}.get(what)
    if pages.endswith("clean") and edition == "2024":
        return {CHECK: at_least(1), RUN: at_least(1)}.get(what)
    return None


def slope(marginal: Iterable[tuple[int, float]]) -> float | None:
    """How much more a block costs from 3,000 to 10,000 blocks than from 1,000 to 3,000."""
    seconds = dict(marginal)
    if not {1000, 3000, 10000} <= seconds.keys():
        return None
    first = (seconds[3000] - seconds[1000]) / 2000
    return (seconds[10000] - seconds[3000]) / 7000 / first
