"""Cargo's settings of a checkout in, those of them that hold in containers out.

What makes a crate another crate holds: flags for the compiler, variables, profiles. What names
programs, sources or places does not: wrappers, linkers, runners, credential providers, aliases,
replaced sources and patches. A registry's name keeps its meaning, and nothing else of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path, PurePosixPath
from typing import Any

from harness import toml_text
from harness.files import read_regular
from harness.inputs.places import shown
from harness.manifests import write_toml
from harness.model.values import dataclass

_MOST_BYTES = 1 << 20
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN_ONLY = frozenset({"term", "cargo-new", "future-incompat-report", "doc"})
"""Tables that change nothing of what is built."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds of one folder's settings."""

    folder: Path
    kept: Mapping[str, object]
    dropped: tuple[str, ...]
    """The keys that do not hold, or why none does."""
    file: Path
    registries: Mapping[str, str] = field(default_factory=dict)
    """Name → place, of registries."""


def settings_between(root: Path, folder: Path, there: PurePosixPath) -> Iterator[Settings]:
    """The settings of `folder` and of those above it, up to the repository's root.

    `there` is where a container sees the root. A file that leads out of the repository is left.
    """
    for above in (folder, *folder.parents):
        found = _settings_in(above, root, there / above.relative_to(root).as_posix())
        if found is not None:
            yield found
        if above == root:
            return


def _settings_in(folder: Path, root: Path, there: PurePosixPath) -> Settings | None:
    for name in ("config", "config.toml"):
        file = folder / ".cargo" / name
        try:
            if not file.exists() and not file.is_symlink():
                continue
            if not file.resolve().is_relative_to(root):
                return Settings(folder, {}, ("it leads out of the repository",), file)
            table = toml_text.parse(read_regular(file, _MOST_BYTES).decode())
        except (OSError, ValueError, RuntimeError) as error:
            return Settings(folder, {}, (f"it cannot be read: {error}",), file)
        kept = dict(_kept(table, there))
        registries = {
            name: own["index"]
            for name, own in _tables(table.get("registries"))
            if _NAME.fullmatch(name) and isinstance(own.get("index"), str)
        }
        return Settings(folder, kept, tuple(_dropped(table)), file, registries)
    return None


def registries_between(root: Path, folder: Path) -> dict[str, str]:
    """The registries that the settings of `folder` name, as variables that Cargo reads.

    They only say which place a name means: whether that is asked is decided elsewhere.
    """
    found: dict[str, str] = {}
    for own in settings_between(root, folder, PurePosixPath("/")):
        for name, index in own.registries.items():
            found.setdefault(f"CARGO_REGISTRIES_{name.upper().replace('-', '_')}_INDEX", index)
    return found


def write_settings(settings: Settings) -> bytes:
    """What holds, as Cargo reads it; a `HarnessError` for what cannot be written."""
    return write_toml(settings.kept).encode()


def told_of(settings: Settings) -> str:
    """What does not hold, in words; empty where all does."""
    if not settings.dropped:
        return ""
    return f"{shown(settings.file)}: not in force in containers: {', '.join(settings.dropped)}"


def _kept(table: Mapping[str, Any], there: PurePosixPath) -> Iterator[tuple[str, object]]:
    build = table.get("build")
    if isinstance(build, dict) and _is_flags(build.get("rustflags")):
        yield "build", {"rustflags": build["rustflags"]}
    targets = {
        name: {"rustflags": own["rustflags"]}
        for name, own in _tables(table.get("target"))
        if _is_flags(own.get("rustflags"))
    }
    if targets:
        yield "target", targets
    if isinstance(table.get("env"), dict):
        yield "env", dict(_variables(table["env"], there))
    if isinstance(table.get("profile"), dict):
        yield "profile", table["profile"]


def _variables(table: Mapping[str, Any], there: PurePosixPath) -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, str):
            yield name, value
        elif isinstance(value, dict) and isinstance(value.get("value"), str):
            text = str(there / value["value"]) if value.get("relative") is True else value["value"]
            yield name, {"value": text, "force": value.get("force") is True}


def _dropped(table: Mapping[str, Any]) -> Iterator[str]:
    for key, value in table.items():
        if key == "build" and isinstance(value, dict):
            yield from (f"build.{inner}" for inner in value if inner != "rustflags")
        elif key == "target":
            for name, own in _tables(value):
                yield from (f"target.{name}.{inner}" for inner in own if inner != "rustflags")
        elif key == "registries":
            for name, own in _tables(value):
                yield from (f"registries.{name}.{inner}" for inner in own if inner != "index")
        elif key not in ("env", "profile") and key not in _SHOWN_ONLY:
            yield key


def _tables(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield from ((name, own) for name, own in value.items() if isinstance(own, dict))


def _is_flags(value: object) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )


def folder_below(root: Path, folder: Path) -> str:
    """The folder of the settings of `folder` among those of its repository."""
    return (PurePosixPath("settings") / folder.relative_to(root).as_posix()).as_posix()
