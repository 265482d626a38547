"""Documents in, one verdict for every number in their prose out."""

from harness.claims.account import audit
from harness.claims.bindings import Binding, ClaimSettings, Evidence
from harness.claims.decided import decided
from harness.claims.settings import read_settings
from harness.claims.values import Audit, ClaimKind, ClaimReason, ClaimVerdict, Label, Summary

__all__ = [
    "Audit",
    "Binding",
    "ClaimKind",
    "ClaimReason",
    "ClaimSettings",
    "ClaimVerdict",
    "Evidence",
    "Label",
    "Summary",
    "audit",
    "decided",
    "read_settings",
]
