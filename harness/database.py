"""A schema in SQL in, the variables that let checked SQL macros ask a database of it out."""

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from harness.errors import ConfigurationError
from harness.files import cache_folder


def environment(schema: str | None, folder: Path) -> tuple[tuple[str, str], ...]:
    """The address of an SQLite file made from the schema, as the compiler's environment has it.

    Nothing without a schema. The file is kept under the hash of its schema.
    """
    if schema is None:
        return ()
    path = folder / schema
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"the schema {path} cannot be read: {error}"
        raise ConfigurationError(message) from error
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    database = cache_folder() / "schemas" / f"{digest}.sqlite3"
    if not database.exists():
        _make(database, text, path)
    with suppress(OSError):  # containers read it as nobody
        database.chmod(0o644)
    return (("DATABASE_URL", f"sqlite://{database}"),)


def _make(database: Path, text: str, path: Path) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    import tempfile  # noqa: PLC0415 - few documents have a schema

    descriptor, draft = tempfile.mkstemp(dir=database.parent)
    os.close(descriptor)
    try:
        with closing(sqlite3.connect(draft)) as connection:
            connection.executescript(text)
            connection.commit()
        Path(draft).replace(database)
    except sqlite3.Error as error:
        message = f"{path}: SQLite refuses the schema: {error}"
        raise ConfigurationError(message) from error
    finally:
        with suppress(OSError):
            Path(draft).unlink()
