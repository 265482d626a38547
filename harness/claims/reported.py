"""A stated number and a result file in, whether the file bears it out out."""

from fractions import Fraction

from harness.claims.arithmetic import amount, in_digits, is_right
from harness.claims.bindings import Binding, Evidence
from harness.claims.evidence import EvidenceError, Measured, read_evidence
from harness.claims.quantity import Quantity
from harness.claims.units import compound
from harness.claims.values import ClaimReason, Spot
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    """What holding one number against its claim shows."""

    reason: ClaimReason
    formula: str = ""
    recomputed: str = ""
    terms: tuple[Spot, ...] = ()


def report(binding: Binding, stated: Quantity, hedged: bool, file: Evidence | None) -> Held:
    """Reported where the file holds the stated number; else a finding that names the file."""
    name, _, pointer = binding.evidence.partition("#")
    if file is None:
        return Held(ClaimReason.EVIDENCE_NOT_FOUND, f"no file {name}")
    if file.fault:
        return Held(ClaimReason.EVIDENCE_NOT_FOUND, f"{name}: {file.fault}")
    try:
        measured = read_evidence(name, pointer, file.text)
    except EvidenceError as error:
        return Held(ClaimReason.EVIDENCE_NOT_FOUND, str(error))
    parts = (f"{name}#{measured.pointer}", file.written, file.commit)
    origin = ", ".join(part for part in parts if part)
    if file.code_written and file.written and file.written < file.code_written:
        code = file.code or "the code"
        message = f"{origin}: older than {code}, changed {file.code_written}"
        return Held(ClaimReason.STALE_EVIDENCE, message)
    return _against(stated, hedged, measured, binding.unit or measured.unit, origin)


def _against(
    stated: Quantity, hedged: bool, measured: Measured, unit_text: str, origin: str
) -> Held:
    unit = compound(unit_text)
    if (unit.dimensions if unit else ()) != amount(stated).dimensions:
        return Held(
            ClaimReason.DIMENSION_ERROR, f"{origin}: `{unit_text}` is not of the stated dimension"
        )
    size = stated.measure.size if stated.measure else Fraction(1)
    face = measured.value * (unit.size if unit else 1) / size
    agrees = compares(stated, face) or is_right(stated, face, hedged)
    said = in_digits(face, stated)
    reason = ClaimReason.REPORTED if agrees else ClaimReason.WRONG
    return Held(reason, f"{origin}: {said}", said)


def compares(stated: Quantity, exact: Fraction) -> bool:
    """The exact face value is on the side that a stated comparison (`≤ 200 ms`) claims."""
    match stated.comparison.strip():
        case "<":
            return exact < stated.face
        case "≤" | "<=":
            return exact <= stated.face
        case ">":
            return exact > stated.face
        case "≥" | ">=":
            return exact >= stated.face
        case _:
            return False
