"""Plans for snippets in, all that is to be seen of each out."""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import field, replace
from typing import TypeVar

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
_Found = TypeVar("_Found")
_Steps = Generator[tuple[Request, ...], tuple[Compilation, ...], _Found]
"""What is to be compiled for one snippet, step by step; it is sent what that showed."""


def observe_snippets(plans: list[Plan], stage: Stage, settings: CheckSettings) -> Seen:
    """What was observed of each snippet, by its id: compilations in rounds, then runs.

    A round holds the next step of every snippet, whichever that is: what is compiled together
    costs less than what waits for others.
    """
    watched = _Watched({plan.snippet.id: _steps(plan) for plan in plans})
    found: dict[int, Compilation] = {}
    while watched.pending:
        requests = watched.ask(found)
        made = stage.compile(requests, "compiling", len(watched.pending))
        found = {id(compilation.unit): compilation for compilation in made}
    _run(plans, watched.seen, stage, settings)
    return watched.seen


@dataclass(slots=True)
class _Watched:
    """Snippets of which something is still to be seen, and what was seen of the others."""

    pending: dict[str, _Steps[Observed]]
    asked: dict[str, tuple[Request, ...]] = field(default_factory=dict)
    """What was asked for last."""
    seen: Seen = field(default_factory=dict)

    def ask(self, found: Mapping[int, Compilation]) -> Iterator[Request]:
        """The next step of each snippet, from what its last one showed.

        They are made one after the other, while what was asked for first is compiled.
        """
        asked, self.asked = self.asked, {}
        for name, steps in list(self.pending.items()):
            last = asked.get(name, ())
            try:
                step = steps.send(tuple(found[id(r.unit)] for r in last)) if last else next(steps)
            except StopIteration as ended:
                self.seen[name] = ended.value
                del self.pending[name]
                continue
            self.asked[name] = step
            yield from step


def _steps(plan: Plan) -> _Steps[Observed]:
    attempts = yield from _climb(plan)
    observed = Observed(attempts=attempts)
    if plan.snippet.attributes.compile_fail:
        return observed
    return (yield from _look_again(plan, observed))


def _climb(plan: Plan) -> _Steps[tuple[Attempt, ...]]:
    """The ladder, each unit with its test code."""
    attempts: list[Attempt] = []
    for unit in climb(plan.snippet, plan.around):
        (compilation,) = yield (_request(plan, unit),)
        attempt = Attempt(compilation)
        is_accepted = compilation.status is Compiled.ACCEPTED
        tests = with_test_code(plan.snippet, unit) if is_accepted else None
        if tests is not None:
            (tested,) = yield (Request(tests, Depth.MIR, plan.compile_seconds),)
            attempt = replace(attempt, tests=tested)
        attempts.append(attempt)
        if is_satisfied(plan.snippet.attributes, attempt):
            break
    return tuple(attempts)


def _look_again(plan: Plan, observed: Observed) -> _Steps[Observed]:
    """Whether a rejected text is Rust at all, and the errors that its others hide."""
    chosen = judge.choose(observed.attempts, plan.expectation)
    # Both readings at once: the second is mostly needed, too, and costs little beside the first.
    is_unread = needs_grammar_probe(chosen, None)
    readings = grammar_units(plan.snippet, plan.around.edition) if is_unread else ()
    requests = [Request(unit, Depth.METADATA, plan.compile_seconds) for unit in readings]
    emptied = without_failing_bodies(chosen)
    if emptied is not None:
        requests.append(Request(emptied, Depth.MIR, plan.compile_seconds))
    if not requests:
        return observed
    found = yield tuple(requests)
    for reading in found[: len(readings)]:
        if needs_grammar_probe(chosen, observed.syntax_alone):
            better = better_reading(observed.syntax_alone, reading)
            observed = replace(observed, syntax_alone=better)
    return observed if emptied is None else replace(observed, more=found[-1])


def _request(plan: Plan, unit: Unit) -> Request:
    runs = must_run(plan.snippet, plan.expectation.target, plan.expectation.verb)
    depth = depth_for(plan.snippet.attributes, must_run=runs and unit.is_runnable)
    fails = plan.snippet.attributes.compile_fail
    # Where crates are at hand the attempt without them is never the one that is shown.
    shown = not unit.lacks_crates
    return Request(unit, depth, plan.compile_seconds, is_expected_to_fail=fails, is_shown=shown)


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
