"""A bench's program in, one launch of it out, or why there is none that can be believed."""

import secrets
from dataclasses import replace

from harness.host import children_used, cpu_between, read_ticks
from harness.measuring.frames import KEY_BYTES, read_frames
from harness.measuring.own_clock import OwnClock
from harness.measuring.reading import read_launch
from harness.model.bench import Launch, Sampling
from harness.model.command import Finished
from harness.model.reasons import Reason
from harness.model.unit import Compilation
from harness.runners.place import Launcher
from harness.verdicts.ending import BOUND_REASONS

_PAGE_BYTES = 4096
"""The least of all kernels: more pages are let pass than there are."""


class LaunchError(Exception):
    """A launch without a report: the reason, and what happened."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def launch_once(
    launcher: Launcher,
    program: Compilation,
    name: str,
    cores: tuple[int, ...],
    number: int,
    sampling: Sampling,
    clock: OwnClock,
) -> Launch:
    """One launch; a LaunchError where it left no report that can be believed.

    `clock` has seen the launches before it of the same bench with as many cores.
    """
    key = secrets.token_bytes(KEY_BYTES)
    arguments = (
        name,
        str(sampling.warm_up_ms),
        str(sampling.measure_ms),
        str(len(cores)),
        str(number),
        str(sampling.calls),
        str(sampling.longest_ms),
    )
    before, begun = read_ticks(cores), children_used()
    finished = launcher.launch(program, arguments, key, cores)
    cpu = cpu_between(before, read_ticks(cores))
    ended = children_used()
    used, pages = ended.seconds - begun.seconds, ended.pages - begun.pages
    if finished.usage is not None:
        # A container has a group of its own: what held ours back says nothing of it.
        cpu = replace(cpu, throttled=finished.usage.throttled)
        used = finished.usage.cpu_seconds
        pages = finished.usage.peak_bytes // _PAGE_BYTES
    report = read_frames(finished.stdout, key)
    if report.is_tampered:
        raise LaunchError(Reason.TAMPERED, report.fault)
    if finished.status != 0 or report.fault:
        raise _failed(finished, report.fault)
    launch = read_launch(report.tables, cpu)
    if launch.cores_allowed != cores:
        message = f"asked for the cores {cores}, given {launch.cores_allowed}"
        raise LaunchError(Reason.NO_EVIDENCE, message)
    if not all(launch.calibration):
        raise LaunchError(Reason.TAMPERED, "the program's clock stands still")
    if fault := clock.fault(launch.alive * 1e-12, finished.seconds, used, pages):
        raise LaunchError(Reason.TAMPERED, fault)
    return launch


def _failed(finished: Finished, fault: str) -> LaunchError:
    lines = [line for line in finished.stderr.decode(errors="replace").split("\n") if line.strip()]
    panic = next((n for n, line in enumerate(lines) if "panicked at" in line), None)
    said = " ".join(lines[panic : panic + 2]) if panic is not None else " ".join(lines[-2:])
    if finished.bound is not None:
        return LaunchError(BOUND_REASONS[finished.bound], said)
    if finished.timed_out:
        return LaunchError(Reason.TIME_LIMIT, f"a launch lasted over {finished.seconds:.0f} s")
    if finished.too_much_output:
        return LaunchError(Reason.OUTPUT_LIMIT, "a launch wrote more than it may")
    if finished.not_started:
        return LaunchError(Reason.NO_EVIDENCE, finished.not_started)
    if finished.status < 0:
        return LaunchError(Reason.KILLED_BY_SIGNAL, f"signal {-finished.status}: {said}")
    if panic is not None:
        return LaunchError(Reason.PANICKED, said)
    if finished.status != 0:
        return LaunchError(Reason.FAILED_RUN, f"status {finished.status}: {said or fault}")
    return LaunchError(Reason.NO_EVIDENCE, fault)
