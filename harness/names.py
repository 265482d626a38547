"""Diagnostics in, the names that are missing out: told by codes and marked text alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from harness.model.verdict import Diagnostic

_PATH_CODES = frozenset({"E0432", "E0433"})
_NAME_CODES = frozenset({"E0405", "E0412", "E0422", "E0425", "E0531", "E0583"})
_CRATE_CODES = frozenset({"E0463"})
_KEYWORDS = frozenset({"crate", "self", "super", "Self", ""})
_ROOT = re.compile(r"\s*(?:::)?\s*((?:r#)?\w*)")


@dataclass(frozen=True, slots=True)
class Missing:
    """Names that nothing defines."""

    crates: tuple[str, ...]
    """Sorted; names that stand where only a crate can, or where a crate is the likely reading."""
    others: tuple[str, ...]
    """Sorted."""


def missing_names(errors: Iterable[Diagnostic]) -> Missing | None:
    """The missing names, if missing names are all that is wrong; else None.

    A path's root in lower case (`rand::random()`, `use serde::Serialize`) is read as a crate:
    a module of the page would have been found.
    """
    crates: set[str] = set()
    others: set[str] = set()
    for error in errors:
        root = _root(error.marked)
        if error.code in _CRATE_CODES and root:
            crates.add(root)
        elif error.code in _PATH_CODES and root not in _KEYWORDS and _is_like_a_crate(root):
            crates.add(root)
        elif error.code in _PATH_CODES | _NAME_CODES:
            others.add(_last(error.marked) if root in _KEYWORDS else root)
        elif error.code is None and error.is_macro_name:
            others.add(error.marked + "!")
        else:
            return None
    return Missing(tuple(sorted(crates)), tuple(sorted(others)))


def is_about_a_name(error: Diagnostic) -> bool:
    """Whether an error only says that a name is not known."""
    known = _PATH_CODES | _NAME_CODES | _CRATE_CODES
    return error.code in known or (error.code is None and error.is_macro_name)


def _root(marked: str) -> str:
    found = _ROOT.match(marked)
    return found[1].removeprefix("r#") if found else ""


def _last(marked: str) -> str:
    words = re.findall(r"\w+", marked)
    return words[-1] if words else "?"


def _is_like_a_crate(root: str) -> bool:
    return root == root.lower() and not root[:1].isdigit()
