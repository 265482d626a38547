"""A TOML text in, its table out; whatever is none is one kind of error."""

import tomllib
from typing import Any


def parse(text: str) -> dict[str, Any]:
    """As `tomllib.loads`, which has no word for tables that are nested a thousand deep.

    Raises `tomllib.TOMLDecodeError`, a ValueError.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        message = "too many tables in tables"
        raise tomllib.TOMLDecodeError(message) from None
