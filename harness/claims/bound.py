"""Bound claims and the document in, a ruling for each of their numbers out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from harness.claims.arithmetic import Amount, amount, in_digits, is_hedged, is_right
from harness.claims.bindings import Binding, ClaimSettings
from harness.claims.counts import counted
from harness.claims.decided import look_up
from harness.claims.evaluate import holds, in_text, value_of
from harness.claims.formula import DimensionError, Formula, FormulaError, parse_formula
from harness.claims.locate import AmbiguousError, Document, NotFoundError, find_figure, locate
from harness.claims.quantity import Quantity
from harness.claims.reported import Held, compares, report
from harness.claims.stated import Unreadable, stated_claim
from harness.claims.units import Dimensions, in_words
from harness.claims.values import ClaimKind, ClaimReason, Ruling, Spot
from harness.model.values import dataclass

_UNDECIDED = (ClaimReason.NOT_RUN, ClaimReason.EXTERNAL)
_BESIDE = (ClaimKind.LIMIT, ClaimKind.CONSISTENCY, ClaimKind.BEHAVIOUR)
"""Kinds that hold a number against another one: what it is computed from is checked as well."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A bound claim that cannot be held against any number."""

    binding: Binding
    reason: ClaimReason
    message: str


def rule(
    document: Document, bindings: Sequence[Binding], settings: ClaimSettings
) -> tuple[list[Ruling], list[Problem]]:
    """A ruling for each number of each bound claim, and a problem for each that has none."""
    spots: dict[str, list[Spot]] = {}
    problems: list[Problem] = []
    for binding in bindings:
        try:
            spots[binding.name] = locate(document, binding)
        except NotFoundError as error:
            problems.append(Problem(binding, ClaimReason.QUOTE_NOT_FOUND, str(error)))
        except AmbiguousError as error:
            problems.append(Problem(binding, ClaimReason.UNREADABLE_CLAIM, str(error)))
    rulings: list[Ruling] = []
    court = _Court(document, settings, {b.identifier: b for b in bindings}, spots)
    for binding in bindings:
        if binding.name not in spots:
            continue
        own = spots[binding.name]
        if binding.times is not None and len(own) != binding.times:
            message = f"the figure stands {len(own)} times, not {binding.times}"
            problems.append(Problem(binding, ClaimReason.QUOTE_NOT_FOUND, message))
        try:
            rulings.extend(court.judge(binding, own))
        except NotFoundError as error:
            problems.append(Problem(binding, ClaimReason.QUOTE_NOT_FOUND, str(error)))
        except FormulaError as error:
            problems.append(Problem(binding, ClaimReason.UNREADABLE_CLAIM, str(error)))
    return rulings, problems


@dataclass(frozen=True, slots=True)
class _Court:
    """Judges bindings of one document."""

    document: Document
    settings: ClaimSettings
    bindings: Mapping[str, Binding]
    spots: Mapping[str, list[Spot]]

    def judge(self, binding: Binding, own: list[Spot]) -> list[Ruling]:
        """One ruling for each number of one binding."""
        if binding.is_same:
            held = self._same(binding, own)
        elif binding.formula or binding.counts:
            held = [self._formula(binding, spot) for spot in own]
        elif binding.evidence:
            held = [self._reported(binding, spot) for spot in own]
        else:
            held = [Held(*self._decided(binding)) for _ in own]
        if binding.bench or binding.contract:
            decided, why = self._decided(binding)
            held = [
                replace(h, reason=decided, formula=h.formula or why)
                if h.reason is ClaimReason.RIGHT
                else h
                for h in held
            ]
        return [
            Ruling(binding.kind, h.reason, spot, h.terms, h.formula, h.recomputed, binding.name)
            for spot, h in zip(own, held, strict=True)
        ]

    def _decided(self, binding: Binding) -> tuple[ClaimReason, str]:
        """The verdict of the bench or contract in the last report, and what it says."""
        decider = binding.bench or binding.contract
        if not decider:
            is_external = binding.kind is ClaimKind.EXTERNAL
            return ClaimReason.EXTERNAL if is_external else ClaimReason.NOT_RUN, binding.reason
        if binding.bench and binding.name in self.settings.measured:
            stated = stated_claim(self.document, binding)
            if isinstance(stated, Unreadable):
                return stated.reason, stated.message
            return self.settings.measured[binding.name](stated)
        # A bench decides each of its claims by itself: one may be met and another missed.
        own = f"bench/{binding.name}"
        is_own = bool(binding.bench) and own in self.settings.decided
        return look_up(own if is_own else decider, self.settings.decided), binding.reason

    def _quantity(self, spot: Spot) -> Quantity:
        found = self.document.statement(spot).found[spot[1]]
        digits = found.text if found.text.replace(".", "", 1).isdigit() else "0"
        return found.quantity if found.quantity is not None else Quantity(digits)

    def _stated(self, binding: Binding, spot: Spot) -> Quantity:
        """The number of a claim, with the part and the unit that the claim gives it."""
        quantity = self._quantity(spot)
        if binding.part and "/" in quantity.digits:
            quantity = replace(quantity, digits=quantity.digits.split("/")[binding.part > 1])
        return replace(quantity, unit=binding.unit) if binding.unit else quantity

    def _same(self, binding: Binding, own: list[Spot]) -> list[Held]:
        """All numbers are equal; a time that one leaves out aside, and a unit that one lacks."""
        quantities = [self._stated(binding, spot) for spot in own]
        if binding.is_unsigned:
            quantities = [replace(quantity, sign="") for quantity in quantities]
        values = _comparable(quantities)
        usual = Counter(values).most_common(1)[0][0] if values else None
        reference = own[values.index(usual)] if usual else (0, 0)
        text = self._quantity(reference).text.strip()
        others = tuple(spot for spot in own if spot != reference)
        held: list[Held] = []
        for value in values:
            if value == usual:
                held.append(
                    Held(ClaimReason.RIGHT, f"stated {len(own)} times as {text}", text, others)
                )
            else:
                held.append(
                    Held(
                        ClaimReason.WRONG,
                        f"the same quantity is {text} elsewhere",
                        text,
                        (reference,),
                    )
                )
        return held

    def _names(
        self, binding: Binding, formula: Formula
    ) -> tuple[dict[str, Amount], dict[str, str], list[Spot]]:
        """Amounts, figures and spots of the names in a formula."""
        amounts: dict[str, Amount] = {}
        figures: dict[str, str] = {}
        terms: list[Spot] = []
        for name, figure in binding.given:
            spot = find_figure(self.document, figure, binding)[0]
            quantity = self._quantity(spot)
            amounts[name], figures[name] = (
                amount(quantity),
                quantity.text.removeprefix(quantity.comparison).strip(),
            )
            terms.append(spot)
        for name, count in binding.counts:
            number = counted(count, self.document.outline, self.document.lines)
            if number is None:
                raise NotFoundError(f"no heading begins with `{count.under}`")
            amounts[name], figures[name] = Amount(Fraction(number), (), True), str(number)
        for name in formula.names:
            if name in amounts:
                continue
            if name in self.settings.numbers:
                number = self.settings.numbers[name]
                amounts[name], figures[name] = Amount(Fraction(number), (), True), str(number)
            elif name in self.bindings and self.bindings[name].name in self.spots:
                other = self.bindings[name]
                spot = self.spots[other.name][0]
                quantity = self._stated(other, spot)
                amounts[name] = amount(quantity)
                figures[name] = quantity.text.removeprefix(quantity.comparison).strip()
                terms.append(spot)
        return amounts, figures, terms

    def _reported(self, binding: Binding, spot: Spot) -> Held:
        statement = self.document.statement(spot)
        stated = self._quantity(spot)
        hedged = is_hedged(statement.text, statement.found[spot[1]].start, stated)
        return report(binding, stated, hedged, self.settings.evidence(binding))

    def _formula(self, binding: Binding, spot: Spot) -> Held:
        formula = parse_formula(binding.formula or "count")
        amounts, figures, terms = self._names(binding, formula)
        stated = self._stated(binding, spot)
        for name in ("stated", binding.identifier):
            amounts.setdefault(name, amount(stated))
            figures.setdefault(name, stated.text.removeprefix(stated.comparison).strip())
        others = tuple(term for term in terms if term != spot)
        if any(name.startswith("snippets") and name not in amounts for name in formula.names):
            return Held(ClaimReason.NOT_RUN, "needs the verdicts of a report", "", others)
        statement = self.document.statement(spot)
        hedged = is_hedged(statement.text, statement.found[spot[1]].start, stated)
        try:
            held = _evaluated(formula, amounts, figures, stated, hedged)
        except DimensionError as error:
            message = f"{in_text(formula.left, figures)}: {error}"
            held = Held(ClaimReason.DIMENSION_ERROR, message)
        return replace(held, terms=others)


def _evaluated(
    formula: Formula,
    amounts: Mapping[str, Amount],
    figures: Mapping[str, str],
    stated: Quantity,
    hedged: bool,
) -> Held:
    """A comparison that holds or not, or a value that the stated one must be."""
    exact = value_of(formula.left, amounts)
    text = in_text(formula.left, figures)
    if formula.right is not None:
        line = f"{text} {formula.test} {in_text(formula.right, figures)}"
        if holds(exact, formula.test, value_of(formula.right, amounts)):
            return Held(ClaimReason.RIGHT, line)
        return Held(ClaimReason.WRONG, f"{line} does not hold")
    own = amount(stated)
    if own.dimensions != exact.dimensions:
        message = f"{text} is {in_words(exact.dimensions)}, stated is {in_words(own.dimensions)}"
        return Held(ClaimReason.DIMENSION_ERROR, message)
    face = exact.value / (stated.measure.size if stated.measure else 1)
    said = in_digits(face, stated)
    line = f"{text} = {said}"
    if formula.left.op == "name":
        line = f"{_words(formula.left.name)} is {said}"
    agrees = compares(stated, face) or _is_near(stated, face, hedged)
    return Held(ClaimReason.RIGHT if agrees else ClaimReason.WRONG, line, said)


def _is_near(stated: Quantity, face: Fraction, hedged: bool) -> bool:
    """Right, where a value stated without a sign may be the size of a negative one."""
    if stated.sign in ("", "±"):
        return is_right(replace(stated, sign=""), abs(face), hedged)
    return is_right(stated, face, hedged)


def _words(name: str) -> str:
    return name.replace("_", " ")


Comparable = tuple[Fraction, Dimensions]


def _comparable(quantities: Sequence[Quantity]) -> list[Comparable]:
    """Sizes and dimensions, time left aside; a bare number takes the unit of the first that fits.

    A plus sign and a bound (`≤ 5 ms`) change nothing, a minus sign does.
    """
    sizes = [_size(quantity) for quantity in quantities]
    units = {
        q.face: size
        for q, size in zip(quantities, sizes, strict=True)
        if q.measure is not None and q.measure.dimensions
    }
    return [
        units.get(q.face, size) if q.measure is None else size
        for q, size in zip(quantities, sizes, strict=True)
    ]


def _size(quantity: Quantity) -> Comparable:
    measure = quantity.measure
    if measure is None or measure.dimensions == (("time", 1),):
        held = amount(quantity)
        return held.value, held.dimensions
    without = tuple(each for each in measure.dimensions if each[0] != "time")
    return quantity.face * measure.timeless, without


def named(rulings: Iterable[Ruling]) -> set[Spot]:
    """The spots that a formula recomputes: no automatic check overrules it."""
    return {
        r.subject
        for r in rulings
        if r.name and r.reason not in _UNDECIDED and r.kind not in _BESIDE
    }
