"""The units that the harness wrote as Cargo workspaces in, one crate of those that compile out.

It is what a person would write who wanted `cargo check` over a page of snippets: every unit a
module, all dependencies together. Units with errors are left out, because Cargo ends early for
them, at names, and would be held against for less than it is asked.
"""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import toml

_CHECK = ("cargo", "check", "--offline", "--quiet")


def one_crate(workspaces: Path, crate: Path) -> list[str]:
    """Write the crate, with all that it depends on built; the names of its units.

    Raises RuntimeError where Cargo fails for another reason than an error in a unit.
    """
    units = {f"unit{n}": path for n, path in enumerate(sorted(workspaces.glob("*/*/src/lib.rs")))}
    (crate / "src").mkdir(parents=True)
    for name, path in units.items():
        (crate / "src" / f"{name}.rs").write_bytes(path.read_bytes())
    manifests = [
        toml.loads(p.parents[1].joinpath("Cargo.toml").read_text()) for p in units.values()
    ]
    (crate / "Cargo.toml").write_text(toml.dumps(_manifest(manifests)), encoding="utf-8")
    left = list(units)
    _write_root(crate, left)
    while broken := _broken(crate):
        left = [name for name in left if name not in broken]
        _write_root(crate, left)
    return [units[name].parents[1].name for name in left]


def check_argv(crate: Path) -> tuple[str, ...]:
    """Make the crate stale, but nothing that it depends on; Cargo's call that checks it."""
    root = crate / "src" / "lib.rs"
    root.write_text(root.read_text("utf-8"), encoding="utf-8")
    return _CHECK


def _manifest(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    dependencies: dict[str, Any] = {}
    for manifest in manifests:
        for name, wanted in manifest.get("dependencies", {}).items():
            dependencies[name] = _joined(dependencies.get(name, {}), wanted)
    package = {"name": "one-crate", "version": "0.0.0", "edition": "2021", "publish": False}
    profile = {"dev": {"debug": 0, "incremental": False}}
    return {"package": package, "dependencies": dependencies, "profile": profile, "workspace": {}}


def _joined(one: dict[str, Any], other: dict[str, Any] | str) -> dict[str, Any]:
    more = {"version": other} if isinstance(other, str) else other
    features = sorted({*one.get("features", ()), *more.get("features", ())})
    return {**one, **more, **({"features": features} if features else {})}


def _write_root(crate: Path, units: list[str]) -> None:
    text = "".join(f"mod {name};\n" for name in units)
    (crate / "src" / "lib.rs").write_text(f"#![allow(warnings)]\n{text}", encoding="utf-8")


def _broken(crate: Path) -> set[str]:
    """The units in which Cargo finds errors."""
    argv = (*_CHECK, "--message-format=json")
    done = subprocess.run(argv, cwd=crate, capture_output=True, text=True, check=False)  # noqa: S603
    if not done.returncode:
        return set()
    units = {path.stem for path in crate.glob("src/unit*.rs")}
    told = [json.loads(line) for line in done.stdout.splitlines()]
    found = {
        Path(place).stem
        for said in told
        if said["reason"] == "compiler-message" and said["message"]["level"] == "error"
        for span in said["message"]["spans"]
        for place in _places(span)
    }
    if not found & units:
        message = f"{' '.join(argv)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
        raise RuntimeError(message)
    return found & units


def _places(span: dict[str, Any]) -> Iterator[str]:
    """The files of a span, from a macro's own to the one that calls it."""
    while span:
        yield span["file_name"]
        span = (span["expansion"] or {}).get("span", {})
