"""What ends a bench's compiler or its program is told as for any other block."""

import pytest

from harness.benching import BenchSettings, Page, measure
from harness.host import Host
from harness.model.bench import Sampling
from harness.model.command import Bound, Finished
from harness.model.reasons import Reason
from harness.model.registry import Registry
from harness.model.settings import Configuration, ContextChoice, DependencyChoice, SnippetSettings
from harness.model.source import SourceLine
from harness.model.unit import Compilation, Compiled
from harness.progress import Progress
from harness.units.benches import BenchFile
from harness.units.surroundings import Surroundings
from harness.verdicts.ending import BOUND_REASONS
from tests.measuring.launches import stated

AROUND = Surroundings(
    "2021",
    SnippetSettings(),
    Configuration(),
    Registry(),
    DependencyChoice.STUB,
    ContextChoice.ADDED,
)
TEXT = "pub fn bench(b: &mut Bench) {}"
FILE = BenchFile("page/bench", "b.rs", (SourceLine(TEXT, "b.rs", 1),), (), AROUND, None, "/probe")


class Stage:
    """Every unit ends as it is told."""

    def __init__(self, status, bound=None):
        self.status, self.bound = status, bound

    def compile(self, requests, label):
        del label
        for request in requests:
            yield Compilation(request.unit, self.status, detail="the end", bound=self.bound)


class Launcher:
    """Every launch ends as it is told."""

    def __init__(self, finished):
        self.finished = finished

    def launch(self, program, arguments, key, cores):
        del program, arguments, key, cores
        return self.finished


def measured(stage, finished=None):
    page = Page("page", FILE, (stated(1.0),), "page.md")
    host, settings = Host((0,), "one"), BenchSettings(Sampling(launches=1))
    (rows,) = measure([page], stage, Launcher(finished), host, settings, Progress(is_quiet=True))
    return rows[0]


@pytest.mark.parametrize("bound", Bound)
def test_a_bound_that_the_compiler_met(bound):
    row = measured(Stage(Compiled.STOPPED, bound))
    assert (row.reason, row.message) == (BOUND_REASONS[bound], "the end")


@pytest.mark.parametrize("bound", Bound)
def test_a_bound_that_a_launch_met(bound):
    finished = Finished(-9, b"", b"last words\n", 1.0, bound=bound)
    row = measured(Stage(Compiled.ACCEPTED), finished)
    assert (row.reason, row.message) == (BOUND_REASONS[bound], "last words")


def test_a_launch_that_was_killed_from_elsewhere():
    row = measured(Stage(Compiled.ACCEPTED), Finished(-9, b"", b"last words\n", 1.0))
    assert (row.reason, row.message) == (Reason.KILLED_BY_SIGNAL, "signal 9: last words")


@pytest.mark.parametrize("status", set(Compiled) - {Compiled.ACCEPTED})
def test_each_end_of_a_compiler_has_its_reason(status):
    row = measured(Stage(status))
    found = {Compiled.STOPPED, Compiled.NO_EVIDENCE}
    assert (row.reason is Reason.NO_EVIDENCE) == (status in found)
