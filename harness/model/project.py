"""A Cargo project around documents, and what it puts in reach."""

from collections.abc import Mapping
from dataclasses import field

from harness.model.cargo_choice import CargoChoice
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Reached:
    """A crate that the packages of a project can name."""

    name: str
    """As code names it."""
    package: str
    version: str
    """The locked one."""
    id: str
    """What Cargo calls it."""
    members: tuple[str, ...]
    """The packages of the project that name it so."""
    table: tuple[tuple[str, object], ...]
    """How a manifest elsewhere would name it."""


@dataclass(frozen=True, slots=True)
class Project:
    """A Cargo project, read: its packages that are taken, and the crates that those can name."""

    manifest: str
    """The nearest Cargo.toml, absolute."""
    root: str
    """The folder of the workspace, else of the package."""
    choice: CargoChoice
    packages: tuple[str, ...] = ()
    edition: str | None = None
    """The one that all packages taken have; None where they differ."""
    folder: str = ""
    """The generated workspace that depends on all of it; empty where it could not be made."""
    reach: Mapping[str, tuple[Reached, ...]] = field(default_factory=dict)
    """Name in code → the crates that it may mean; more than one is ambiguous."""
    home: str = ""
    """The folder of the one package that is taken; empty where there are several."""
    cause: str = ""
    """Why Cargo could not read or resolve the project; empty where it could."""
    notes: tuple[str, ...] = ()
    """What of the project's settings is not in force here."""
