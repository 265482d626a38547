"""Keys in, what a compiler said earlier out: one SQLite file, bounded, for any number of runs.

An entry is written in one step or not at all, and carries a checksum: what a killed run, a full
disk, a lost write or a flipped bit leaves behind is no entry, and is compiled again.
"""

import fcntl
import hashlib
import os
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

BOUND_BYTES = 256 << 20
_NAME = "compiled-1.sqlite"
_DAMAGED = frozenset({sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT})
_CHECKSUM_BYTES = 16
_DAY = 86_400


class Cache:
    """Bytes by key. Where the file cannot be used, it is empty and keeps nothing."""

    def __init__(self, folder: Path, bound: int = BOUND_BYTES) -> None:
        """Open or make the file; one that is no database is replaced."""
        self._file = folder / _NAME
        self._bound = bound
        self._inode = 0
        self._connection = self._open()
        self._wanted: list[tuple[str, bytes, int]] = []
        self._used: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, key: str) -> bytes | None:
        """What was put at the key; None for nothing, and for an entry that is not whole."""
        found = self._ask("SELECT value, used FROM entries WHERE key = ?", key)
        if not found:
            return None
        value, used = found[0]
        checksum, packed = value[:_CHECKSUM_BYTES], value[_CHECKSUM_BYTES:]
        if _checksum(key, packed) != checksum:
            return None
        if used + _DAY < time.time():
            self._used.append(key)
        return zlib.decompress(packed)

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; other runs see it after `flush`."""
        packed = zlib.compress(value, 1)
        self._wanted.append((key, _checksum(key, packed) + packed, int(time.time())))
        if len(self._wanted) >= 200:
            self.flush()

    def flush(self) -> None:
        """Write what was put, all of it or nothing."""
        wanted, self._wanted = self._wanted, []
        used, self._used = self._used, []
        now = int(time.time())
        try:
            if self._connection is not None and (wanted or used):
                with self._connection as transaction:
                    transaction.executemany("REPLACE INTO entries VALUES (?, ?, ?)", wanted)
                    changed = [(now, key) for key in used]
                    transaction.executemany("UPDATE entries SET used = ? WHERE key = ?", changed)
        except sqlite3.Error as error:
            self._drop_damaged(error)

    def close(self) -> None:
        """Write what was put, and drop what was not used for longest until the bound holds."""
        self.flush()
        with suppress(sqlite3.Error, OSError):
            if self._connection is not None and self._file.stat().st_size > self._bound:
                self._shrink()
        with suppress(sqlite3.Error):
            if self._connection is not None:
                self._connection.close()
        self._connection = None

    def _shrink(self) -> None:
        assert self._connection is not None
        sizes = self._ask("SELECT key, length(value) FROM entries ORDER BY used DESC, rowid DESC")
        total, dropped = 0, []
        for key, size in sizes:
            total += size
            if total > self._bound // 2:
                dropped.append((key,))
        with self._connection as transaction:
            transaction.executemany("DELETE FROM entries WHERE key = ?", dropped)
        self._connection.execute("VACUUM")

    def _ask(self, query: str, *values: object) -> list[Any]:
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            self._drop_damaged(error)
            self._connection = None
            return []

    def _drop_damaged(self, error: sqlite3.Error) -> None:
        """A file that is damaged inside is gone for the next run; one that is busy stays.

        So does one that another run has put in its place.
        """
        if getattr(error, "sqlite_errorcode", None) in _DAMAGED:  # Python's own have no code
            with suppress(OSError), _alone(self._file.with_suffix(".lock")):
                if self._file.stat().st_ino == self._inode:
                    self._unlink()

    def _unlink(self) -> None:
        for name in (_NAME, f"{_NAME}-wal", f"{_NAME}-shm"):
            (self._file.parent / name).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection | None:
        """A connection, one run at a time: a new file is made, a damaged one replaced, by one."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with _alone(self._file.with_suffix(".lock")):
                try:
                    connection = _connected(self._file)
                except sqlite3.DatabaseError as error:
                    # A file that is only busy holds another run's entries: it is never replaced.
                    if error.sqlite_errorcode not in _DAMAGED:
                        return None
                    self._unlink()
                    connection = _connected(self._file)
                self._inode = self._file.stat().st_ino
                return connection
        except (sqlite3.Error, OSError):
            return None


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # What a machine without power loses is compiled again: no run waits for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS entries "
            "(key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _checksum(key: str, packed: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + packed).digest()[:_CHECKSUM_BYTES]


def digest(*parts: object) -> str:
    """One key of several parts, none of which can run into the next."""
    found = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else repr(part).encode("utf-8", "surrogatepass")
        found.update(f"{len(data)}:".encode() + data)
    return found.hexdigest()


def file_identity(file: Path) -> tuple[object, ...]:
    """What tells a file from another one at its place without reading it."""
    try:
        stat = file.stat()
    except OSError:
        return (str(file), None)
    return (str(file), stat.st_size, stat.st_mtime_ns, stat.st_ino)


def compiler_identity(rustc: Path) -> tuple[object, ...]:
    """What tells a compiler from another: its program and the libraries that do the work."""
    libraries = sorted((rustc.parent.parent / "lib").glob("*rustc_driver*"))
    return tuple(file_identity(file) for file in (rustc, *libraries))


_SEEN = ("RUST", "CARGO", "SQLX", "DATABASE_URL", "LC_", "LD_", "CC_")
_SEEN_EXACTLY = frozenset({"PATH", "CC", "LANG", "LIBRARY_PATH", "SOURCE_DATE_EPOCH", "HOME"})


def environment_identity() -> tuple[tuple[str, str], ...]:
    """The variables by which a compiler, a linker, Cargo or a macro may judge differently."""
    return tuple(
        sorted(
            (name, value)
            for name, value in os.environ.items()
            if name.startswith(_SEEN) or name in _SEEN_EXACTLY
        )
    )
