"""Plain tables in, TOML text out that reads back as just those tables."""

import tomllib
from collections.abc import Mapping

from harness import toml_text
from harness.errors import HarnessError


def write_toml(table: Mapping[str, object]) -> str:
    """The table as TOML.

    The library that writes is known to lose nested tables and to write some strings wrongly
    without a word, so every text is read back and compared; a difference is a `HarnessError`.
    """
    import toml  # noqa: PLC0415 - few runs write a manifest

    plain = {str(key): _plain(value) for key, value in table.items()}
    try:
        text = toml.dumps(plain)
        read = toml_text.parse(text)
    except (tomllib.TOMLDecodeError, TypeError, ValueError, LookupError) as error:
        message = f"a manifest cannot be written as TOML: {error}; simplify its strings and tables"
        raise HarnessError(message) from error
    if read != plain:
        message = (
            "a manifest does not read back as it was written; "
            "simplify the strings and tables of [dependencies]"
        )
        raise HarnessError(message)
    return text


def _plain(value: object) -> object:
    """Only dict, list, str, int, float and bool of just those types reach the writer."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    message = f"a manifest cannot hold {value!r}; only tables, arrays, strings, numbers, booleans"
    raise HarnessError(message)
