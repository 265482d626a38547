"""A base in, its crates out: fetched in one container, built in another without network.

What the network gives (sources of crates) and what building makes is kept in the cache of this
machine, as plain files that only containers read.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from harness import workspace
from harness.errors import MissingToolError
from harness.model.command import Bound, Command, Finished, Limits
from harness.model.unit import Base
from harness.model.verdict import Dependencies
from harness.runners.cargo import (
    BaseFolders,
    Broken,
    Built,
    collect,
    direct_names,
    first_error,
    last_words,
)
from harness.runners.containers.confinement import (
    BASES,
    BUILDING,
    FETCHING,
    TOOLCHAIN,
    WORK,
    Bounds,
    Purpose,
)
from harness.runners.containers.container import Keep
from harness.runners.containers.frames import TamperedError
from harness.runners.containers.handed_out import unpack
from harness.runners.containers.pool import Pool
from harness.runners.containers.recipes import BUILD, FETCH
from harness.runners.containers.remembered import keep, recall
from harness.runners.containers.sources import RefusedError, Rooms, inside_containers

_CRATES = PurePosixPath("/crates")
_CERTIFICATES = PurePosixPath("/certificates.pem")
_HERE = WORK / "base"
_TARGET = WORK / "target"
_ARCHIVE = "handed.tar"


@dataclass(frozen=True, slots=True)
class Yard:
    """Where crates are kept on this machine, and what is needed to get more."""

    pool: Pool
    folder: Path
    """Of all that is kept for containers."""
    mounts: tuple[tuple[Path, PurePosixPath], ...]
    """Worker and toolchain."""
    rooms: Rooms
    environment: Mapping[str, str]
    target: str
    """The triple that crates are built for."""
    is_known: Callable[[Base], bool]
    """Whether all crates of a base are of the harness's own registry."""
    is_offline: bool
    seconds: float
    """For each step of a base."""
    identity: str
    """Image and compiler: what was built with others is built anew."""

    @property
    def bases(self) -> Path:
        """Built crates, a folder for each set of bases that trust each other."""
        return self.folder / "bases"

    @property
    def crates(self) -> Path:
        """Sources of crates: a home of Cargo without settings and credentials."""
        return self.folder / "crates"


def build_in_container(base: Base, folders: BaseFolders, yard: Yard) -> Built | Broken:
    """Resolve, fetch and build the crates of a base; nothing of it runs on this machine."""
    if not base.crates:
        return Built((), ())
    lock = Path(base.lock) if base.lock else folders.lock
    package = workspace.write_base(base, folders.bases, lock)
    try:
        there = inside_containers(base, yard.rooms)
        mounts = yard.rooms.mounts(base)
    except RefusedError as error:
        return Broken(str(error))
    with tempfile.TemporaryDirectory(prefix="base-", dir=yard.folder) as scratch:
        written = workspace.write_base(there, Path(scratch), None)
        names = (workspace.base_name(base), workspace.base_name(there))
        files = {name: (written / name).read_bytes() for name in ("Cargo.toml", "lib.rs")} | _lock(
            package, names
        )
        work = _Work(base, there, files, mounts, Path(scratch), yard)
        try:
            fetched = work.fetch()
            if isinstance(fetched, Broken):
                return fetched
            (package / "Cargo.lock").write_bytes(_renamed(fetched, names[1], names[0]))
            return work.build(fetched)
        except TamperedError as error:
            return Broken(str(error))


def _lock(package: Path, names: tuple[str, str]) -> dict[str, bytes]:
    lock = package / "Cargo.lock"
    return {"Cargo.lock": _renamed(lock.read_bytes(), *names)} if lock.is_file() else {}


def _renamed(lock: bytes, old: str, new: str) -> bytes:
    return lock.replace(f'"{old}"'.encode(), f'"{new}"'.encode())


@dataclass(frozen=True, slots=True)
class _Work:
    """One base on its way."""

    base: Base
    there: Base
    """As a container sees it."""
    files: Mapping[str, bytes]
    mounts: tuple[tuple[Path, PurePosixPath], ...]
    scratch: Path
    yard: Yard

    def fetch(self) -> bytes | Broken:
        """Get the sources of all crates; the lock that says which."""
        yard = self.yard
        yard.crates.mkdir(parents=True, exist_ok=True)
        done = yard.folder / "fetched" / _digest(self.files)
        if done.is_file():
            return done.read_bytes()
        if yard.is_offline:
            return Broken("its crates were never fetched, and --offline forbids it")
        mounts = (*yard.mounts, *self.mounts, (yard.crates, _CRATES), *_certificates())
        purpose = Purpose("fetch", FETCHING, mounts, has_network=True)
        environment = _proxies() | {"SSL_CERT_FILE": str(_CERTIFICATES)}
        finished = self._ask(purpose, FETCH, environment, ("Cargo.lock", _ARCHIVE))
        if broken := _broken(finished):
            return broken
        lock = (self.scratch / "fetch" / "Cargo.lock").read_bytes()
        self._unpack("fetch", yard.crates, FETCHING)
        done.parent.mkdir(parents=True, exist_ok=True)
        done.write_bytes(lock)
        return lock

    def build(self, lock: bytes) -> Built | Broken:
        """Build what was fetched, without network, and keep what was made."""
        yard = self.yard
        trust = "known" if yard.is_known(self.base) else workspace.base_name(self.there)
        saved = yard.bases / trust
        kept = yard.folder / "built" / _digest({**self.files, "Cargo.lock": lock, **self._asked()})
        if known := recall(kept, yard.bases):
            return known
        yard.bases.mkdir(parents=True, exist_ok=True)
        mounts = (*yard.mounts, *self.mounts, (yard.crates, _CRATES), (yard.bases, BASES))
        purpose = Purpose("build", BUILDING, mounts)
        is_released = bool(self.base.profile)
        environment = {
            "SAVED": str(BASES / trust),
            "KIND": "release" if is_released else "debug",
            "PROFILE": "--release" if is_released else "",
        }
        names = ("metadata", "messages", _ARCHIVE)
        finished = self._ask(purpose, BUILD, environment, names, {"Cargo.lock": lock})
        folder = self.scratch / "build"
        messages = _read(folder / "messages").replace(
            str(_TARGET).encode(), str(BASES / trust).encode()
        )
        if broken := _broken(finished, messages):
            return broken
        self._unpack("build", saved, BUILDING)
        try:
            told = json.loads(_read(folder / "metadata"))
        except ValueError:
            return Broken("Cargo did not tell what it resolved")
        built = collect(messages, direct_names(told, workspace.base_name(self.there)))
        if isinstance(built, Built):
            # Which package it was is only as true as what runs there wants it to be.
            built = replace(built, packages=(), others=())
            if not self._has_own_sources():
                keep(kept, built)
        return built

    def _asked(self) -> dict[str, bytes]:
        return {"identity": self.yard.identity.encode(), "target": self.yard.target.encode()}

    def _has_own_sources(self) -> bool:
        """Whether it has crates that may change at any time; stubs stand under their hash."""
        return any(not there.is_relative_to("/stubs") for _, there in self.mounts)

    def _ask(
        self,
        purpose: Purpose,
        script: str,
        environment: Mapping[str, str],
        leaves: tuple[str, ...],
        more: Mapping[str, bytes] | None = None,
    ) -> Finished:
        variables = {
            **self.yard.environment,
            **environment,
            "CARGO": str(TOOLCHAIN / "bin" / "cargo"),
            "RUSTC": str(TOOLCHAIN / "bin" / "rustc"),
            "TARGET": self.yard.target,
            "CARGO_TERM_COLOR": "never",
            "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS": "fallback",
        }
        command = Command(
            ("/bin/sh", "-c", script),
            Path(_HERE),
            tuple(variables.items()),
            Limits(self.yard.seconds, None, 64 << 20),
            leaves=leaves,
        )
        folder = self.scratch / purpose.name
        folder.mkdir()
        keep = Keep(folder, leaves, purpose.bounds.disk_bytes)
        with self.yard.pool.one(purpose) as container:
            return container.run(command, {**self.files, **(more or {})}, keep)[0]

    def _unpack(self, name: str, folder: Path, bounds: Bounds) -> None:
        archive = self.scratch / name / _ARCHIVE
        if archive.is_file():
            unpack(archive, folder, bounds.disk_bytes, bounds.files)
            archive.unlink()


def _broken(finished: Finished, messages: bytes = b"") -> Broken | None:
    if finished.status == 0:
        return None
    told = {
        Bound.MEMORY: "building its crates used more memory than the limit",
        Bound.PROCESSES: "building its crates started more processes than the limit",
        Bound.DISK: "building its crates filled the space of its container",
        Bound.OUTPUT: "building its crates wrote more output than the limit",
        Bound.TAMPERED: "building its crates tampered with the container",
    }
    if finished.bound is not None:
        return Broken(told[finished.bound])
    if finished.timed_out:
        return Broken("building its crates took longer than --build-timeout")
    return Broken(first_error(messages) or last_words(finished))


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()[:32]


def _read(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


def _certificates() -> tuple[tuple[Path, PurePosixPath], ...]:
    """This machine's list of authorities, which the image has none of: no secret is in it."""
    places = (os.environ.get("SSL_CERT_FILE"), "/etc/ssl/certs/ca-certificates.crt")
    others = ("/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
    for place in (*places, *others):
        if place and Path(place).is_file():
            return ((Path(place).resolve(), _CERTIFICATES),)
    message = "no list of certificate authorities found; name one with SSL_CERT_FILE"
    raise MissingToolError(message)


def _proxies() -> dict[str, str]:
    """The proxies of this machine, except those whose address holds a password."""
    names = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY")
    found = {name: os.environ.get(name, "") for name in names}
    return {name: value for name, value in found.items() if value and "@" not in value}


def only_known(registry: Mapping[str, tuple[str, Mapping[str, object]]]) -> Callable[[Base], bool]:
    """Whether every crate of a base is a stub of ours or stands in the registry just so."""

    def is_known(base: Base) -> bool:
        for crate in base.crates:
            if crate.kind in (Dependencies.STUB, Dependencies.FICTIONAL):
                continue
            entry = registry.get(crate.name)
            if entry is None or _plain(entry[1]) != _plain(dict(crate.table)):
                return False
        return True

    return is_known


def _plain(table: Mapping[str, object]) -> dict[str, object]:
    return {k: list(v) if isinstance(v, (list, tuple)) else v for k, v in table.items()}
