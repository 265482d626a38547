"""A bench's program in, one launch of it out, or why there is none that can be believed."""

import secrets
from dataclasses import replace

from harness.host import children_seconds, cpu_between, read_ticks
from harness.measuring.frames import KEY_BYTES, read_frames
from harness.measuring.reading import read_launch
from harness.model.bench import Launch, Sampling
from harness.model.command import Finished
from harness.model.reasons import Reason
from harness.model.unit import Compilation
from harness.runners.place import Launcher
from harness.verdicts.ending import BOUND_REASONS

_CLOCKS_AGREE = 1.05
_STARTING_SECONDS = 0.1
"""Of processor time, before the program can read a clock and after it last did."""


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
) -> Launch:
    """One launch; a LaunchError where it left no report that can be believed."""
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
    before, used = read_ticks(cores), children_seconds()
    finished = launcher.launch(program, arguments, key, cores)
    cpu = cpu_between(before, read_ticks(cores))
    used = children_seconds() - used
    if finished.usage is not None:
        # A container has a group of its own: what held ours back says nothing of it.
        cpu = replace(cpu, throttled=finished.usage.throttled)
        used = finished.usage.cpu_seconds
    report = read_frames(finished.stdout, key)
    if report.is_tampered:
        raise LaunchError(Reason.TAMPERED, report.fault)
    if finished.status != 0 or report.fault:
        raise _failed(finished, report.fault)
    launch = read_launch(report.tables, cpu)
    if launch.cores_allowed != cores:
        message = f"asked for the cores {cores}, given {launch.cores_allowed}"
        raise LaunchError(Reason.NO_EVIDENCE, message)
    if fault := clock_fault(launch.alive * 1e-12, finished.seconds, used, len(cores)):
        raise LaunchError(Reason.TAMPERED, fault)
    return launch


def clock_fault(told: float, wall: float, used: float, cores: int) -> str:
    """Why a program's clock cannot be believed; empty where it can.

    `told` is how long it ran by its own clock, `wall` by ours, in seconds; `used` is the
    processor time that the kernel counted. A program can link a clock of its own under std's.
    """
    if told > wall * _CLOCKS_AGREE:
        return "the program reports more time than it ran"
    if used > told * cores * _CLOCKS_AGREE + _STARTING_SECONDS:
        return f"the program used {used:.2f} s of its cores in {told:.2f} s of its own clock"
    return ""


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
