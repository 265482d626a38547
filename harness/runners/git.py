"""A folder and a revision in, the files that changed since then out, as git sees them."""

import os
import shutil
from pathlib import Path

from harness.errors import MissingToolError, UsageError
from harness.model.changes import Changes
from harness.model.command import Command, Limits
from harness.runners.executor import Executor

_OPTION = "--changed-since"
_SECONDS = 120.0
_OUTPUT_BYTES = 256 << 20


def changes_since(folder: Path, revision: str, executor: Executor) -> Changes:
    """What differs between a revision and the files as they are now; new files are among it.

    A renamed file is one that went and one that came. Where git cannot say, it is an error: to
    take nothing for changed would be a pass that nothing supports.
    """
    program = shutil.which("git")
    if program is None:
        message = f"{_OPTION} asks git, which is not on the PATH; install it, or check everything"
        raise MissingToolError(message)
    ask = _Git(program, folder, executor)
    root = Path(os.fsdecode(ask("rev-parse", "--show-toplevel").rstrip(b"\n"))).resolve()
    commit = ask("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    ask = _Git(program, root, executor)
    listing = ("ls-files", "-z")
    compare = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv")
    changed = _paths(root, ask(*compare, "--ignore-submodules=none", commit.decode(), "--"))
    fresh = _paths(root, ask(*listing, "--others", "--exclude-standard"))
    known = _paths(root, ask(*listing, "--cached"))
    return Changes(f"since {revision}", changed | fresh, known | changed)


def _paths(root: Path, output: bytes) -> frozenset[Path]:
    names = (os.fsdecode(name) for name in output.split(b"\0") if name)
    return frozenset((root / name).parent.resolve() / Path(name).name for name in names)


class _Git:
    """One question to git at a time."""

    def __init__(self, program: str, folder: Path, executor: Executor) -> None:
        self._program = program
        self._folder = folder
        self._executor = executor

    def __call__(self, *arguments: str) -> bytes:
        # No program of the repository's own settings watches the files for git.
        argv = (self._program, "-c", "core.fsmonitor=false", *arguments)
        environment = {k: v for k, v in os.environ.items() if k not in _ELSEWHERE}
        limits = Limits(_SECONDS, None, _OUTPUT_BYTES)
        command = Command(argv, self._folder, tuple(environment.items()), limits)
        finished = self._executor.run(command)
        if finished.status != 0 or finished.timed_out or finished.too_much_output:
            told = finished.stderr.decode(errors="replace").strip().split("\n")[-1]
            message = (
                f"{_OPTION}: git cannot say what changed: {told or finished.not_started}; "
                "name a commit of the repository that holds the documents"
            )
            raise UsageError(message)
        return finished.stdout


_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF")
"""What would make git speak of another repository, or start another program."""
