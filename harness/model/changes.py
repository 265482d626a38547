"""What changed on disk between two moments."""

from pathlib import Path

from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """Files that changed, came or went."""

    since: str
    """The moment, in words."""
    paths: frozenset[Path]
    """Absolute, links resolved."""
    known: frozenset[Path] | None = None
    """All files of which a change would be seen; None where that holds for every file."""

    def names(self, file: Path) -> bool:
        """Whether a file is one of those that changed."""
        return file in self.paths

    def has(self, file: Path) -> bool:
        """Whether a file changed, or could have without being seen."""
        link = file.parent.resolve() / file.name
        return self._may_differ(link) or self._may_differ(file.resolve())

    def _may_differ(self, place: Path) -> bool:
        return place in self.paths or (self.known is not None and place not in self.known)

    def has_below(self, folder: Path, without: tuple[str, ...]) -> bool:
        """Whether a file below a folder changed that does not end in one of `without`."""
        return self.is_blind_below(folder) or any(
            p.is_relative_to(folder) and p.suffix not in without for p in self.paths
        )

    def is_blind_below(self, folder: Path) -> bool:
        """Whether no change below a folder would be seen."""
        return self.known is not None and not any(p.is_relative_to(folder) for p in self.known)

    def has_other_than(self, endings: tuple[str, ...]) -> bool:
        """Whether a file changed that does not end so."""
        return any(path.suffix not in endings for path in self.paths)
