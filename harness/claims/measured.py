"""A document and its settings in, the claims that benches decide out, with what they state."""

from harness.claims.account import read_document
from harness.claims.bindings import ClaimSettings
from harness.claims.stated import Unreadable, stated_claim
from harness.model.bench import Stated


def measured_claims(
    path: str, text: str, settings: ClaimSettings
) -> tuple[Stated | Unreadable, ...]:
    """Every bound claim with a `bench`, the document's own comments included."""
    document, bindings = read_document(path, text, settings)
    return tuple(stated_claim(document, b) for b in bindings if b.bench)
