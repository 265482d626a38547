"""What Cargo wrote in, what it built and what went wrong out."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from harness.errors import HarnessError
from harness.model.command import Finished


def _messages(stdout: bytes) -> Iterator[Mapping[str, Any]]:
    for line in stdout.split(b"\n"):
        if line.startswith(b"{"):
            try:
                yield json.loads(line)
            except ValueError:
                continue


_LIBRARIES = frozenset({"lib", "rlib", "dylib", "proc-macro", "cdylib", "staticlib"})


def artifacts(stdout: bytes, search: dict[Path, None]) -> Iterator[tuple[str, Path]]:
    """Package and file of each library; adds the folders that others are to be looked for in."""
    for message in _messages(stdout):
        if message.get("reason") == "build-script-executed":
            for path in message.get("linked_paths", ()):
                search[Path(str(path).partition("=")[2] or str(path))] = None
        if message.get("reason") != "compiler-artifact":
            continue
        if not _LIBRARIES & set(message["target"]["kind"]):
            continue
        file = _library_file(message["filenames"])
        if file is not None:
            search[file.parent] = None
            yield str(message["package_id"]), file


def _library_file(names: list[str]) -> Path | None:
    order = (".rlib", ".so", ".dylib", ".dll", ".rmeta")
    by_ending = {Path(name).suffix: Path(name) for name in names}
    return next((by_ending[ending] for ending in order if ending in by_ending), None)


def first_error(stdout: bytes) -> str:
    """The first error of a dependency that does not compile, as the compiler states it."""
    for message in _messages(stdout):
        inner = message.get("message") or {}
        if message.get("reason") == "compiler-message" and inner.get("level") == "error":
            code = (inner.get("code") or {}).get("code")
            place = next((s for s in inner.get("spans", ()) if s.get("is_primary")), None)
            at = f" at {place['file_name']}:{place['line_start']}" if place else ""
            crate = str(message.get("target", {}).get("name", "a dependency"))
            return f"{crate} does not compile: {f'{code}: ' if code else ''}{inner['message']}{at}"
    return ""


def last_words(finished: Finished) -> str:
    """What Cargo said of its failure."""
    if finished.not_started:
        raise HarnessError(finished.not_started)
    text = finished.stderr.decode(errors="replace").strip()
    lines = [line for line in text.split("\n") if line.strip()]
    start = next(
        (i for i, line in enumerate(lines) if line.startswith("error")), max(0, len(lines) - 8)
    )
    return "\n".join(lines[start : start + 12]) or f"cargo ended with status {finished.status}"
