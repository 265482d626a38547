"""Why a unit does not share a crate."""

from enum import Enum


class Alone(Enum):
    """Why a unit goes alone, in words."""

    CRATE_KIND = "a crate for the compiler"
    TEST_CODE = "test code"
    AS_WRITTEN = "not a program"
    UNREADABLE = "brackets or characters that do not fit"
    NAMES = "letters outside ASCII in names"
    CRATE_PATH = "names its crate's root"
    ABOVE = "`super` above the snippet"
    EXTERN = "`extern crate` or a foreign block"
    ATTRIBUTE = "an attribute of the crate, or one that is not known"
    LINT = "a lint that looks at the whole crate"
    MACRO = "a macro that is not known"
    SYMBOLS = "symbols, files or names of the crate itself"
    SHADOWS = "a name of a crate is declared"
    FOREIGN_IMPL = "a foreign trait for a foreign type"
    CRATE_NOT_NAMED = "a crate that it may not load"
    MAIN = "no plain main function"
    LEFT_OVER = "nothing to share with"
    ERRORS = "it has errors to show"
    WARNINGS = "it has warnings to show"
    CULPRIT = "the compiler did not end well on a crate with it"
