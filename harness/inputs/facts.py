"""Questions about files in, what holds now out: each with an answer that fits in a line.

A fact is a kind and its arguments. What a verdict rests on is written down as facts with their
answers, and holds for as long as all answers are the same.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from harness.cache import digest, file_identity
from harness.inputs.places import BESIDE, is_of_page, repository_root

Fact = tuple[str, ...]
ABSENT = "-"
OUTSIDE = "outside"
_CHUNK = 1 << 16  # most files are smaller, and a large buffer costs more than to read one
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def file(path: Path) -> Fact:
    """What a file holds, or that there is none."""
    return ("file", _absolute(path))


def included(root: Path, path: Path) -> Fact:
    """What a file holds for a document that may include what is below a root."""
    return ("include", str(root), _absolute(path))


def _absolute(path: Path) -> str:
    """`..` stays: behind a link it leads elsewhere than the text says."""
    return os.fspath(path.absolute())


def beside(folder: Path, stem: str) -> Fact:
    """The files of a page: all that begin with its name in the folders for them."""
    return ("beside", str(folder), stem)


def locks(folder: Path) -> Fact:
    """The lock files of a folder."""
    return ("locks", str(folder))


def root_of(folder: Path) -> Fact:
    """The repository that a folder is in."""
    return ("root", str(folder))


def package(folder: Path) -> Fact:
    """All that a path dependency is made of."""
    return ("package", str(folder))


def project(manifest: Path) -> Fact:
    """All that a Cargo project is made of."""
    return ("project", str(manifest))


def identity(path: Path) -> Fact:
    """Size, time and inode of a file that is too large to be read each time."""
    return ("identity", str(path))


def content_answer(content: bytes) -> str:
    """The answer of `file` for a file that holds just this."""
    return sha256(content).hexdigest()[:32]


class Facts:
    """Answers, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[Fact, str | None] = {}
        self._folders: dict[str, str] = {}
        self._listed: dict[str, tuple[str, ...]] = {}
        self._missing: set[str] = set()

    def answer(self, fact: Fact) -> str | None:
        """What holds now; None where it cannot be known, which is equal to nothing."""
        if fact not in self._known:
            kind, *arguments = fact
            self._known[fact] = _KINDS[kind](self, *arguments)
        return self._known[fact]

    def hold(self, answers: Iterable[tuple[Fact, str]]) -> bool:
        """Whether all answers are still the same."""
        return all(self.answer(fact) == answer for fact, answer in answers)

    def include(self, root: str, path: str) -> str:
        """As `file`, by the file that links lead to; `OUTSIDE` where that is not below the root."""
        above, _, name = path.rpartition(os.sep)
        near = f"{self._real(above)}{os.sep}{name}" if above else path
        if _NO_LINK and _is_below(
            near, root
        ):  # what can be opened so is no link: none is asked for
            held = _content_of(near, _NO_LINK)
            if held is not None:
                return held
        real = self._real(path)
        return self.file(real) if _is_below(real, root) else OUTSIDE

    def _real(self, path: str) -> str:
        """As `os.path.realpath`, with each folder looked at once."""
        if f"{os.sep}..{os.sep}" in f"{path}{os.sep}":
            return os.path.realpath(path)
        if path not in self._folders:
            above, _, name = path.rpartition(os.sep)
            real = f"{self._real(above)}{os.sep}{name}" if name and above else path
            self._folders[path] = os.path.realpath(real) if os.path.islink(real) else real
        return self._folders[path]

    def file(self, path: str) -> str:
        """The content's hash."""
        folder = path.rpartition(os.sep)[0]
        if folder in self._missing:
            return ABSENT
        held = _content_of(path)
        if held is None and not os.path.isdir(folder):
            self._missing.add(folder)
        return held or ABSENT

    def beside(self, folder: str, stem: str) -> str:
        """Names and contents, in order."""
        found: list[str] = []
        for name in BESIDE:
            where = os.path.join(folder, name)
            for each in self._names(where):
                if is_of_page(each, stem):
                    answer = self.answer(("file", os.path.join(where, each)))
                    found += [name, each, str(answer)]
        return digest(*found) if found else ABSENT

    def _names(self, folder: str) -> tuple[str, ...]:
        """The names in a folder, in order; none where there is no folder."""
        if folder not in self._listed:
            self._listed[folder] = ()
            with suppress(OSError):
                self._listed[folder] = tuple(sorted(os.listdir(folder)))
        return self._listed[folder]

    def locks(self, folder: str) -> str:
        """Names and contents, in order."""
        files = sorted(Path(folder).glob("*.lock"))
        return digest(*((f.name, self.answer(("file", str(f)))) for f in files))


def _is_below(real: str, root: str) -> bool:
    return real == root or real.startswith(root.rstrip(os.sep) + os.sep)


def _content_of(path: str, flags: int = 0) -> str | None:
    """The hash of what a file holds; None where it cannot be read."""
    try:
        descriptor = os.open(path, _READ | flags)
    except OSError:
        return None
    try:
        held = sha256()
        while chunk := os.read(descriptor, _CHUNK):
            held.update(chunk)
            if len(chunk) < _CHUNK:
                break
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return held.hexdigest()[:32]


def _root(self: Facts, folder: str) -> str:
    del self
    return str(repository_root(Path(folder)))


def _identity(self: Facts, path: str) -> str:
    del self
    return repr(file_identity(Path(path)))


def _package(self: Facts, folder: str) -> str | None:
    del self
    from harness.packages import sources_identity  # noqa: PLC0415 - few documents name crates

    return sources_identity(Path(folder))


def _project(self: Facts, manifest: str) -> str | None:
    del self
    from harness.packages import project_identity  # noqa: PLC0415 - few documents are in one

    return project_identity(Path(manifest))


_KINDS: Mapping[str, Callable[..., str | None]] = {
    "file": Facts.file,
    "include": Facts.include,
    "beside": Facts.beside,
    "locks": Facts.locks,
    "root": _root,
    "package": _package,
    "project": _project,
    "identity": _identity,
}


def were_still(facts: Iterable[Fact], before: float) -> bool:
    """Whether no file of the facts was touched since a moment, in seconds since the epoch.

    A file that was changed and changed back in between has another time than before.
    """
    for kind, *arguments in facts:
        if kind in ("file", "include", "identity"):
            try:
                status = os.stat(arguments[-1])
            except OSError:
                continue
            if max(status.st_mtime, status.st_ctime) >= before:
                return False
    return True
