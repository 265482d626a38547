"""A base in, its crates out: fetched in one container, built in another without network.

What the network gives (sources of crates) and what building makes is kept in the cache of this
machine, as plain files that only containers read.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from harness import workspace
from harness.files import write_atomically
from harness.model.unit import Base
from harness.model.values import dataclass
from harness.model.verdict import Dependencies
from harness.runners.cargo import (
    BaseFolders,
    Broken,
    Built,
    LockError,
    collect,
    direct_names,
    is_doubled,
    write_package,
)
from harness.runners.containers.confinement import BASES, BUILDING, STUBS, Purpose
from harness.runners.containers.frames import TamperedError
from harness.runners.containers.recipes import BUILD, FETCH
from harness.runners.containers.remembered import keep, recall
from harness.runners.containers.sources import RefusedError, inside_containers
from harness.runners.containers.told import (
    MALFORMED,
    broken,
    digest,
    is_plain,
    leads_into,
    read_told,
)
from harness.runners.containers.yard import (
    ARCHIVE,
    CRATES,
    TARGET,
    Asked,
    Mount,
    Yard,
    take_archive,
)
from harness.runners.project import CargoError


def build_in_container(base: Base, folders: BaseFolders, yard: Yard) -> Built | Broken:
    """Resolve, fetch and build the crates of a base; nothing of it runs on this machine."""
    if not base.crates:
        return Built((), (), is_ours=True)
    try:
        package = write_package(base, folders)
        there = inside_containers(base, yard.rooms)
        rooms = yard.rooms.mounts(base)
    except (LockError, RefusedError) as error:
        return Broken(str(error))
    with tempfile.TemporaryDirectory(prefix="base-", dir=yard.folder) as scratch:
        written = workspace.write_base(there, Path(scratch), b"")
        names = (workspace.base_name(base), workspace.base_name(there))
        files = {name: (written / name).read_bytes() for name in ("Cargo.toml", "lib.rs")} | _lock(
            package, names
        )
        work = _Work(base, there, files, rooms, Path(scratch), yard)
        try:
            fetched = work.fetch()
            write_atomically(package / "Cargo.lock", _renamed(fetched, names[1], names[0]))
            return work.build(fetched)
        except (CargoError, TamperedError) as error:
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
    rooms: tuple[Mount, ...]
    scratch: Path
    yard: Yard

    def fetch(self) -> bytes:
        """Get the sources of all crates; the lock that says which."""
        asked = Asked(FETCH, {}, self.files, ("Cargo.lock", ARCHIVE))
        # Crates of a checkout may depend on others at any time: then Cargo is asked each time.
        (lock,) = self.yard.fetch(
            asked,
            self.rooms,
            digest(self.files),
            self.scratch / "fetch",
            may_recall=not has_own_sources(self.rooms),
            may_share=self._is_ours,
        )
        # The next run starts from this lock, and finds what was fetched under another name.
        again = digest({**self.files, "Cargo.lock": lock})
        self.yard.keep_fetched(again, {"Cargo.lock": lock})
        return lock

    def build(self, lock: bytes) -> Built | Broken:
        """Build what was fetched, without network, and keep what was made."""
        built = self._recall_or_build(lock)
        return replace(built, is_ours=self._is_ours) if isinstance(built, Built) else built

    @property
    def _is_ours(self) -> bool:
        return is_ours(self.base, self.rooms, self.yard.is_known)

    def _recall_or_build(self, lock: bytes) -> Built | Broken:
        yard = self.yard
        trust = "known" if yard.is_known(self.base) else self._own_trust()
        kept = yard.folder / "built" / digest({**self.files, "Cargo.lock": lock, **self._asked()})
        if known := recall(kept, yard.bases):
            return known
        yard.bases.mkdir(parents=True, exist_ok=True)
        target = ""
        told = self._told_of_build(lock, trust, target)
        if not isinstance(told, Broken) and is_doubled(*told):
            target = yard.target
            told = self._told_of_build(lock, trust, target)
        if isinstance(told, Broken):
            return told
        built = self._own(collect(*told, target), trust)
        if isinstance(built, Built) and not has_own_sources(self.rooms):
            keep(kept, built)
        return built

    def _own(self, built: Built | Broken, trust: str) -> Built | Broken:
        """What was built with just what the build handed out: its report is not trusted."""
        if isinstance(built, Broken):
            return built
        here, there = self.yard.bases / trust, Path(BASES / trust)
        for _, file in built.externs:
            is_own = leads_into(file, there) and is_plain(here / file.relative_to(there), here)
            if not is_own:
                return Broken("what Cargo reported of the build is not what it built")
        search = tuple(path for path in built.search if leads_into(path, there))
        return replace(built, search=search)

    def _told_of_build(
        self, lock: bytes, trust: str, target: str
    ) -> tuple[bytes, Mapping[str, str]] | Broken:
        """Build for a named target or none: Cargo's messages, and which packages were named."""
        yard = self.yard
        seen = (*yard.seen(self.rooms), (yard.crates, CRATES), (yard.bases, BASES))
        purpose = Purpose("build", BUILDING, (*yard.mounts, *seen))
        kind = "release" if self.base.profile else "debug"
        options = ("--release" if self.base.profile else "", f"--target {target}" if target else "")
        environment = {
            "SAVED": str(BASES / trust),
            "KIND": kind,
            "OPTIONS": " ".join(filter(None, options)),
        }
        names = ("metadata", "messages", ARCHIVE)
        folder = self.scratch / f"build-{target}"
        files = {**self.files, "Cargo.lock": lock}
        asked = Asked(BUILD, environment, files, names)
        # They share the folder of what is built, which is more than a container is.
        finished = yard.ask(purpose, asked, folder, may_share=self._is_ours)
        messages = read_told(folder / "messages").replace(
            str(TARGET).encode(), str(BASES / trust).encode()
        )
        if cause := broken(finished, messages):
            return Broken(cause)
        take_archive(folder, yard.bases / trust, BUILDING)
        try:
            told = json.loads(read_told(folder / "metadata"))
            named = direct_names(told, workspace.base_name(self.there))
            is_doubled(messages, named)
            # A package without a library has no name.
            if not all(name.isidentifier() for name in named.values() if name != ""):
                return Broken("Cargo named a crate as no code can")
        except MALFORMED:
            return Broken("Cargo did not tell what it resolved and built")
        return messages, named

    def _own_trust(self) -> str:
        """A name for what is shared with nothing but the same crates of the same checkouts."""
        rooms = digest({str(there): str(here).encode() for here, there in self.rooms})
        return f"{workspace.base_name(self.there)}-{rooms}"

    def _asked(self) -> dict[str, bytes]:
        return {"identity": self.yard.identity.encode(), "target": self.yard.target.encode()}


def is_ours(base: Base, rooms: Iterable[Mount], is_known: Callable[[Base], bool]) -> bool:
    """Whether no document chose what a base's crates are: also not by a lock of its own."""
    return is_known(base) and not base.lock and not has_own_sources(rooms)


def has_own_sources(rooms: Iterable[Mount]) -> bool:
    """Whether crates stand in folders that may change at any time; stubs stand under their hash."""
    return any(not there.is_relative_to(STUBS) for _, there in rooms)


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
