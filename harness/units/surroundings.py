"""What a snippet's units may draw on: texts, settings, crates."""

from collections.abc import Mapping
from dataclasses import field

from harness.model.project import Project
from harness.model.registry import Registry
from harness.model.settings import (
    Configuration,
    ContextChoice,
    DependencyChoice,
    SnippetSettings,
)
from harness.model.source import Snippet, SourceLine
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ContextText:
    """A file of Rust items that stand above a snippet."""

    path: str
    lines: tuple[SourceLine, ...]

    schema: str = ""
    """The SQL file whose database its checked macros ask; empty where there is none."""

    @property
    def told(self) -> str:
        """What it is, in words."""
        return f"below the items of {self.path}" + (f", {self.schema}" if self.schema else "")

    @property
    def text(self) -> str:
        """The items."""
        return "".join(line.text + "\n" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a snippet's units may draw on."""

    edition: str
    settings: SnippetSettings
    configuration: Configuration
    registry: Registry
    deps: DependencyChoice
    context: ContextChoice
    given: ContextText | None = None
    """The natural reading."""
    charitable: ContextText | None = None
    page: ContextText | None = None
    """`contexts/<page>.rs`: what a page would not show; all its snippets stand below it."""
    earlier: tuple[Snippet, ...] = ()
    """The document's Rust before the snippet."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables that the compiler sees, such as the address of a database."""
    locks: Mapping[str, str] = field(default_factory=dict)
    """For the names of a base's crates, as `<crate>+<crate>`, the lock file to start from."""
    project: Project | None = None
    """The Cargo project around the document."""
