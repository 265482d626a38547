"""pytest's files in, one item a Rust block out: `pytest book/`, `pytest 'book/a.md::book/a/x-1'`.

All collected blocks are judged in one run of the pipeline, when the first of them is due. With
`--no-rust` nothing is collected.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.packages import PROSE

if TYPE_CHECKING:
    from harness.model.settings import CheckSettings
    from harness.model.verdict import Verdict

_ENDINGS = PROSE
_VERDICTS = pytest.StashKey["dict[str, list[Verdict]]"]()


class FindingError(Exception):
    """A block's verdict gates; the text is what pytest shows."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    group = parser.getgroup("harness", "Rust blocks of Markdown documents")
    group.addoption("--no-rust", action="store_true", help="collect no Rust blocks")
    group.addoption(
        "--rust-verb",
        choices=("check", "test"),
        help="compile Rust blocks, or run them too (the ini key `rust_verb`; default: check)",
    )
    parser.addini("rust_verb", "what is done with Rust blocks: check or test", default="check")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "MarkdownFile | None":
    """A document, if it is one."""
    if file_path.suffix.lower() not in _ENDINGS or parent.config.getoption("--no-rust"):
        return None
    return MarkdownFile.from_parent(parent, path=file_path)


class MarkdownFile(pytest.File):
    """A document; without a Rust block it has no items."""

    def collect(self) -> "Iterator[Block]":
        """One item a block, named by its id."""
        from harness.errors import HarnessError
        from harness.pipeline import read_snippets

        try:
            _, snippets = read_snippets((self.path,), _settings(self.config))
        except HarnessError as error:
            raise self.CollectError(str(error)) from error
        for snippet in snippets:
            yield Block.from_parent(self, name=snippet.id, line=snippet.line)


class Block(pytest.Item):
    """One Rust block."""

    def __init__(self, *, line: int, **more: Any) -> None:
        super().__init__(**more)
        self._line = line

    def runtest(self) -> None:
        """Fail if the block's verdict gates; a known or counted finding is no failure."""
        from harness.model.baseline import Standing
        from harness.model.reasons import Level, Outcome
        from harness.verdicts.wording import headline

        found = _verdicts(self.session).get(self.name, [])
        gating = [v for v in found if v.effective_level is Level.ERROR]
        if gating:
            raise FindingError("\n".join(_told(verdict) for verdict in gating))
        for verdict in found:
            if verdict.standing is Standing.KNOWN:
                pytest.xfail(headline(verdict))
        for verdict in found:
            if verdict.kind == "snippet" and verdict.outcome is not Outcome.PASS:
                pytest.skip(headline(verdict))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The finding as the harness tells it; anything else as pytest does."""
        if isinstance(excinfo.value, FindingError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The block's place; pytest counts lines from 0."""
        return self.path, self._line - 1, self.name


def _told(verdict: "Verdict") -> str:
    from harness.escaping import no_command, printable
    from harness.verdicts.wording import details, headline, place

    path, line, column = place(verdict)
    head = no_command(f"{printable(path)}:{line}:{column}: {headline(verdict)}")
    return "\n".join((head, *(f"    {text}" for text in details(verdict))))


def _verdicts(session: pytest.Session) -> "dict[str, list[Verdict]]":
    """The verdicts on all blocks of the session, by id; made once."""
    if _VERDICTS not in session.stash:
        session.stash[_VERDICTS] = _judge(session)
    return session.stash[_VERDICTS]


def _judge(session: pytest.Session) -> "dict[str, list[Verdict]]":
    from harness.baseline_files import BaselineSettings, hold_against_baselines
    from harness.pipeline import check
    from harness.progress import Progress
    from harness.runners.executor import Executor

    blocks = [item for item in session.items if isinstance(item, Block)]
    paths = tuple(dict.fromkeys(item.path for item in blocks))
    settings = _settings(session.config, tuple(item.name for item in blocks))
    executor = Executor()
    try:
        report = check(paths, settings, executor, Progress(is_quiet=True))
    except BaseException:
        executor.stop()
        raise
    held = hold_against_baselines(report, BaselineSettings())
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in held.verdicts:
        verdicts.setdefault(verdict.id, []).append(verdict)
    return verdicts


def _settings(config: pytest.Config, select: tuple[str, ...] = ()) -> "CheckSettings":
    from harness.cli import settings_of

    verb = config.getoption("--rust-verb") or config.getini("rust_verb")
    return settings_of(verb, {"select": select})
