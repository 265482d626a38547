"""Questions about files in, what holds now out: each with an answer that fits in a line.

A fact is a kind and its arguments. What a verdict rests on is written down as facts with their
answers, and holds for as long as all answers are the same.
"""

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from harness.cache import digest, file_identity
from harness.inputs.places import BESIDE, is_of_page, repository_root
from harness.packages import cargo_settings_identity

Fact = tuple[str, ...]
ABSENT = "-"
OUTSIDE = "outside"
_CHUNK = 1 << 16  # most files are smaller, and a large buffer costs more than to read one
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
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


def project(manifest: Path, *, is_whole: bool = False) -> Fact:
    """All that a Cargo project is made of; `is_whole` takes every package of the workspace."""
    return ("project", str(manifest), *(("whole",) if is_whole else ()))


def home(folder: Path) -> Fact:
    """What macros may read where they find their package."""
    return ("home", str(folder))


def cargo_settings(folder: Path) -> Fact:
    """The configuration of Cargo that is in force in a folder."""
    return ("cargo-settings", str(folder))


def identity(path: Path) -> Fact:
    """Size, time and inode of a file that is too large to be read each time."""
    return ("identity", str(path))


def content_answer(content: bytes) -> str:
    """The answer of `file` for a file that holds just this."""
    return sha256(content).hexdigest()[:32]


class Facts:
    """Answers, each looked up once."""

    def __init__(self, *, with_times: bool = False) -> None:
        """`with_times` also notes when packages were touched, for `untouched`."""
        self._with_times = with_times
        self._known: dict[Fact, str | None] = {}
        self._folders: dict[str, str] = {}
        self._listed: dict[str, tuple[str, ...]] = {}
        self._missing: set[str] = set()

    def answer(self, fact: Fact) -> str | None:
        """What holds now; None where it cannot be known, which is equal to nothing."""
        if fact not in self._known:
            kind, *arguments = fact
            if self._with_times and kind in TIMED:
                self.answer((_TIMES, *fact))  # before the content: a touch in between is seen
            self._known[fact] = _KINDS[kind](self, *arguments)
        return self._known[fact]

    def hold(self, answers: Iterable[tuple[Fact, str]]) -> bool:
        """Whether all answers are still the same."""
        return all(self.answer(fact) == answer for fact, answer in answers)

    def untouched(self, facts: Iterable[Fact], now: "Facts") -> bool:
        """Whether what these facts were answered from is the same as when it was looked up.

        For packages also whether nothing was changed and changed back in between: what was
        built of them may hold what was there for a moment.
        """
        asked = tuple(facts)
        times = tuple((_TIMES, *fact) for fact in asked if fact[0] in TIMED)
        known = ((fact, self.answer(fact)) for fact in (*asked, *times))
        return all(answer is not None and now.answer(fact) == answer for fact, answer in known)

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
        """The content's hash; a pipe or a device, which may never end, counts as no file."""
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
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
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
    from harness.package_identity import sources_identity  # noqa: PLC0415 - few name crates

    return sources_identity(Path(folder))


def _project(self: Facts, manifest: str, scope: str = "") -> str | None:
    del self
    from harness.package_identity import project_identity  # noqa: PLC0415 - few are in one

    return project_identity(Path(manifest), is_whole=bool(scope))


def _home(self: Facts, folder: str) -> str | None:
    del self
    from harness.package_identity import home_identity  # noqa: PLC0415 - as for projects

    return home_identity(Path(folder))


def _cargo_settings(self: Facts, folder: str) -> str | None:
    del self
    found = cargo_settings_identity(Path(folder))
    return None if found is None else digest(*found)


def _times(self: Facts, kind: str, *arguments: str) -> str | None:
    del self
    from harness import package_identity  # noqa: PLC0415 - only where something is compiled

    path = Path(arguments[0])
    if kind == "project":
        return package_identity.project_times(path, is_whole=len(arguments) > 1)
    if kind == "home":
        return package_identity.home_times(path)
    if kind == "cargo-settings":
        return package_identity.settings_times(path)
    return package_identity.sources_times(path)


_TIMES = "times"
"""When what another fact is answered from was touched: held within a run, never kept."""
TIMED = frozenset({"package", "project", "home", "cargo-settings"})
"""Kinds of facts that rest on more files than are named; `Facts.untouched` is for these."""


_KINDS: Mapping[str, Callable[..., str | None]] = {
    "file": Facts.file,
    "include": Facts.include,
    "beside": Facts.beside,
    "locks": Facts.locks,
    "root": _root,
    "package": _package,
    "project": _project,
    "home": _home,
    "cargo-settings": _cargo_settings,
    _TIMES: _times,
    "identity": _identity,
}
