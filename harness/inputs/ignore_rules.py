"""The .gitignore files around a path in, whether it is left out of a walk out.

Read here rather than asked of `git ls-files`: only runners start processes, git may be missing,
and in a repository that one does not trust its settings name programs that git would start.
"""

from pathlib import Path

from harness.files import read_regular
from harness.inputs.ignore_patterns import Pattern, decide, read_patterns
from harness.model.values import dataclass


@dataclass(frozen=True, slots=True)
class IgnoreRules:
    """The rules that hold for what stands in a folder, the outermost first.

    As in git: of all patterns that match, the last one of the innermost file decides, and
    nothing below an ignored folder comes back. A person's own global excludes are not read, so
    that two machines see the same files.
    """

    levels: tuple[tuple[Path, tuple[Pattern, ...]], ...] = ()

    @classmethod
    def above(cls, folder: Path, root: Path | None) -> "IgnoreRules":
        """The rules of the folders from the repository's root down to above `folder`.

        None of them hold where they ignore `folder` itself: it was named on purpose.
        """
        if root is None:
            return cls()
        rules = cls(_levels(root / ".git" / "info" / "exclude", root))
        parents = [p for p in folder.parents if p.is_relative_to(root)]
        for parent in reversed(parents):
            rules = rules.entering(parent)
        return cls() if rules.ignores(folder, is_folder=True) else rules

    def entering(self, folder: Path) -> "IgnoreRules":
        """The rules with those of the folder's own .gitignore."""
        return IgnoreRules(self.levels + _levels(folder / ".gitignore", folder))

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git would leave the path out, unless it is tracked all the same."""
        for base, patterns in reversed(self.levels):
            if path.is_relative_to(base):
                name = path.relative_to(base).as_posix()
                decided = decide(patterns, name, is_folder=is_folder)
                if decided is not None:
                    return decided
        return False


def _levels(file: Path, base: Path) -> tuple[tuple[Path, tuple[Pattern, ...]], ...]:
    try:
        text = read_regular(file).decode("utf-8", "replace")
    except OSError:
        return ()
    return ((base, read_patterns(text.removeprefix("\ufeff").split("\n"))),)
