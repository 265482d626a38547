"""Paths and settings in, out the documents of a run and what is remembered of them.

Where all of them are, that is the whole report: nothing is parsed, no process is started, and
nothing is loaded that would do either.
"""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from harness.cache import Cache
from harness.files import cache_folder
from harness.finishing import (
    all_said,
    editions_of,
    environment,
    notes_of,
    refuse_nothing,
    refuse_unused_options,
)
from harness.inputs.cargo_places import toolchain_folder
from harness.inputs.found import Walk
from harness.inputs.walk import walk_paths
from harness.model.packing import PackingCount
from harness.model.report import Report
from harness.model.said import Said
from harness.model.settings import CheckSettings, RunnerChoice
from harness.model.toolchain import Toolchain
from harness.model.values import dataclass
from harness.remembered import Remembered, may_remember
from harness.runners.known_toolchain import recalled_toolchain
from harness.verdicts.gate import read_levels


@dataclass(frozen=True, slots=True)
class Recalled:
    """The documents of a run, and what is remembered of them."""

    walk: Walk
    said: Mapping[Path, Said]
    """By the keys of `walk.files`."""
    toolchain: Toolchain | None
    run_key: str | None
    """That of `Remembered`; None where the toolchain is not known yet."""
    started: float
    """In seconds of `time.monotonic`."""
    started_at: float
    """In seconds since the epoch."""

    @property
    def report_toolchain(self) -> Toolchain | None:
        """The toolchain, where every document is remembered: then there is nothing to do."""
        is_whole = bool(self.walk.files) and len(self.said) == len(self.walk.files)
        return self.toolchain if is_whole else None


def recall(paths: Iterable[Path], settings: CheckSettings) -> Recalled:
    """Walk over the paths, and look up what an earlier run said of each document."""
    started, started_at = time.monotonic(), time.time()
    read_levels(settings.deny, settings.allow, is_strict=settings.strict)
    walk = walk_paths(
        paths,
        settings.max_document_bytes,
        settings.config,
        settings.exclude,
        excludes_named=settings.excludes_named,
    )
    said: dict[Path, Said] = {}
    toolchain, run_key = None, None
    if may_remember(settings):
        cache = settings.cache or cache_folder()
        with Cache(cache) as kept:
            toolchain = recalled_toolchain(folder_of_toolchain(walk, settings), kept)
            if toolchain is not None:
                remembered = Remembered(kept, settings, toolchain, cache)
                run_key = remembered.run_key
                for key, found in walk.files.items():
                    known = remembered.recall(found)
                    if known is not None:
                        said[key] = known
    return Recalled(walk, said, toolchain, run_key, started, started_at)


def remembered_report(recalled: Recalled, settings: CheckSettings) -> Report | None:
    """The report of a run in which every document is remembered; None where one is not."""
    toolchain = recalled.report_toolchain
    if toolchain is None:
        return None
    walk = recalled.walk
    said = tuple(recalled.said[key] for key in walk.files)
    refuse_nothing(said, named_files_only=not walk.folders)
    refuse_unused_options(said, settings)
    return Report(
        environment=environment(settings, toolchain, RunnerChoice.LOCAL.value),
        verdicts=all_said(said, (), settings),
        editions=editions_of(said),
        documents=len(said),
        left_out=walk.left_out,
        seconds=time.monotonic() - recalled.started,
        compilations=0,
        packing=PackingCount(recalled=sum(each.units for each in said)),
        notes=(*walk.notes, *notes_of(said, settings)),
        scope=walk.scope(walk.files.values()),
    )


def folder_of_toolchain(walk: Walk, settings: CheckSettings) -> Path:
    """The folder whose toolchain is in force: that of the first document's project, or its own.

    With containers it is no folder of a checkout: a toolchain file can name a program.
    """
    if settings.runner is not RunnerChoice.LOCAL:
        return Path(Path.cwd().anchor)
    first = next(iter(walk.files.values()), None)
    if first is None:
        return Path.cwd()
    stated = walk.known.configuration(first.config)
    return toolchain_folder(first.path.parent, stated, settings.cargo)
