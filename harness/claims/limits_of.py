"""A quantity with a comparison (`≤ 200 ms`) and an exact value in, whether it holds out."""

from fractions import Fraction

from harness.claims.quantity import Quantity


def compares(stated: Quantity, exact: Fraction) -> bool:
    """The exact face value is on the side that the stated comparison claims."""
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
