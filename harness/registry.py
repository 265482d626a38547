"""The folder of the Rust side in, the registry of real crates and stubs out."""

import hashlib
import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from harness import shipped, toml_text
from harness.cache import Cache, digest
from harness.errors import ConfigurationError
from harness.manifests import write_toml
from harness.model.registry import Registry, Stub
from harness.model.verdict import Dependencies

STUBS = "stubs"
"""Of the cache: where the stubs are copied to, each in a folder named by what it holds."""
"""The folder of the cache that holds what containers and Cargo see of ours."""


def copy_probe(cache: Path) -> Path:
    """The crate that benches measure with, copied to where containers see crates of ours."""
    rust = shipped.rust_folder()
    checkout = rust / "crates" / "probe"
    source = checkout if checkout.is_dir() else rust / "probe"
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in (source / "Cargo.toml", *sorted((source / "src").rglob("*.rs")))
    }
    return _copied(files, cache / STUBS, "probe-")


def known_registry(folder: Path, cache: Path, kept: Cache) -> Registry:
    """As `read_registry`, of which `kept` holds what came of just these files before."""
    key = digest("registry", shipped.harness_identity(), shipped.registry_identity(folder))
    known = _kept_registry(kept.get(key), cache)
    if known is None:
        known = read_registry(folder, cache)
        kept.put(key, json.dumps(_row_of(known)).encode())
    return known


def _row_of(known: Registry) -> list[Any]:
    stubs = [
        (s.name, s.package, s.version, s.kind.value, s.why, sorted(s.environment_macros))
        for s in known.stubs.values()
    ]
    folder = known.stub_folder
    return [known.real, sorted(known.light), stubs, None if folder is None else folder.name]


def _kept_registry(data: bytes | None, cache: Path) -> Registry | None:
    """None where nothing is kept, and where the stubs are no longer in the cache."""
    if data is None:
        return None
    real, light, stubs, copied = json.loads(data)
    folder = None if copied is None else cache / STUBS / copied
    if folder is not None and not folder.is_dir():
        return None
    return Registry(
        real={name: (package, table) for name, (package, table) in real.items()},
        light=frozenset(light),
        stubs={
            name: Stub(name, package, version, Dependencies(kind), why, frozenset(macros))
            for name, package, version, kind, why, macros in stubs
        },
        stub_folder=folder,
    )


def read_registry(folder: Path, cache: Path) -> Registry:
    """The registry of `folder`, its stubs copied to `cache` so that Cargo writes nothing here."""
    manifest = _read(folder / "Cargo.toml")
    workspace = manifest.get("workspace", {})
    real = {
        name.replace("-", "_"): (name, {"version": table} if isinstance(table, str) else table)
        for name, table in workspace.get("dependencies", {}).items()
    }
    told = workspace.get("metadata", {}).get("registry", {})
    light = told.get("light", [])
    stubs = dict(_stubs(folder / "stubs"))
    return Registry(
        real=real,
        light=frozenset(name.replace("-", "_") for name in light),
        stubs=stubs,
        stub_folder=_copy_stubs(folder, cache) if stubs else None,
    )


def _stubs(folder: Path) -> Iterator[tuple[str, Stub]]:
    for path in sorted(folder.glob("*/Cargo.toml")):
        manifest = _read(path)
        package = manifest["package"]
        told = package.get("metadata", {}).get("stub", {})
        kinds = {"faithful": Dependencies.STUB, "fictional": Dependencies.FICTIONAL}
        if told.get("kind") not in kinds:
            message = f'{path}: [package.metadata.stub] kind must be "faithful" or "fictional"'
            raise ConfigurationError(message)
        name = str(package["name"]).replace("-", "_")
        yield (
            name,
            Stub(
                name=name,
                package=str(package["name"]),
                version=str(told.get("version", package.get("version", ""))),
                kind=kinds[told["kind"]],
                why=str(told.get("why", "")),
                environment_macros=frozenset(told.get("environment-macros", [])),
            ),
        )


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return toml_text.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror}; reinstall the harness"
        raise ConfigurationError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path}: not TOML: {error}"
        raise ConfigurationError(message) from error


def _copy_stubs(folder: Path, cache: Path) -> Path:
    """A copy of the stubs that no workspace surrounds, in a folder named after its content."""
    workspace = _read(folder / "Cargo.toml")["workspace"]
    stubs = folder / "stubs"
    sources = {
        path.relative_to(stubs).as_posix(): path.read_bytes()
        for path in sorted(stubs.rglob("*"))
        if path.is_file() and path.suffix in {".rs", ".toml"} and "target" not in path.parts
    }
    for name, data in sources.items():
        if name.endswith("/Cargo.toml"):
            sources[name] = _alone(data, workspace).encode()
    return _copied(sources, cache / STUBS, "")


def _copied(files: Mapping[str, bytes], folder: Path, prefix: str) -> Path:
    """The files in a folder that is named after their content."""
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    target = folder / f"{prefix}{digest.hexdigest()[:16]}"
    if target.is_dir():
        _let_read(target)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    import tempfile  # noqa: PLC0415 - the first run copies

    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=target.parent))
    try:
        for name, data in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        _let_read(draft)
        with suppress(OSError):  # another run was first
            draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _let_read(folder: Path) -> None:
    """Let containers read it, which run as nobody."""
    with suppress(OSError):
        folder.chmod(0o755)


def _alone(data: bytes, workspace: Mapping[str, Any]) -> str:
    """A stub's manifest with what it takes from its workspace put in, and no more than it needs."""
    manifest = toml_text.parse(data.decode())
    shared = workspace.get("package", {})
    package = {
        key: shared[key] if value == {"workspace": True} else value
        for key, value in manifest["package"].items()
        if key in ("name", "version", "edition")
    }
    known = workspace.get("dependencies", {})
    dependencies = {
        name: _inherited(table, known.get(name))
        for name, table in manifest.get("dependencies", {}).items()
    }
    return write_toml(
        {"package": package, "dependencies": dependencies, "features": manifest.get("features", {})}
    )


def _inherited(table: object, known: object) -> object:
    if not isinstance(table, dict) or not table.get("workspace"):
        return table
    own = {key: value for key, value in table.items() if key != "workspace"}
    return (known if isinstance(known, dict) else {"version": known}) | own
