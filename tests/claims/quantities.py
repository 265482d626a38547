"""A text in, the one quantity that it is out."""

from harness.claims.quantity import DIGITS, Quantity, read_quantity


def parse_quantity(text: str) -> Quantity | None:
    """The quantity that the whole text is; None where it is none."""
    found = DIGITS.search(text)
    if found is None or found.lastgroup not in ("plain", "grouped", "fraction"):
        return None
    quantity = read_quantity(text, found)
    return quantity if quantity is not None and quantity.text == text else None
