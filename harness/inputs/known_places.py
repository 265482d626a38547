"""What is around folders and in their configurations, each looked at once in a run."""

from pathlib import Path

from harness.inputs import books
from harness.inputs.places import CONFIGURATION, find_upwards, read_configuration, repository_root
from harness.model.settings import Configuration


class KnownPlaces:
    """Answers of `places` and `books`, kept for as long as one walk lasts."""

    def __init__(self) -> None:
        self._configurations: dict[Path, Configuration] = {}
        self._books: dict[Path, books.Book] = {}
        self._roots: dict[Path, Path | None] = {}
        self._configured: dict[Path, Path | None] = {}
        self._above: dict[Path, Path | None] = {}
        self._sources: dict[Path, Path] = {}
        self._real: dict[Path, Path] = {}
        self._real_folders: dict[Path, Path] = {}

    def configuration(self, file: Path | None) -> Configuration:
        """A harness.toml, read; the empty one where there is none."""
        if file is None:
            return Configuration()
        if file not in self._configurations:
            self._configurations[file] = read_configuration(file)
        return self._configurations[file]

    def book(self, folder: Path) -> books.Book:
        """The book of a folder."""
        if folder not in self._books:
            self._books[folder] = books.read_book(folder)
        return self._books[folder]

    def real_source(self, folder: Path) -> Path:
        """The folder of a book's chapters, links resolved."""
        if folder not in self._sources:
            self._sources[folder] = self.book(folder).source.resolve()
        return self._sources[folder]

    def real(self, path: Path) -> Path:
        """The path with all links resolved."""
        known = self._real.get(path)
        if known is None:
            known = self._real[path] = self._resolved(path)
        return known

    def _resolved(self, path: Path) -> Path:
        folder = path.parent
        if not path.name or ".." in path.parts or path.is_symlink():
            return path.resolve()
        if folder not in self._real_folders:
            self._real_folders[folder] = folder.resolve()
        real = self._real_folders[folder]
        return path if real == folder else real / path.name

    def root(self, folder: Path) -> Path | None:
        """The repository around a folder."""
        if folder not in self._roots:
            self._roots[folder] = repository_root(folder)
        return self._roots[folder]

    def configured(self, folder: Path) -> Path | None:
        """The nearest harness.toml upwards."""
        if folder not in self._configured:
            self._configured[folder] = find_upwards(folder, CONFIGURATION)
        return self._configured[folder]

    def book_of(self, path: Path) -> Path | None:
        """The book that a chapter belongs to: the nearest one above whose source holds it."""
        if path.parent not in self._above:
            self._above[path.parent] = _book_above(path.parent)
        folder = self._above[path.parent]
        if folder is None or not path.is_relative_to(self.book(folder).source):
            return None
        return folder


def _book_above(folder: Path) -> Path | None:
    for above in (folder, *folder.parents):
        if (above / books.BOOK).is_file():
            return above
        if (above / ".git").exists():
            break
    return None
