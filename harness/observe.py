"""Plans for snippets in, all that is to be seen of each out."""

from collections.abc import Iterator
from dataclasses import field, replace

from harness.model.settings import CheckSettings
from harness.model.unit import Attempt, Compilation, Compiled, Depth, Run, Unit
from harness.model.values import dataclass
from harness.planning import Plan
from harness.runners.local import Request, RunRequest
from harness.stage import Stage
from harness.units.grammar_probe import better_reading, grammar_units, needs_grammar_probe
from harness.units.ladder import climb, depth_for, is_satisfied, with_test_code
from harness.units.second_pass import without_failing_bodies
from harness.verdicts import judge
from harness.verdicts.expectation import Observed, must_run

Seen = dict[str, Observed]


def observe_snippets(plans: list[Plan], stage: Stage, settings: CheckSettings) -> Seen:
    """What was observed of each snippet, by its id: attempts in rounds, then grammar, then runs."""
    climbs = {plan.snippet.id: _Climb(plan, climb(plan.snippet, plan.around)) for plan in plans}
    pending = list(climbs.values())
    while pending:
        units = [(c.plan, unit) for c in pending if (unit := c.next_unit()) is not None]
        for compilation in stage.compile([_request(*pair) for pair in units], "compiling"):
            climbs[compilation.unit.snippet_id].attempts.append(Attempt(compilation))
        pending = [climbs[plan.snippet.id] for plan, _ in units]
        tests = [(c.plan, unit) for c in pending if (unit := c.test_unit()) is not None]
        requests = [Request(unit, Depth.MIR, plan.compile_seconds) for plan, unit in tests]
        for compilation in stage.compile(requests, "compiling test code"):
            attempts = climbs[compilation.unit.snippet_id].attempts
            attempts[-1] = replace(attempts[-1], tests=compilation)
    seen = {name: Observed(attempts=tuple(c.attempts)) for name, c in climbs.items()}
    _probe_grammar(plans, seen, stage)
    _look_again(plans, seen, stage)
    _run(plans, seen, stage, settings)
    return seen


@dataclass(slots=True)
class _Climb:
    """How far the ladder has been climbed for one snippet."""

    plan: Plan
    units: Iterator[Unit]
    attempts: list[Attempt] = field(default_factory=list)

    def next_unit(self) -> Unit | None:
        """The next unit to try; None where the ladder ends."""
        attributes = self.plan.snippet.attributes
        if self.attempts and is_satisfied(attributes, self.attempts[-1]):
            return None
        return next(self.units, None)

    def test_unit(self) -> Unit | None:
        """The last attempt's unit with its test code, where that is still to be compiled."""
        last = self.attempts[-1]
        if last.compilation.status is not Compiled.ACCEPTED or last.tests is not None:
            return None
        return with_test_code(self.plan.snippet, last.unit)


def _request(plan: Plan, unit: Unit) -> Request:
    runs = must_run(plan.snippet, plan.expectation.target, plan.expectation.verb)
    depth = depth_for(plan.snippet.attributes, must_run=runs and unit.is_runnable)
    fails = plan.snippet.attributes.compile_fail
    # Where crates are at hand the attempt without them is never the one that is shown.
    shown = not unit.lacks_crates
    return Request(unit, depth, plan.compile_seconds, is_expected_to_fail=fails, is_shown=shown)


def _probe_grammar(plans: list[Plan], seen: Seen, stage: Stage) -> None:
    """Find out which of the rejected texts are not Rust at all."""
    for step in (0, 1):
        requests = []
        for plan in plans:
            observed = seen[plan.snippet.id]
            chosen = judge.choose(observed.attempts, plan.expectation)
            is_meant = not plan.snippet.attributes.compile_fail
            if is_meant and needs_grammar_probe(chosen, observed.syntax_alone):
                unit = grammar_units(plan.snippet, plan.around.edition)[step]
                requests.append(Request(unit, Depth.METADATA, plan.compile_seconds))
        for compilation in stage.compile(requests, "reading grammar"):
            name = compilation.unit.snippet_id
            better = better_reading(seen[name].syntax_alone, compilation)
            seen[name] = replace(seen[name], syntax_alone=better)


def _look_again(plans: list[Plan], seen: Seen, stage: Stage) -> None:
    """Look for errors that others hide, in a second pass without the failing bodies."""
    requests = []
    for plan in plans:
        if plan.snippet.attributes.compile_fail:
            continue
        chosen = judge.choose(seen[plan.snippet.id].attempts, plan.expectation)
        unit = without_failing_bodies(chosen)
        if unit is not None:
            requests.append(Request(unit, Depth.MIR, plan.compile_seconds))
    for compilation in stage.compile(requests, "looking again"):
        name = compilation.unit.snippet_id
        seen[name] = replace(seen[name], more=compilation)


def _run(plans: list[Plan], seen: Seen, stage: Stage, settings: CheckSettings) -> None:
    requests = []
    for plan in plans:
        chosen = judge.choose(seen[plan.snippet.id].attempts, plan.expectation)
        is_accepted = chosen.status is Compiled.ACCEPTED
        if is_accepted and chosen.compilation.program and chosen.unit.is_runnable:
            folder = settings.run_directory
            requests.append(RunRequest(chosen.compilation, plan.run_seconds, folder))
    for request, run in stage.run(requests, "running"):
        name = request.compilation.unit.snippet_id
        seen[name] = _with_run(seen[name], request.compilation, run)


def _with_run(observed: Observed, compilation: Compilation, run: Run) -> Observed:
    is_rustdoc = compilation.unit.rung == "rustdoc"
    return replace(observed, run=run, rustdoc_run=run if is_rustdoc else observed.rustdoc_run)
