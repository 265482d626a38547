"""The files of a run, with all that was passed over and why."""

from collections.abc import Iterable
from dataclasses import field
from pathlib import Path

from harness.errors import ConfigurationError
from harness.inputs.known_places import KnownPlaces
from harness.inputs.places import shown
from harness.model.report import JudgedDocument, LeftOut, Scope
from harness.model.values import dataclass

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read."""

    path: Path
    root: Path
    """What ids and includes are relative to and stay within."""
    book: Path | None
    id: str
    """The document's id."""
    config: Path | None
    is_walked: bool
    """It was found by walking a folder, not named itself."""

    @property
    def home(self) -> Path:
        """The folder of the file's baseline: beside its harness.toml, else the root."""
        return self.root if self.config is None else self.config.absolute().parent


@dataclass(slots=True)
class Walk:
    """What one walk has found."""

    max_bytes: int
    config: Path | None
    exclude: tuple[str, ...]
    files: dict[Path, Found] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    """The folders that were named and walked."""
    passed_over: list[str] = field(default_factory=list)
    """Ids, or what ids begin with, of files that exist and were left out."""
    notes: dict[str, None] = field(default_factory=dict)
    known: KnownPlaces = field(default_factory=KnownPlaces)
    _causes: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """How many files were left out, by cause."""
        return tuple(
            LeftOut(cause, count, tuple(names))
            for cause, (count, names) in sorted(self._causes.items())
        )

    def scope(self, files: Iterable[Found], *, is_selected: bool = False) -> Scope:
        """What a run looks at that judges these files."""
        real = self.known.real
        documents = tuple(
            JudgedDocument(file.id, str(real(file.home)), file.is_walked) for file in files
        )
        walked = tuple(str(folder.resolve()) for folder in self.folders)
        return Scope(documents, walked, tuple(self.passed_over), is_selected)

    def leave_out(self, cause: str, path: Path, identity: str, count: int = 1) -> None:
        """Count a file, or the files of a folder, as left out."""
        if identity:
            self.passed_over.append(identity)
        if count:
            before, names = self._causes.get(cause, (0, []))
            if len(names) < _MOST_NAMED:
                names.append(shown(path) + ("/" if path.is_dir() else ""))
            self._causes[cause] = (before + count, names)


def refuse_equal_ids(files: Iterable[Found]) -> None:
    """Two documents of a run have two ids."""
    first: dict[str, Found] = {}
    for file in files:
        other = first.setdefault(file.id, file)
        if other is not file:
            message = (
                f"{shown(file.path)} and {shown(other.path)} would have the same id "
                f"`{file.id}`; rename one, or check them in two runs"
            )
            raise ConfigurationError(message)
