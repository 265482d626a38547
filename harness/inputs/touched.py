"""Facts in, whether the files that they are about were touched since a moment out."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from harness.inputs.facts import Fact
from harness.inputs.places import BESIDE, is_of_page


def were_still(facts: Iterable[Fact], before: float) -> bool:
    """Whether no file of the facts was touched since a moment, in seconds since the epoch.

    A file that was changed and changed back in between has another time than before, and so has
    the folder of one that came and went. Packages have times of their own: `Facts.untouched`.
    """
    for kind, *arguments in facts:
        for path in _PLACES.get(kind, _no_place)(*arguments):
            try:
                status = Path(path).stat()
            except OSError:
                continue
            if max(status.st_mtime, status.st_ctime) >= before:
                return False
    return True


def _no_place(*_: str) -> Iterable[str | Path]:
    return ()


def _its_place(*arguments: str) -> Iterable[str | Path]:
    return arguments[-1:]


def _beside_places(folder: str, stem: str) -> Iterable[str | Path]:
    for name in BESIDE:
        where = Path(folder, name)
        yield where
        with suppress(OSError):
            yield from (file for file in where.iterdir() if is_of_page(file.name, stem))


def _locks_places(folder: str) -> Iterable[str | Path]:
    return (folder, *Path(folder).glob("*.lock"))


_PLACES: Mapping[str, Callable[..., Iterable[str | Path]]] = {
    "file": _its_place,
    "include": _its_place,
    "identity": _its_place,
    "beside": _beside_places,
    "locks": _locks_places,
}
