"""Bases and units in, Cargo packages on disk out: for Cargo to build, and for a person to open."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from harness import toml_text
from harness.files import write_atomically, write_if_changed
from harness.manifests import write_toml
from harness.model.unit import Base, CrateType, Unit

BESIDE = "harness-beside"
_PROFILE = {"debug": 0, "incremental": False}
_RELEASE = {
    **_PROFILE,
    "opt-level": 3,
    "debug-assertions": False,
    "overflow-checks": False,
    "codegen-units": 16,
}
"""Cargo's release profile under the name of the usual one, so that all bases build alike."""


def base_name(base: Base) -> str:
    """A name for a base that only its crates, with their features, decide."""
    told = repr([(crate.name, crate.key, crate.table) for crate in base.crates]) + base.profile
    digest = hashlib.sha256(told.encode()).hexdigest()[:16]
    return f"base-{digest}"


def dependency_tables(base: Base) -> dict[str, dict[str, object]]:
    """The base's `[dependencies]`."""
    return {
        crate.key: {
            key: list(item) if isinstance(item, tuple) else item for key, item in crate.table
        }
        for crate in base.crates
    }


def write_base(base: Base, folder: Path, lock: bytes) -> Path:
    """A package that depends on just the base's crates; returns the folder of its manifest.

    `lock` is what a lock file to start from holds, so that resolution repeats what was tried
    before; with another lock it is another package. Without one it is empty.
    """
    package = folder / f"{base_name(base)}-{hashlib.sha256(lock).hexdigest()[:8]}"
    manifest = {
        "package": {"name": base_name(base), "version": "0.0.0", "edition": "2021"},
        "lib": {"path": "lib.rs"},
        "dependencies": dependency_tables(base),
        "profile": {"dev": _RELEASE if base.profile else _PROFILE},
        "workspace": {},
    }
    write_if_changed(package / "Cargo.toml", write_toml(manifest))
    write_if_changed(package / "lib.rs", "")
    if lock and not (package / "Cargo.lock").exists():
        write_atomically(package / "Cargo.lock", lock)
    return package


def write_workspace(
    manifests: Mapping[str, Mapping[str, object]], folder: Path, lock: bytes
) -> Path:
    """A workspace of empty libraries that starts from a lock; returns its folder.

    Another lock to start from makes another workspace, so that what Cargo adds to it stays.
    """
    told = repr(sorted((name, repr(table)) for name, table in manifests.items())).encode()
    name = f"project-{hashlib.sha256(told + lock).hexdigest()[:24]}"
    for member, table in manifests.items():
        write_if_changed(folder / name / member / "Cargo.toml", write_toml(table))
        if member:
            write_if_changed(folder / name / member / "lib.rs", "")
    if lock and not (folder / name / "Cargo.lock").exists():
        write_atomically(folder / name / "Cargo.lock", lock)
    return folder / name


def write_beside(folder: Path, base: Base) -> Path:
    """A generated workspace with one package more: for a base's crates that are no project's."""
    others = tuple(crate for crate in base.crates if not crate.id)
    found = {
        file.relative_to(folder).parent.as_posix().removeprefix("."): toml_text.parse(
            file.read_text(encoding="utf-8")
        )
        for file in folder.glob("**/Cargo.toml")
    }
    found[""]["workspace"]["members"].append(BESIDE)
    found[BESIDE] = beside_package(dependency_tables(Base(others)))
    return write_workspace(found, folder.parent, (folder / "Cargo.lock").read_bytes())


def beside_package(dependencies: Mapping[str, object]) -> dict[str, object]:
    """The manifest of that one package more."""
    return {
        "package": {"name": BESIDE, "version": "0.0.0", "edition": "2021"},
        "lib": {"path": "lib.rs"},
        "dependencies": dependencies,
    }


def write_units(units: Iterable[Unit], folder: Path) -> None:
    """A Cargo workspace a base, one package a unit, as a person would write it.

    One workspace a base, because Cargo unites features within a workspace.
    """
    by_base: dict[Base, list[Unit]] = {}
    for unit in units:
        by_base.setdefault(unit.base, []).append(unit)
    for base, members in by_base.items():
        name = base_name(base) if base.crates else "std"
        _write_workspace(members, folder / name)
    told = "\n".join(
        f"{base_name(base) if base.crates else 'std'}: "
        + (", ".join(crate.name for crate in base.crates) or "no crates")
        for base in by_base
    )
    write_if_changed(folder / "BASES.txt", told + "\n")


def _write_workspace(units: list[Unit], folder: Path) -> None:
    names = {unit: package_name(unit.snippet_id) for unit in units}
    workspace: dict[str, object] = {
        "workspace": {"resolver": "2", "members": sorted(names.values())},
        "profile": {"dev": _PROFILE},
    }
    for unit, name in names.items():
        is_program = unit.crate_type is CrateType.BIN
        source = f"src/{'main' if is_program else 'lib'}.rs"
        write_if_changed(folder / name / source, unit.text)
        write_if_changed(folder / name / "Cargo.toml", write_toml(_unit_manifest(unit, name)))
    write_if_changed(folder / "Cargo.toml", write_toml(workspace))


def _unit_manifest(unit: Unit, name: str) -> Mapping[str, object]:
    package = {"name": name, "version": "0.0.0", "edition": unit.edition, "publish": False}
    manifest: dict[str, object] = {
        "package": package,
        "dependencies": dependency_tables(unit.base),
    }
    if unit.crate_type is CrateType.PROC_MACRO:
        manifest["lib"] = {"proc-macro": True}
    return manifest


def package_name(snippet_id: str) -> str:
    """A package name that Cargo takes, whatever the id holds; different ids never share one."""
    slug = re.sub(r"[^a-z0-9]+", "-", snippet_id.lower()).strip("-")[-40:].strip("-")
    digest = hashlib.sha256(snippet_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"unit-{slug}-{digest}" if slug else f"unit-{digest}"
