"""The packages of a project in, the manifests of a workspace that depends on them out.

Cargo writes a lock beside the workspace that it resolves, so the project itself is never
resolved: for each of its packages a package of ours states the same dependencies, the
dev-dependencies among them, and the package itself if it has a library. Built together they
are what `cargo test --workspace --doc` builds, with the project's lock to start from.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from harness.units.project import IN_REACH, Member, origin_of

DECLARING = "harness-declared"
"""The generated package that states what the documents declare themselves."""
_PROFILE = {"debug": 0, "incremental": False}
_UNUSED_PROFILE = frozenset({"debug", "incremental", "panic", "split-debuginfo", "strip", "lto"})


def reaching(
    members: Iterable[Member], root: Mapping[str, Any], root_folder: str, extra: Mapping[str, Any]
) -> dict[str, dict[str, object]]:
    """The manifests of the generated workspace, by folder; that of the workspace is at "".

    `root` is the manifest of the project's workspace: of it, patches, resolver and profile are
    in force. `extra` are dependencies of the documents' own.
    """
    manifests = {member.name: _reaching(member) for member in members}
    if extra:
        manifests[DECLARING] = _package(DECLARING, "2021") | {"dependencies": dict(extra)}
    workspace: dict[str, object] = {
        "workspace": {"members": sorted(manifests), "resolver": _resolver(root)},
        "profile": {"dev": _profile(root)},
    }
    if "cargo-features" in root:
        workspace["cargo-features"] = root["cargo-features"]
    for key in ("patch", "replace"):
        if key in root:
            workspace[key] = _absolute(root[key], root_folder)
    return {"": workspace} | manifests


def _resolver(root: Mapping[str, Any]) -> str:
    stated = root.get("workspace", {}).get("resolver") or root.get("package", {}).get("resolver")
    if stated:
        return str(stated)
    edition = root.get("package", {}).get("edition", "2015")
    if isinstance(edition, dict):
        edition = root.get("workspace", {}).get("package", {}).get("edition", "2015")
    return {"2021": "2", "2024": "3"}.get(str(edition), "1")


def _profile(root: Mapping[str, Any]) -> dict[str, object]:
    """The project's own profile, for what a program does; nothing of it is for a debugger here."""
    stated = root.get("profile", {}).get("dev", {})
    kept = {key: value for key, value in stated.items() if key not in _UNUSED_PROFILE}
    return kept | _PROFILE


def _absolute(table: Any, folder: str) -> Any:
    """A table of patches with paths that do not depend on where it stands."""
    if not isinstance(table, dict):
        return table
    return {
        key: str(PurePath(folder) / value)
        if key == "path" and isinstance(value, str)
        else _absolute(value, folder)
        for key, value in table.items()
    }


def _package(name: str, edition: str) -> dict[str, object]:
    return {
        "package": {"name": name, "version": "0.0.0", "edition": edition, "publish": False},
        "lib": {"path": "lib.rs"},
    }


def _reaching(member: Member) -> dict[str, object]:
    manifest = _package(f"{member.name}{IN_REACH}", member.edition)
    tables: dict[str | None, dict[str, dict[str, object]]] = {}
    own: dict[str, object] = {"path": member.folder, "default-features": False}
    for dependency in member.dependencies:
        if dependency["kind"] == "build":
            continue
        if dependency.get("path") == member.folder:
            own["features"] = [*dependency["features"]]
            continue
        table = tables.setdefault(dependency["target"], {})
        key = dependency["rename"] or dependency["name"]
        table[key] = _both(table.get(key), _table(dependency))
    features = _features(member, tables)
    if member.library is not None:
        tables.setdefault(None, {})[member.name] = own
        # Each feature turns on the package's own of that name, with what that turns on.
        features = {name: [*told, f"{member.name}/{name}"] for name, told in features.items()}
    manifest["features"] = features
    for target, table in tables.items():
        if target is None:
            manifest["dependencies"] = table
        else:
            others = manifest.setdefault("target", {})
            assert isinstance(others, dict)
            others[target] = {"dependencies": table}
    return manifest


def _features(
    member: Member, tables: Mapping[str | None, Mapping[str, Mapping[str, object]]]
) -> dict[str, list[str]]:
    """The package's features, as far as they are about dependencies that a document can use."""
    known = {key for table in tables.values() for key in table}
    optional = {k for table in tables.values() for k, told in table.items() if told.get("optional")}

    def kept(told: str) -> Iterator[str]:
        key, slash, feature = told.partition("/")
        if told.startswith("dep:"):
            if told[4:] in optional:
                yield told
        elif not slash:
            yield told
        elif key.rstrip("?") in known:
            is_weak = key.endswith("?") and key[:-1] in optional
            yield told if is_weak else f"{key.rstrip('?')}/{feature}"

    return {
        name: [each for entry in told for each in kept(entry)]
        for name, told in member.features.items()
    }


def _both(known: dict[str, object] | None, table: dict[str, object]) -> dict[str, object]:
    """A dependency and a dev-dependency of one name: what a test of the package would have."""
    if known is None:
        return table
    features = {*_strings(known, "features"), *_strings(table, "features")}
    merged = known | table | {"features": sorted(features)}
    if known.get("default-features", True) or table.get("default-features", True):
        merged.pop("default-features", None)
    if not (known.get("optional") and table.get("optional")):
        merged.pop("optional", None)
    return merged


def _strings(table: Mapping[str, object], key: str) -> list[str]:
    value = table.get(key, [])
    return value if isinstance(value, list) else []


def _table(dependency: Mapping[str, Any]) -> dict[str, object]:
    """A dependency as a manifest states it."""
    table = origin_of(dependency)
    if dependency["rename"]:
        table["package"] = dependency["name"]
    if dependency["features"]:
        table["features"] = list(dependency["features"])
    if not dependency["uses_default_features"]:
        table["default-features"] = False
    if dependency["optional"]:
        table["optional"] = True
    return table
