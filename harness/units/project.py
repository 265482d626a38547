"""What Cargo says of a project in, a workspace that depends on it and the crates in reach out.

Cargo writes a lock beside the workspace that it resolves, so the project itself is never
resolved: for each of its packages a package of ours states the same dependencies, the
dev-dependencies among them, and the package itself if it has a library. Built together they
are what `cargo test --workspace --doc` builds, with the project's lock to start from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.model.project import Reached

DECLARED = "harness.toml"
"""Stands for what the documents declare themselves among a project's packages."""
IN_REACH = "-in-reach"
"""Ends the name of the generated package that stands for one of the project's."""
_LINKABLE = frozenset({"lib", "rlib", "dylib", "proc-macro"})
_PROFILE = {"debug": 0, "incremental": False}
_UNUSED_PROFILE = frozenset({"debug", "incremental", "panic", "split-debuginfo", "strip", "lto"})


@dataclass(frozen=True, slots=True)
class Member:
    """One package of a project, as `cargo metadata --no-deps` tells of it."""

    name: str
    version: str
    edition: str
    manifest: str
    library: str | None
    """The name in code of its library; None where it has none that Rust can link."""
    features: Mapping[str, tuple[str, ...]]
    dependencies: tuple[Mapping[str, Any], ...]

    @property
    def folder(self) -> str:
        """The folder of its manifest."""
        return str(PurePath(self.manifest).parent)


def members_of(metadata: Mapping[str, Any]) -> tuple[Member, ...]:
    """The packages of a workspace."""
    return tuple(
        Member(
            name=package["name"],
            version=package["version"],
            edition=package["edition"],
            manifest=package["manifest_path"],
            library=_library(package),
            features={name: tuple(told) for name, told in package["features"].items()},
            dependencies=tuple(package["dependencies"]),
        )
        for package in sorted(metadata["packages"], key=lambda package: package["name"])
        if package["id"] in metadata["workspace_members"]
    )


def _library(package: Mapping[str, Any]) -> str | None:
    for target in package["targets"]:
        if _LINKABLE & set(target["kind"]):
            return str(target["name"]).replace("-", "_")
    return None


def taken(
    members: tuple[Member, ...], manifest: str, packages: tuple[str, ...]
) -> tuple[Member, ...]:
    """The packages that a document may use.

    The named ones, else that of the nearest manifest, else, in a virtual workspace, all.
    """
    if packages:
        return tuple(member for member in members if member.name in packages)
    own = tuple(member for member in members if member.manifest == manifest)
    return own or members


def reaching(
    members: Iterable[Member], root: Mapping[str, Any], root_folder: str, extra: Mapping[str, Any]
) -> dict[str, dict[str, object]]:
    """The manifests of the generated workspace, by folder; that of the workspace is at "".

    `root` is the manifest of the project's workspace: of it, patches, resolver and profile are
    in force. `extra` are dependencies of the documents' own.
    """
    manifests: dict[str, dict[str, object]] = {}
    editions = []
    for member in members:
        manifests[member.name] = _reaching(member)
        editions.append(member.edition)
    if extra:
        manifests["harness-declared"] = _package("harness-declared", "2021") | {
            "dependencies": dict(extra)
        }
    workspace: dict[str, object] = {
        "workspace": {"members": sorted(manifests), "resolver": _resolver(root)},
        "profile": {"dev": _profile(root)},
    }
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
    table = _origin(dependency)
    if dependency["rename"]:
        table["package"] = dependency["name"]
    if dependency["features"]:
        table["features"] = list(dependency["features"])
    if not dependency["uses_default_features"]:
        table["default-features"] = False
    if dependency["optional"]:
        table["optional"] = True
    return table


def _origin(dependency: Mapping[str, Any]) -> dict[str, object]:
    source = dependency["source"] or ""
    table: dict[str, object] = {}
    if dependency["req"] != "*" or source.startswith("registry"):
        table["version"] = dependency["req"]
    if path := dependency.get("path"):
        return table | {"path": path}
    if source.startswith("git+"):
        parts = urlsplit(source.removeprefix("git+"))
        table["git"] = unquote(parts._replace(query="", fragment="").geturl())
        table |= {k: v for k, v in parse_qsl(parts.query) if k in ("branch", "tag", "rev")}
    elif registry := dependency.get("registry"):
        table["registry-index"] = registry
    return table


def reach_of(
    metadata: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, tuple[Reached, ...]]:
    """Name in code → what it may mean, from the resolved graph of the generated workspace.

    `names` gives for each generated package the project's package that it stands for.
    """
    packages = {package["id"]: package for package in metadata["packages"]}
    found: dict[str, dict[str, Reached]] = {}
    for node in metadata["resolve"]["nodes"]:
        member = names.get(packages[node["id"]]["name"])
        if member is None or packages[node["id"]]["version"] != "0.0.0":
            continue
        for dependency in node["deps"]:
            package = packages[dependency["pkg"]]
            if not dependency["name"] or _library(package) is None:
                continue
            known = found.setdefault(dependency["name"], {})
            other = known.get(package["id"])
            members = (*(other.members if other else ()), member)
            known[package["id"]] = _reached(dependency["name"], package, members)
    return {name: _meant(tuple(known.values())) for name, known in sorted(found.items())}


def _meant(claims: tuple[Reached, ...]) -> tuple[Reached, ...]:
    """What the documents declare themselves is what they mean."""
    declared = tuple(claim for claim in claims if DECLARED in claim.members)
    return declared or claims


def _reached(name: str, package: Mapping[str, Any], members: tuple[str, ...]) -> Reached:
    table: dict[str, object] = {"version": f"={package['version']}"}
    if package["source"] is None:
        table = {"path": str(PurePath(package["manifest_path"]).parent)}
    elif package["source"].startswith("git+"):
        table = _origin(dict(package) | {"req": "*"})
        table["rev"] = package["source"].rpartition("#")[2]
        table.pop("branch", None)
        table.pop("tag", None)
    elif registry := _other_registry(package["source"]):
        table["registry-index"] = registry
    if package["name"].replace("-", "_") != name:
        table["package"] = package["name"]
    return Reached(
        name=name,
        package=package["name"],
        version=package["version"],
        id=package["id"],
        members=members,
        table=tuple(sorted(table.items())),
    )


def _other_registry(source: str) -> str:
    index = source.removeprefix("registry+")
    return "" if "crates.io-index" in index or "index.crates.io" in index else index
