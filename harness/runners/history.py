"""Files in, out what git's history says of them: the commit that holds each, and since when.

Only plumbing that starts no program and reads no filter is asked, since a repository may be
anybody's; a file counts as committed where its bytes are just those of the last commit.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from harness.model.command import Command, Limits
from harness.model.values import dataclass
from harness.runners.executor import Runs

_SECONDS = 60.0
_OUTPUT_BYTES = 64 << 20
_LARGEST = 64 << 20
"""Bytes of a file that are compared with what is committed."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit's short name, and its committer's time in seconds since 1970."""

    name: str
    seconds: int


class History:
    """The repository that a folder stands in, as of its HEAD."""

    def __init__(self, program: str, root: Path, executor: Runs) -> None:
        self.root = root
        self._program = program
        self._executor = executor

    @classmethod
    def around(cls, folder: Path, executor: Runs) -> "History | None":
        """None where there is no git, no repository, or no commit yet."""
        program = shutil.which("git")
        if program is None:
            return None
        asked = cls(program, folder, executor)
        top = asked._ask("rev-parse", "--show-toplevel", "HEAD^{commit}")
        if not top:
            return None
        return cls(program, Path(os.fsdecode(top.split(b"\n")[0])).resolve(), executor)

    @property
    def is_shallow(self) -> bool:
        """The history is cut off, so that its first commit seems to hold everything."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def committed(self, files: Iterable[Path]) -> set[Path]:
        """Which of the files are, byte for byte, what HEAD holds."""
        wanted = {os.fsencode(file.relative_to(self.root)): file for file in files}
        if not wanted:
            return set()
        listed = self._ask("ls-tree", "-r", "-z", "--full-tree", "HEAD")
        same: set[Path] = set()
        for entry in listed.split(b"\0"):
            head, _, name = entry.partition(b"\t")
            file = wanted.get(name)
            if file is not None and _blob(file, head.split(b" ")[-1].decode()):
                same.add(file)
        return same

    def last(self, file: Path | None = None, until: float | None = None) -> Commit | None:
        """The last commit that changed a file, of those that are not after a time."""
        options = [] if until is None else [f"--before=@{int(until)} +0000"]
        places = [] if file is None else [os.fspath(file.relative_to(self.root))]
        listing = ("rev-list", "--max-count=1", "--timestamp", "--abbrev-commit")
        told = self._ask(*listing, *options, "HEAD", "--", *places).split()
        return Commit(told[1].decode(), int(told[0])) if len(told) == 2 else None

    def changed(self, since: Commit | None) -> set[Path] | None:
        """The files whose text differs between a commit and HEAD; None: all of them."""
        if since is None:
            return None
        told = self._ask("diff-tree", "-r", "-z", "--name-only", "--no-renames", since.name, "HEAD")
        return {self.root / os.fsdecode(name) for name in told.split(b"\0") if name}

    def _ask(self, *arguments: str) -> bytes:
        """What git prints; nothing where it fails."""
        argv = (self._program, "-c", "core.fsmonitor=false", *arguments)
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment = {**kept, **_ALONE}
        limits = Limits(_SECONDS, None, _OUTPUT_BYTES)
        command = Command(argv, self.root, tuple(environment.items()), limits)
        finished = self._executor.run(command)
        failed = finished.status != 0 or finished.timed_out or finished.too_much_output
        return b"" if failed else finished.stdout


_ALONE = {"GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
"""git fetches nothing, asks nobody, and writes nothing."""


def _blob(file: Path, name: str) -> bool:
    """The file's bytes are the object of this name."""
    try:
        if file.is_symlink() or file.stat().st_size > _LARGEST:
            return False
        content = file.read_bytes()
    except OSError:
        return False
    algorithm = hashlib.sha1 if len(name) == 40 else hashlib.sha256
    digest = algorithm(b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest() == name
