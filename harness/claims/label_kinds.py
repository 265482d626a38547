"""The sorts of numbers that claim nothing, as values."""

from enum import Enum


class LabelKind(Enum):
    """Why a number claims nothing."""

    NAME = "name"
    """Part of a name: `p99`, `C7`, `sha256`, `x86_64`, `3-of-5`, `Windows 10`."""
    VERSION = "version"
    DATE = "date"
    CLOCK = "clock or ratio notation"
    """`10:30`, `16:9`; `10:1` is a quantity only beside the word ratio."""
    PLACE = "place"
    """A line, page, chapter, step, issue or list number."""
    CODE = "code"
    """Hexadecimal, an exit status, a port, an error number."""
    ORDINAL = "ordinal"
    SCORE = "score"
    NOTATION = "notation"
    """Mathematics, chemistry, and digits too long to be a statement."""
