"""Paths in, what changes around them out, for as long as somebody listens."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from harness.errors import MissingToolError
from harness.inputs.places import repository_root
from harness.model.changes import Changes

_LEFT_OUT = frozenset({".git", ".venv", "__pycache__", "node_modules", "target"})
_SETTLED_MS = 50
_ANSWER_MS = 250


def changes_around(paths: Iterable[Path]) -> Iterator[Changes]:
    """What changed since the last time, whenever something did.

    Whole repositories are watched: a page can include files, and use packages, from anywhere in
    its own. What changes while nobody asks comes with the next answer.
    """
    try:
        watch: Any = import_module("watchfiles").watch
    except ImportError as error:
        message = "`watch` needs the package watchfiles; install `markdown-rust-harness[watch]`"
        raise MissingToolError(message) from error
    folders = dict.fromkeys(_watched(path.resolve()) for path in paths)
    batches = watch(
        *folders,
        watch_filter=_is_seen,
        step=_SETTLED_MS,
        rust_timeout=_ANSWER_MS,
        yield_on_timeout=True,
    )
    earliest = next(batches)  # from now on no change is missed
    yield Changes("at the start", frozenset())
    for batch in chain((earliest,), batches):
        if batch:
            found = (Path(name) for _, name in batch)
            yield Changes("just now", frozenset(f.parent.resolve() / f.name for f in found))


def _watched(path: Path) -> Path:
    folder = path if path.is_dir() else path.parent
    return repository_root(folder) or folder


def _is_seen(change: object, name: str) -> bool:
    del change
    return _LEFT_OUT.isdisjoint(Path(name).parts)
