"""How a program ended in, what that says of its block out."""

from dataclasses import replace

from harness.model.command import Bound
from harness.model.reasons import Reason
from harness.model.source import Attributes
from harness.model.unit import Compilation, Compiled, Ended, Run
from harness.model.verdict import Verdict

BOUND_REASONS = {
    Bound.MEMORY: Reason.OUT_OF_MEMORY,
    Bound.PROCESSES: Reason.PROCESS_LIMIT,
    Bound.DISK: Reason.DISK_LIMIT,
    Bound.OUTPUT: Reason.OUTPUT_LIMIT,
    Bound.TAMPERED: Reason.TAMPERED,
}
"""What a bound that was met says of a block."""

_ENDS = {
    Compiled.REJECTED: Reason.COMPILE_ERROR,
    Compiled.BASE_BROKEN: Reason.DEPENDENCY_BROKEN,
    Compiled.PROJECT_BROKEN: Reason.NEEDS_PROJECT,
    Compiled.TIMED_OUT: Reason.COMPILE_TIME_LIMIT,
    Compiled.CRASHED: Reason.COMPILER_CRASHED,
}


def reason_of(compilation: Compilation) -> Reason:
    """Why a contract or a bench that was not accepted is not."""
    if compilation.bound is not None:
        return BOUND_REASONS[compilation.bound]
    return _ENDS.get(compilation.status, Reason.NO_EVIDENCE)


_OUT_OF_MEMORY = "memory allocation of "
"""How std says that it ends a program for want of memory; the signal alone would say "aborted"."""


def judge_run(found: Verdict, attributes: Attributes, run: Run) -> Verdict:
    """What a program's end says of a block that compiled."""
    shown = replace(found, diagnostics=run.panics + found.diagnostics)
    tail = _last_line(run.output)
    if run.bound is not None:
        return replace(shown, reason=BOUND_REASONS[run.bound], message=tail)
    match run.ended:
        case Ended.TIMED_OUT:
            return replace(shown, reason=Reason.TIME_LIMIT, message=f"after {run.seconds:.1f} s")
        case Ended.TOO_MUCH_OUTPUT:
            return replace(shown, reason=Reason.OUTPUT_LIMIT)
        case Ended.NOT_STARTED:
            return replace(shown, reason=Reason.NO_EVIDENCE, message="the program did not start")
        case Ended.SUCCESS if attributes.should_panic:
            return replace(shown, reason=Reason.DID_NOT_PANIC)
        case Ended.SUCCESS:
            return replace(found, reason=Reason.RAN)
        case Ended.FAILURE if attributes.should_panic:
            return replace(found, reason=Reason.PANICKED_AS_STATED)
        case Ended.SIGNAL if _OUT_OF_MEMORY in run.output:
            return replace(shown, reason=Reason.OUT_OF_MEMORY, message=tail)
        case Ended.SIGNAL:
            return replace(
                shown, reason=Reason.KILLED_BY_SIGNAL, message=f"signal {run.status} {tail}".strip()
            )
        case Ended.FAILURE if run.panics:
            return replace(shown, reason=Reason.PANICKED, message=run.panics[0].text)
        case Ended.FAILURE:
            told = f"exit status {run.status} {tail}".strip()
            return replace(shown, reason=Reason.FAILED_RUN, message=told)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().split("\n") if line.strip()]
    return lines[-1] if lines else ""
