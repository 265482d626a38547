"""The options of the verbs, in groups that several verbs share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from harness.reports import FORMATS

Decorator = Callable[[Any], Any]
_EDITIONS = ("2015", "2018", "2021", "2024")


_GROUPS = "option_groups"


def options(*groups: tuple[Decorator, ...]) -> Decorator:
    """All options of the groups, in the order in which help shows them, before any others."""

    def decorate(function: Any) -> Any:
        setattr(function, _GROUPS, groups)
        return function

    return decorate


class Verb(click.Command):
    """A verb whose options are made when they are asked for: most runs ask for those of one."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """As click has it."""
        groups = vars(self.callback).pop(_GROUPS, ())
        if groups:
            self.params = [*_made(groups), *self.params]
        return super().get_params(ctx)


def _made(groups: tuple[tuple[Decorator, ...], ...]) -> list[click.Parameter]:
    def bearer() -> None: ...

    for option in reversed([option for group in groups for option in group]):
        option(bearer)
    return click.command()(bearer).params


DOCUMENTS: tuple[Decorator, ...] = (
    click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path)),
    click.option(
        "--select",
        metavar="ID",
        multiple=True,
        help="Only these blocks: an id, a glob of ids, or PATH:LINE. Repeatable.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Use this harness.toml instead of the nearest one upwards.",
    ),
    click.option(
        "--exclude",
        metavar="PATTERN",
        multiple=True,
        help="Leave out of a folder's walk, as .gitignore writes it. Repeatable.",
    ),
    click.option(
        "--force-exclude",
        is_flag=True,
        help="Leave out files that are named, too, where `exclude` says so: for pre-commit.",
    ),
    click.option(
        "--max-size",
        metavar="MB",
        type=click.IntRange(1, 4096),
        default=64,
        show_default=True,
        help="Refuse documents larger than this.",
    ),
)
"""Which documents are read, and which of their blocks."""

COMPILING: tuple[Decorator, ...] = (
    click.option(
        "--edition", type=click.Choice(_EDITIONS), help="Edition of blocks that state none."
    ),
    click.option(
        "--deps",
        type=click.Choice(("auto", "stub", "real")),
        default="auto",
        show_default=True,
        help="For crates that are not declared: light ones real and others as stubs, "
        "or one side only.",
    ),
    click.option(
        "--context",
        "context_",
        type=click.Choice(("none", "document", "added")),
        default="added",
        show_default=True,
        help="How much may be put around a block to make it a program.",
    ),
    click.option("--no-ignored", is_flag=True, help="Leave out blocks marked `ignore`."),
    click.option(
        "--compile-timeout",
        metavar="SECONDS",
        type=click.FloatRange(0.1, 86400),
        default=6.0,
        show_default=True,
        help="For one block; two seconds more for each crate that it names, and more on a busy "
        "machine.",
    ),
    click.option(
        "--jobs",
        "-j",
        metavar="N",
        type=click.IntRange(1, 1024),
        help="How many compilers run side by side.  [default: the cores]",
    ),
    click.option(
        "--isolate", is_flag=True, help="Compile every block as a crate of its own: slower."
    ),
    click.option("--no-cache", is_flag=True, help="Compile everything anew, and keep nothing."),
    click.option(
        "--workspace",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Write the units as Cargo workspaces, for you to open.",
    ),
    click.option("--quiet", "-q", is_flag=True, help="No progress on standard error."),
)
"""How blocks are compiled."""

RUNNER: tuple[Decorator, ...] = (
    click.option(
        "--runner",
        type=click.Choice(("local", "docker", "auto")),
        default="local",
        show_default=True,
        envvar="HARNESS_RUNNER",
        help="Where compilers and programs run: here, unconfined; in containers; or in "
        "containers where an engine answers.",
    ),
    click.option(
        "--runtime", metavar="NAME", help="The engine's runtime for containers, such as runsc."
    ),
    click.option(
        "--allow-sources",
        is_flag=True,
        help="With containers: let crates come from git and other registries too.",
    ),
    click.option(
        "--build-timeout",
        metavar="SECONDS",
        type=click.FloatRange(1, 86400),
        default=1800.0,
        show_default=True,
        help="With containers: to fetch and to build the crates of one set of dependencies.",
    ),
)
"""Where blocks are compiled and run: never asked of a document or a configuration."""

CHANGED: tuple[Decorator, ...] = (
    click.option(
        "--changed-since",
        metavar="REV",
        help="Only documents of which something changed since this commit, as git sees it: their "
        "text, includes, context, configuration, or the packages that they use; "
        "for their numbers also result files, and the code that these measure.",
    ),
)
"""Which documents are looked at again."""

PROJECT: tuple[Decorator, ...] = (
    click.option(
        "--manifest-path",
        metavar="PATH",
        type=click.Path(),
        help="The Cargo project of the documents.  [default: the nearest Cargo.toml upwards]",
    ),
    click.option("--no-project", is_flag=True, help="Use no Cargo project."),
    click.option(
        "--package", "-p", metavar="NAME", multiple=True, help="Of its workspace. Repeatable."
    ),
    click.option(
        "--features", "-F", metavar="LIST", multiple=True, help="As Cargo has it. Repeatable."
    ),
    click.option("--all-features", is_flag=True, help="As Cargo has it."),
    click.option("--no-default-features", is_flag=True, help="As Cargo has it."),
    click.option("--locked", is_flag=True, help="Refuse a Cargo.lock that is not up to date."),
    click.option("--offline", is_flag=True, help="Let Cargo use no network."),
)
"""What is taken of the Cargo project around the documents."""

RUNNING: tuple[Decorator, ...] = (
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(0.1, 86400),
        default=10.0,
        show_default=True,
        help="For the run of one block.",
    ),
    click.option(
        "--test-run-directory",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="Run blocks here instead of in an empty folder each.",
    ),
)
"""How blocks are run."""

GATE: tuple[Decorator, ...] = (
    click.option("--deny", metavar="REASON", multiple=True, help="Let this reason gate."),
    click.option("--allow", metavar="REASON", multiple=True, help="Only count this reason."),
    click.option(
        "--strict",
        is_flag=True,
        help="Let warnings gate too, and for `claims` numbers without account.",
    ),
    click.option("--exit-zero", is_flag=True, help="Report findings without gating."),
)
"""What findings do to the exit code."""

REPORTS: tuple[Decorator, ...] = (
    click.option(
        "--output-format",
        type=click.Choice(tuple(FORMATS)),
        default="text",
        show_default=True,
        envvar="HARNESS_OUTPUT_FORMAT",
        help="What goes to standard output.",
    ),
    click.option(
        "--report",
        metavar="FORMAT=FILE",
        multiple=True,
        help="Write a report to a file too. Repeatable.",
    ),
)
"""Where findings are told."""

BASELINE: tuple[Decorator, ...] = (
    click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Known findings.  [default: harness-baseline.toml beside harness.toml, else at "
        "the repository's root]",
    ),
    click.option(
        "--update-baseline", is_flag=True, help="Accept all findings: write them down as known."
    ),
    click.option(
        "--prune-baseline", is_flag=True, help="Take out what is gone, and accept nothing."
    ),
    click.option("--allow-stale", is_flag=True, help="Let no entry that is gone gate."),
)
"""Which findings are known."""

MEASURING: tuple[Decorator, ...] = (
    click.option(
        "--launches",
        metavar="N",
        type=click.IntRange(2, 1000),
        default=12,
        show_default=True,
        help="Processes that run each bench; under 10 nothing is decided.",
    ),
    click.option(
        "--measure-ms",
        metavar="MS",
        type=click.IntRange(1, 60_000),
        default=300,
        show_default=True,
        help="How long a launch measures, after its warm-up.",
    ),
    click.option(
        "--new",
        metavar="QUOTE",
        help="Write a bench to fill in for the figure in a quote of one document, and its claim.",
    ),
    click.option("--quick", is_flag=True, help="A first look: few short launches, nothing gates."),
    click.option(
        "--save",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write the JSON report here, after each bench.",
    ),
    click.option(
        "--compare",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="Hold this run against a saved one of the same machine.",
    ),
)
"""How benches are launched, and with what they are compared."""
