"""Diagnostics in, the names that are missing out: told by codes and marked text alone."""

import re
from collections.abc import Collection, Iterable

from harness.model.values import dataclass
from harness.model.verdict import Diagnostic
from harness.units.dependencies import STANDARD

_PATH_CODES = frozenset({"E0432", "E0433"})
_NAME_CODES = frozenset({"E0405", "E0412", "E0422", "E0425", "E0531", "E0583"})
_CRATE_CODES = frozenset({"E0463"})
_KEYWORDS = frozenset({"crate", "self", "super"})
_WORD = re.compile(r"(?:r#)?\w+")


@dataclass(frozen=True, slots=True)
class Missing:
    """Names that nothing defines."""

    crates: tuple[str, ...]
    """Sorted; names that stand where only a crate can, or where a crate is the likely reading."""
    others: tuple[str, ...]
    """Sorted."""


def missing_names(errors: Iterable[Diagnostic], given: Collection[str]) -> Missing | None:
    """The missing names, if missing names are all that is wrong; else None.

    `given` are the crates that the unit can name. A path into one of them that leads nowhere
    is an error of its own, not a missing name. Another path's root in lower case
    (`rand::random()`, `use serde::Serialize`) is read as a crate: a module of the page would
    have been found.
    """
    crates: set[str] = set()
    others: set[str] = set()
    known = STANDARD | set(given)
    for error in errors:
        path = [*error.path_before.split("::"), *_WORD.findall(error.marked)]
        words = [word.removeprefix("r#") for word in path if word]
        if error.code in _CRATE_CODES and "crate" in words:  # `pub extern crate name as other;`
            words = words[words.index("crate") + 1 :]
        if not words or not is_about_a_name(error) or words[0] in known:
            return None
        if error.code is None:
            others.add(words[-1] + "!")
        elif words[0] in _KEYWORDS:
            others.add(words[-1])
        elif error.code in _CRATE_CODES or (
            error.code in _PATH_CODES and _is_like_a_crate(words[0])
        ):
            crates.add(words[0])
        elif len(words) == 1 or error.code in _PATH_CODES:
            others.add(words[0])
        else:
            return None
    return Missing(tuple(sorted(crates)), tuple(sorted(others)))


def is_about_a_name(error: Diagnostic) -> bool:
    """Whether an error only says that a name is not known."""
    known = _PATH_CODES | _NAME_CODES | _CRATE_CODES
    return error.code in known or (error.code is None and error.is_macro_name)


_MODULES_OF_STD = frozenset(
    {
        "any",
        "arch",
        "array",
        "ascii",
        "borrow",
        "boxed",
        "cell",
        "char",
        "clone",
        "cmp",
        "collections",
        "convert",
        "default",
        "env",
        "error",
        "ffi",
        "fmt",
        "fs",
        "future",
        "hash",
        "hint",
        "io",
        "iter",
        "marker",
        "mem",
        "mpsc",
        "net",
        "num",
        "ops",
        "option",
        "os",
        "panic",
        "path",
        "pin",
        "prelude",
        "primitive",
        "process",
        "ptr",
        "rc",
        "result",
        "slice",
        "str",
        "string",
        "sync",
        "task",
        "thread",
        "time",
        "vec",
    }
)


def _is_like_a_crate(root: str) -> bool:
    """A module of std that is named without `std::` lacks an import, not a crate."""
    return root == root.lower() and not root[:1].isdigit() and root not in _MODULES_OF_STD
