"""A claim's result file in, out its text with its age, and whether its code is younger.

Git keeps no times of files, and a clone makes all of them new. So a file that is committed has
its content since its commit or since its own time, whichever is earlier; any other has it since
its own time.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from harness.claims import Binding, Evidence
from harness.claims.evidence import LONGEST
from harness.model.changes import Changes
from harness.model.values import dataclass
from harness.packages import LOCK, MANIFEST, closure
from harness.runners.executor import Runs
from harness.runners.history import History

_SOURCES = (MANIFEST, LOCK, "build.rs")
_SKIPPED = ("target", "node_modules")
_ASKED = 20
"""Sources whose last commit is asked for, to show when they changed."""


@dataclass(frozen=True, slots=True)
class _Younger:
    """A source file that changed after the result file was written."""

    file: Path
    moment: float


class Dated:
    """Reads the result files below a folder; git is asked once for each place."""

    def __init__(self, folder: Path, executor: Runs | None) -> None:
        """`executor` runs git; None: git is not asked."""
        self._folder = folder.resolve()
        self._executor = executor
        self._histories: dict[Path, History | None] = {}

    def __call__(self, binding: Binding) -> Evidence | None:
        """The result file that a claim names, or None where it cannot be read."""
        file = Path(os.path.normpath(self._folder / binding.evidence.partition("#")[0]))
        try:
            own = file.stat().st_mtime
            with file.open(encoding="utf-8") as opened:
                text = opened.read(LONGEST + 1)
        except (OSError, ValueError):
            return None
        history = self._history(file.parent.resolve())
        written, commit = _written(history, file.resolve(), own)
        sources, fault = _code(self._folder, file, binding.code)
        if fault:
            return Evidence(text, _shown(written), commit, fault=fault)
        if not sources:
            return Evidence(text, _shown(written), f"{commit}, its code is not named")
        younger = _younger(sources, written, history)
        if younger is None:
            return Evidence(text, _shown(written), commit)
        name = os.path.relpath(younger.file, self._folder)
        return Evidence(text, _shown(written), commit, _shown(younger.moment), name)

    def _history(self, folder: Path) -> History | None:
        if self._executor is None:
            return None
        if folder not in self._histories:
            self._histories[folder] = History.around(folder, self._executor)
        return self._histories[folder]


def is_touched(folder: Path, binding: Binding, changes: Changes) -> bool:
    """Whether a claim's result file changed, or a file that it measures; what git ignores may have.

    Of a glob everything below its first folder without a wildcard counts.
    """
    if not binding.evidence:
        return False
    folder = folder.resolve()
    file = Path(os.path.normpath(folder / binding.evidence.partition("#")[0]))
    if changes.has(file):
        return True
    if binding.code:
        return any(changes.has_below(_fixed(folder, name).resolve(), ()) for name in binding.code)
    for above in file.parents:
        manifest = above / MANIFEST
        if manifest.is_file() or changes.names(manifest):
            return _is_package_touched(above, changes)
        if (above / ".git").exists():
            break
    return False


def _is_package_touched(package: Path, changes: Changes) -> bool:
    """Whether the code of a package changed, or of one that it names by a path."""
    try:
        folders = _packages(package)
    except (OSError, ValueError):
        return True
    return any(
        changes.is_blind_below(folder)
        or any(path.is_relative_to(folder) and _is_source(path.name) for path in changes.paths)
        for folder in folders
    )


def _packages(package: Path) -> dict[Path, None]:
    """The folders of a package and of all that it names by a path."""
    return dict.fromkeys((package.resolve(), *closure(package)))


def _fixed(folder: Path, name: str) -> Path:
    """What a stated name or glob begins with, as far as it has no wildcard."""
    fixed = takewhile(lambda part: not set(part) & set("*?["), Path(name).parts)
    return Path(os.path.normpath(folder.joinpath(*fixed)))


def _written(history: History | None, file: Path, own: float) -> tuple[float, str]:
    """Since when a result file has its content, and what is said of its commit."""
    if history is None:
        return own, "no commit is known"
    last = history.last(file) if file in history.committed([file]) else None
    if last is not None:
        cut = ", the history is cut off" if history.is_shallow else ""
        return min(own, last.seconds), f"commit {last.name}{cut}"
    at = history.last(until=own)
    return own, f"not committed, made on {at.name}" if at else "not committed"


def _younger(sources: list[Path], written: float, history: History | None) -> _Younger | None:
    """The source that changed last, if one changed after a time."""
    times = {file: file.stat().st_mtime for file in sources if file.exists()}
    later = [file for file, moment in times.items() if moment > written]
    if later and history is not None:
        inside = {file for file in later if file.is_relative_to(history.root)}
        clean = history.committed(inside)
        changed = history.changed(history.last(until=written))
        later = [f for f in later if f not in clean or changed is None or f in changed]
        for file in [f for f in later if f in clean][:_ASKED]:
            last = history.last(file)
            times[file] = min(times[file], last.seconds) if last else times[file]
    moments = {file: times[file] for file in later if int(times[file]) > int(written)}
    if not moments:
        return None
    file = max(moments, key=lambda one: (moments[one], one))
    return _Younger(file, moments[file])


def _code(folder: Path, file: Path, stated: Iterable[str]) -> tuple[list[Path], str]:
    """The files that a result rests on, and why they cannot be told, in words.

    Without a statement they are the Rust sources and manifests of the Cargo package around it, and
    of all that this names by a path: a crate of benches measures another one.
    """
    found: dict[Path, None] = {}
    for name in stated:
        place = folder / name
        own = [place] if place.exists() else sorted(folder.glob(name))
        files = [source for one in own for source in _files(one, is_all=True)]
        if not files:
            return [], f"`code` names no file: {name}"
        found.update(dict.fromkeys(source.resolve() for source in files))
    if found:
        return list(found), ""
    for above in file.parents:
        if (above / MANIFEST).is_file():
            try:
                folders = _packages(above)
            except (OSError, ValueError) as error:
                manifest = os.path.relpath(above / MANIFEST, folder)
                return [], f"what {manifest} is built from cannot be told: {error}"
            built = (source for one in folders for source in _files(one, is_all=False))
            return list(dict.fromkeys(source.resolve() for source in built)), ""
        if (above / ".git").exists():
            break
    return [], ""


def _files(place: Path, *, is_all: bool) -> Iterator[Path]:
    """A file itself, or a folder's files, or those of them that Cargo builds from."""
    if place.is_file():
        yield place
        return
    for above, folders, names in os.walk(place):
        folders[:] = sorted(n for n in folders if n not in _SKIPPED and not n.startswith("."))
        for name in sorted(names):
            if is_all or _is_source(name):
                yield Path(above, name)


def _is_source(name: str) -> bool:
    return name.endswith(".rs") or name in _SOURCES


def _shown(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
