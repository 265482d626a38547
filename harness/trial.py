"""Contracts in, a verdict on each of their tests out; and which seeded faults they notice."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from harness.model.fault import Fault
from harness.model.reasons import Reason
from harness.model.settings import CheckSettings, Verb
from harness.model.unit import Compilation, Compiled, Depth, Ended, Run
from harness.model.values import dataclass
from harness.model.verdict import Position, Verdict
from harness.runners.local import Request, RunRequest
from harness.stage import Stage
from harness.units.contracts import MODULE, Contract, contract_unit, promise_of, test_places
from harness.verdicts.ending import BOUND_REASONS, reason_of
from harness.verdicts.expectation import text_hash

_RUN_SECONDS = 60.0
"""For one test of a contract; property tests run hundreds of histories."""


def try_contracts(
    contracts: list[Contract], stage: Stage, settings: CheckSettings
) -> Iterator[Verdict]:
    """One verdict a test, or one on the contract where it does not compile.

    `check` compiles contracts and runs nothing.
    """
    by_id = {contract.id: contract for contract in contracts}
    units = {c.id: unit for c in contracts if (unit := contract_unit(c)) is not None}
    depth = Depth.LINK if settings.verb is Verb.TEST else Depth.MIR
    requests = [Request(unit, depth, settings.compile_seconds) for unit in units.values()]
    accepted = []
    for compilation in stage.compile(requests, "compiling contracts"):
        contract = by_id[compilation.unit.snippet_id]
        if compilation.status is not Compiled.ACCEPTED:
            yield _not_compiled(contract, compilation)
        elif settings.verb is Verb.TEST:
            accepted.append((contract, compilation))
        else:
            yield _blank(contract, "", Reason.COMPILES_WITH_CONTEXT, compilation)
    yield from _run_tests(accepted, stage)


def _run_tests(accepted: list[tuple[Contract, Compilation]], stage: Stage) -> Iterator[Verdict]:
    by_program = {compilation.unit.snippet_id: contract for contract, compilation in accepted}
    requests = []
    for compilation, names in list_tests((c for _, c in accepted), stage):
        if not names:
            yield _without_tests(by_program[compilation.unit.snippet_id], compilation)
        requests += [test_request(compilation, name) for name in names]
    for request, run in stage.run(requests, "running contracts"):
        contract = by_program[request.compilation.unit.snippet_id]
        yield _judge_test(contract, request.compilation, _test_name(request), run)


def list_tests(
    programs: Iterable[Compilation], stage: Stage
) -> Iterator[tuple[Compilation, tuple[str, ...]]]:
    """The names of the tests that each program holds, as its own listing gives them."""
    requests = [
        RunRequest(compilation, _RUN_SECONDS, arguments=("--list", "--format", "terse"))
        for compilation in programs
    ]
    for request, run in stage.run(requests, "listing tests"):
        lines = run.output.split("\n")
        names = tuple(line.removesuffix(": test") for line in lines if line.endswith(": test"))
        yield request.compilation, names


def test_request(compilation: Compilation, name: str) -> RunRequest:
    """One test in a process of its own, so that none can hide another's end."""
    return RunRequest(compilation, _RUN_SECONDS, arguments=("--exact", name, "--nocapture"))


def _test_name(request: RunRequest) -> str:
    return request.arguments[1].removeprefix(MODULE + "::")


def _judge_test(contract: Contract, compilation: Compilation, name: str, run: Run) -> Verdict:
    blank = _blank(contract, name, Reason.KEPT, compilation)
    promise = promise_of(contract, name)
    if run.ended is Ended.SUCCESS:
        return replace(blank, message=promise)
    bound = None if run.bound is None else BOUND_REASONS[run.bound]
    reason = bound or {
        Ended.TIMED_OUT: Reason.TIME_LIMIT,
        Ended.SIGNAL: Reason.KILLED_BY_SIGNAL,
        Ended.TOO_MUCH_OUTPUT: Reason.OUTPUT_LIMIT,
        Ended.NOT_STARTED: Reason.NO_EVIDENCE,
    }.get(run.ended, Reason.BROKEN_PROMISE)
    panic = f": {run.panics[0].text}" if run.panics else ""
    return replace(blank, reason=reason, message=f"{promise}{panic}", diagnostics=run.panics)


def _not_compiled(contract: Contract, compilation: Compilation) -> Verdict:
    errors = tuple(d for d in compilation.diagnostics if d.level == "error")
    message = errors[0].text if errors else compilation.detail
    return replace(
        _blank(contract, "", reason_of(compilation), compilation),
        message=f"the contract does not compile with its page: {message}",
        codes=tuple(sorted({d.code for d in errors if d.code})),
        diagnostics=tuple(replace(d, in_context=False) for d in errors),
    )


def _without_tests(contract: Contract, compilation: Compilation) -> Verdict:
    blank = _blank(contract, "", Reason.NO_EVIDENCE, compilation)
    return replace(blank, message="the contract holds no test")


def _blank(contract: Contract, name: str, reason: Reason, compilation: Compilation) -> Verdict:
    start = Position(contract.path, 1, 1, 1, 1)
    place = test_places(contract).get(name.rpartition("::")[2], start)
    return Verdict(
        id=f"{contract.id}/{name}" if name else contract.id,
        kind="contract",
        path=place.path,
        line=place.line,
        column=place.column,
        reason=reason,
        basis=compilation.unit.basis,
        content_hash=text_hash(compilation.unit.text),
    )


@dataclass(frozen=True, slots=True)
class Caught:
    """What a seeded fault brought to light."""

    contract: Contract
    fault: Fault
    is_caught: bool
    unrelated: tuple[str, ...]
    """Tests that failed although the fault is not about them."""
    cause: str = ""
    """Why a fault was not caught, in words."""


def try_faults(
    faults: list[tuple[Contract, Fault]], stage: Stage, settings: CheckSettings
) -> Iterator[Caught]:
    """Put each fault into its page alone, and see which tests notice.

    A fault is caught when the contract still compiles and the test that the fault names fails.
    Tests that other faults name for the same promise are related; any other that fails is not.
    """
    keyed: dict[str, tuple[Contract, Fault]] = {}
    requests = []
    for number, (contract, fault) in enumerate(faults):
        unit = contract_unit(contract, fault)
        if unit is None:
            yield Caught(contract, fault, False, (), "its text does not stand once in the page")
            continue
        key = f"{contract.id}#{number}"
        keyed[key] = (contract, fault)
        requests.append(
            Request(replace(unit, snippet_id=key), Depth.LINK, settings.compile_seconds)
        )
    accepted = []
    for compilation in stage.compile(requests, "compiling faults"):
        if compilation.status is Compiled.ACCEPTED:
            accepted.append(compilation)
        else:
            errors = [d.text for d in compilation.diagnostics if d.level == "error"]
            cause = f"it does not compile: {errors[0] if errors else compilation.detail}"
            yield Caught(*keyed[compilation.unit.snippet_id], False, (), cause)
    yield from _noticed(accepted, keyed, stage)


def _noticed(
    accepted: list[Compilation], keyed: dict[str, tuple[Contract, Fault]], stage: Stage
) -> Iterator[Caught]:
    failed: dict[str, list[str]] = {c.unit.snippet_id: [] for c in accepted}
    requests = [
        test_request(compilation, name)
        for compilation, names in list_tests(accepted, stage)
        for name in names
    ]
    for request, run in stage.run(requests, "running faults"):
        if run.ended is not Ended.SUCCESS:
            failed[request.compilation.unit.snippet_id].append(_test_name(request))
    for key, names in failed.items():
        contract, fault = keyed[key]
        promise = _promise_number(promise_of(contract, fault.test))
        unrelated = tuple(
            sorted(
                name
                for name in names
                if name != fault.test and _promise_number(promise_of(contract, name)) != promise
            )
        )
        cause = "" if fault.test in names else f"`{fault.test}` still passes"
        yield Caught(contract, fault, fault.test in names, unrelated, cause)


def _promise_number(promise: str) -> str:
    return promise.split(" ", 1)[0]
