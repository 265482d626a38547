"""What Cargo says of a project in, its packages and the crates in their reach out."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from harness.model.project import Reached
from harness.model.values import dataclass

DECLARED = "harness.toml"
"""Stands for what the documents declare themselves among a project's packages."""
IN_REACH = "-in-reach"
"""Ends the name of the generated package that stands for one of the project's."""
_LINKABLE = frozenset({"lib", "rlib", "dylib", "proc-macro"})


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
        table = origin_of(dict(package) | {"req": "*"})
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


def origin_of(dependency: Mapping[str, Any]) -> dict[str, object]:
    """Where Cargo takes a dependency from, as a manifest states it."""
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
