"""What a configuration and a command line ask for."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from harness.model.cargo_choice import CargoChoice
from harness.model.values import dataclass

if TYPE_CHECKING:
    from harness.model.changes import Changes


class DependencyChoice(Enum):
    """Which side `--deps` takes where a crate has a stub."""

    AUTO = "auto"
    STUB = "stub"
    REAL = "real"


class ContextChoice(Enum):
    """Where `--context` stops the ladder."""

    NONE = "none"
    DOCUMENT = "document"
    ADDED = "added"


class RunnerChoice(Enum):
    """Where `--runner` has commands run."""

    LOCAL = "local"
    DOCKER = "docker"
    AUTO = "auto"


class Verb(Enum):
    """What is done with a snippet."""

    CHECK = "check"
    TEST = "test"
    CLAIMS = "claims"
    BENCH = "bench"


@dataclass(frozen=True, slots=True)
class SnippetSettings:
    """The keys of `[snippets."ID"]`, which a `<!-- harness: … -->` comment may hold too."""

    heading: str | None = None
    """The block under the heading that begins with this text gets the key as its id."""
    context: str | None = None
    """A file of Rust items that stand above the snippet, relative to harness.toml."""
    charitable: str | None = None
    """A second such file: the reading under which the snippet compiles, if the first fails."""
    assumption: str | None = None
    """What the charitable reading assumes, in words."""
    contract: str | None = None
    """A file `NAME.rs` of tests that the block is held against, below `NAME.context.rs` or else
    its context; one that ends in `.real.rs` is read with `--deps real` only."""
    dependencies: tuple[str, ...] = ()
    """Crates that the unit may name besides those that its text shows it to need."""
    crate_type: str | None = None
    """`bin`, `lib` or `proc-macro`."""
    schema: str | None = None
    """An SQL file from which a database for checked SQL macros is made."""
    edition: str | None = None
    timeout: float | None = None
    """Seconds for a run."""
    compile_timeout: float | None = None
    """Seconds for the compiler."""
    cause: str | None = None
    """The verdict's cause in the words of whoever looked into it; shown beside the verdict."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A `harness.toml`, read; empty where there is none."""

    path: Path | None = None
    source: str | None = None
    edition: str | None = None
    exclude: tuple[str, ...] = ()
    cargo: CargoChoice = field(default_factory=CargoChoice)
    """Of `project`, `package` and the keys of features."""
    stubs_checked: bool = False
    """`stubs = "checked"`: the stubs are known to be as wide as these documents need, because a
    run with `--deps real` agreed; an error against a stub is then a failure of the snippet."""
    locks: str | None = None
    """A folder of lock files that resolution starts from: `<crate>+<crate>.lock`, sorted."""
    dependencies: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Name in the manifest → the dependency's table in Cargo's own syntax."""
    snippets: Mapping[str, SnippetSettings] = field(default_factory=dict)
    claims: Mapping[str, object] = field(default_factory=dict)
    """The `[claims]` table, as TOML has it."""
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()

    @property
    def folder(self) -> Path | None:
        """The folder that the file's paths are relative to."""
        return None if self.path is None else self.path.parent


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The options of `check` and `test`, after the configuration was taken into account."""

    verb: Verb
    deps: DependencyChoice
    context: ContextChoice
    edition: str | None
    look_at_ignored: bool
    run_seconds: float
    compile_seconds: float
    workers: int
    select: tuple[str, ...]
    deny: tuple[str, ...]
    allow: tuple[str, ...]
    strict: bool
    offline: bool
    run_directory: Path | None
    """`--test-run-directory`; None gives each run an empty folder of its own."""
    workspace: Path | None
    """Where to write the Cargo workspace of units for a person; None writes none."""
    cache: Path | None
    """Where bases and their target directory are kept; None takes the default place."""
    max_document_bytes: int
    config: Path | None
    exclude: tuple[str, ...] = ()
    """Patterns of what a walk leaves out, as in .gitignore."""
    excludes_named: bool = False
    """`--force-exclude`: files that are named are left out, too."""
    is_isolated: bool = False
    """`--isolate`: every unit is a crate of its own."""
    is_cached: bool = True
    """False with `--no-cache`: nothing is taken from an earlier run, and nothing is kept."""
    runner: RunnerChoice = RunnerChoice.LOCAL
    runtime: str | None = None
    """The engine's runtime for containers, such as gVisor's; None takes the engine's own."""
    allow_sources: bool = False
    """Crates may come from git and from other registries too, where commands are confined."""
    build_seconds: float = 1800.0
    """For fetching, and for building, the crates of one base in a container."""
    changed_since: str | None = None
    """A revision: only documents that changed since then are looked at."""
    changes: "Changes | None" = None
    """As `changed_since`, with what changed; None looks at every document."""
    cargo: CargoChoice = field(default_factory=CargoChoice)
    """What is taken of the Cargo project around a document."""
