"""Scripts in, what containers made of them out: where crates are kept, and how more are got."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from pathlib import Path, PurePosixPath

from harness.errors import MissingToolError
from harness.files import write_atomically
from harness.model.command import Command, Finished, Limits
from harness.model.unit import Base
from harness.model.values import dataclass
from harness.runners.containers.confinement import (
    FETCHING,
    STUBS,
    TOOLCHAIN,
    WORK,
    Bounds,
    Purpose,
)
from harness.runners.containers.container import Container, Keep
from harness.runners.containers.handed_out import unpack
from harness.runners.containers.pool import Pool
from harness.runners.containers.sources import Rooms
from harness.runners.containers.told import MOST_TOLD, broken, read_told
from harness.runners.project import CargoError

CRATES = PurePosixPath("/crates")
HERE = WORK / "base"
TARGET = WORK / "target"
ARCHIVE = "handed.tar"
_SOURCES = "crates"
_CERTIFICATES = PurePosixPath("/certificates.pem")

Mount = tuple[Path, PurePosixPath]
"""A folder or file of this machine, and where a container sees it, read-only."""


@dataclass(frozen=True, slots=True)
class Yard:
    """Where crates are kept on this machine, and what is needed to get more."""

    pool: Pool
    folder: Path
    """Of all that is kept for containers."""
    mounts: tuple[Mount, ...]
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
    desks: dict[Purpose, Container] = field(default_factory=dict)
    """Containers that wait for the next script that may share them."""

    @property
    def bases(self) -> Path:
        """Built crates, a folder for each set of bases that trust each other."""
        return self.folder / "bases"

    @property
    def crates(self) -> Path:
        """Sources of crates: a home of Cargo without settings and credentials."""
        return self.folder / _SOURCES

    def seen(self, rooms: Iterable[Mount]) -> tuple[Mount, ...]:
        """How containers see folders of this machine: without git's own, which can hold secrets."""
        mounts: list[Mount] = []
        for here, there in sorted(set(rooms)):
            mounts.append((here, there))
            hidden, nothing = here / ".git", self.folder / "nothing" / there.name
            if hidden.is_symlink() or not hidden.exists():
                continue
            if hidden.is_dir():
                nothing.mkdir(parents=True, exist_ok=True)
            else:
                nothing = nothing.with_suffix(".file")
                nothing.parent.mkdir(parents=True, exist_ok=True)
                nothing.touch()
            mounts.append((nothing, there / ".git"))
        return tuple(mounts)

    def fetching(self, mounts: Iterable[Mount], *, has_network: bool) -> Purpose:
        """What a container is made for that gets sources of crates."""
        self.crates.mkdir(parents=True, exist_ok=True)
        seen = (*self.mounts, *mounts, (self.crates, CRATES))
        if not has_network:
            return Purpose("fetch", FETCHING, seen)
        return Purpose("fetch", FETCHING, (*seen, *_certificates()), has_network=True)

    def fetch(
        self,
        asked: "Asked",
        rooms: Iterable[Mount],
        key: str,
        folder: Path,
        *,
        has_network: bool = True,
        may_recall: bool = True,
        may_share: bool = False,
    ) -> list[bytes]:
        """Get the sources of crates: what Cargo told then, a text for each leaf but the archive.

        `key` names all that decides what Cargo tells; what it told an earlier run is taken again,
        if that `may_recall`. Without network Cargo says what it lacks. A `CargoError` says why it
        could not.
        """
        names = [name for name in asked.leaves if name != ARCHIVE]
        kept = [self._fetched(key, name) for name in names]
        if may_recall and all(file.is_file() for file in kept):
            return [file.read_bytes() for file in kept]
        is_online = has_network and not self.is_offline
        environment = {} if is_online else {"CARGO_NET_OFFLINE": "true"}
        asked = replace(asked, environment={**asked.environment, **environment})
        purpose = self.fetching(self.seen(rooms), has_network=is_online)
        finished = self.ask(purpose, asked, folder, may_share=may_share)
        if cause := broken(finished):
            raise CargoError(cause)
        told = [read_told(folder / name) for name in names]
        take_archive(folder, self.crates, FETCHING)
        self.keep_fetched(key, dict(zip(names, told, strict=True)))
        return told

    def keep_fetched(self, key: str, told: Mapping[str, bytes]) -> None:
        """Keep what Cargo told by the name of its leaf, for another run that asks for the key."""
        for name, data in told.items():
            write_atomically(self._fetched(key, name), data)

    def _fetched(self, key: str, name: str) -> Path:
        return self.folder / "fetched" / f"{key}.{name}"

    def ask(
        self, purpose: Purpose, asked: "Asked", folder: Path, *, may_share: bool = False
    ) -> Finished:
        """Run a script in a container of its own; `folder` gets what it leaves.

        Scripts of one purpose that `may_share` have one container, one after the other.
        """
        if not may_share:
            with self.pool.one(purpose) as container:
                return self.ask_in(container, asked, folder)[0]
        is_there = purpose in self.desks
        container = self.desks.pop(purpose) if is_there else self.pool.take(purpose, more=0)
        is_usable = False
        try:
            finished, is_usable = self.ask_in(container, asked, folder)
            return finished
        finally:
            if is_usable:
                self.desks[purpose] = container
            else:
                self.pool.give_back(container)

    def ask_in(self, container: Container, asked: "Asked", folder: Path) -> tuple[Finished, bool]:
        """Run a script in this container; also whether that can be used again."""
        bounds = container.purpose.bounds
        variables = {
            **self.environment,
            **(_proxies() if container.purpose.has_network else {}),
            "SSL_CERT_FILE": str(_CERTIFICATES),
            **asked.environment,
            "CARGO": str(TOOLCHAIN / "bin" / "cargo"),
            "RUSTC": str(TOOLCHAIN / "bin" / "rustc"),
            "TARGET": self.target,
            "MOST": str(MOST_TOLD + 1),
            "CARGO_TERM_COLOR": "never",
            "CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS": "fallback",
        }
        command = Command(
            ("/bin/sh", "-c", asked.script, "sh", *asked.words),
            Path(HERE),
            tuple(variables.items()),
            Limits(self.seconds, None, 64 << 20),
            leaves=asked.leaves,
        )
        folder.mkdir()
        keep = Keep(folder, asked.leaves, bounds.disk_bytes)
        return container.run(command, dict(asked.files), keep)


def readable(folder: Path, stubs: Path | None) -> tuple[Mount, ...]:
    """Sources that compilers may show: stubs, and crates that anybody can fetch, kept in `folder`.

    The compiler tells where a crate defines something only if it can read the place.
    """
    sources = PurePosixPath("registry", "src")
    public = sorted((folder / _SOURCES / sources).glob("index.crates.io-*"))
    ours = () if stubs is None else ((stubs.resolve(), STUBS),)
    return (*ours, *((each, CRATES / sources / each.name) for each in public))


@dataclass(frozen=True, slots=True)
class Asked:
    """A script for a container, with all that it is given."""

    script: str
    environment: Mapping[str, str]
    files: Mapping[str, bytes]
    leaves: tuple[str, ...]
    words: tuple[str, ...] = ()
    """Its arguments."""


def take_archive(folder: Path, to: Path, bounds: Bounds) -> None:
    """Unpack what a container handed out."""
    archive = folder / ARCHIVE
    if archive.is_file():
        unpack(archive, to, bounds.disk_bytes, bounds.files)
        archive.unlink()


def _certificates() -> tuple[Mount, ...]:
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
