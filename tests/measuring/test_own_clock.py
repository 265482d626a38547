"""How slow or fast a clock is believed, and that an honest one always is."""

from types import SimpleNamespace

import pytest

from harness import launching
from harness.launching import LaunchError, launch_once
from harness.measuring.own_clock import OwnClock
from harness.measuring.reading import MismatchError, launch_value
from harness.measuring.sampling import sampling_for
from harness.model.bench import Sampling
from harness.model.command import Finished
from tests.measuring.launches import launch


def fault(statistic, factor, *, cores=1, busy=None, overhead=0.003, pages=1500, waited=0.0):
    """What is said of a bench that keeps `busy` cores busy, by a clock `factor` times too slow.

    `overhead` is processor time outside its report, `waited` a share of the time without a core.
    """
    sampling = sampling_for(Sampling(), [statistic], is_quick=False)
    clock = OwnClock(cores)
    for _ in range(sampling.launches):
        told = (sampling.warm_up_ms + sampling.measure_ms) / 1000
        ran = told * factor
        wall = ran / (1 - waited) + overhead + 0.001
        used = ran * (cores if busy is None else busy) + overhead
        if said := clock.fault(wall / factor if waited else told, wall, used, pages):
            return said
    return ""


@pytest.mark.parametrize("statistic", ["mean", "p50", "p90", "p99", "p99.9"])
@pytest.mark.parametrize("cores", [1, 2, 16])
def test_a_clock_at_half_speed_is_found_whatever_is_measured(statistic, cores):
    assert "of its own clock" in fault(statistic, 2, cores=cores)
    assert "of its own clock" in fault(statistic, 1.5, cores=cores)


def test_a_clock_a_seventh_too_slow_is_found_for_a_mean():
    assert "of its own clock" in fault("mean", 8 / 7)


@pytest.mark.parametrize("statistic", ["mean", "p99"])
@pytest.mark.parametrize("cores", [1, 2, 16])
@pytest.mark.parametrize(
    "launch",
    [
        {"overhead": 0.003},
        {"overhead": 0.010},
        {"overhead": 0.003, "waited": 0.9},
        {"overhead": 0.060, "pages": (1 << 30) // 4096},
        {"busy": 0.0},
    ],
    ids=["quiet", "slow to start", "waits for a core", "a GiB to give back", "asleep"],
)
def test_an_honest_clock_is_believed(statistic, cores, launch):
    assert not fault(statistic, 1, cores=cores, **launch)


def test_one_launch_may_begin_slowly():
    clock = OwnClock(1)
    assert not clock.fault(0.05, 0.3, 0.15, 1500)
    assert not any(clock.fault(0.05, 0.06, 0.053, 1500) for _ in range(191))


def test_more_time_than_there_was_is_found_at_once():
    assert "more time" in OwnClock(1).fault(0.05, 0.045, 0.01, 0)
    assert not OwnClock(1).fault(0.05, 0.05, 0.01, 0)


@pytest.mark.parametrize("statistic", ["rate", "overhead", "ratio"])
def test_calls_that_take_no_time_have_no_rate_and_no_ratio(statistic):
    kind = "calls" if statistic == "rate" else "paired"
    with pytest.raises(MismatchError, match="no time that a clock shows"):
        launch_value(launch([0, 0], kind=kind, base=(2, 0)), statistic)


def test_a_clock_that_stands_still_ends_no_run(monkeypatch):
    told = SimpleNamespace(is_tampered=False, fault="", tables=())
    monkeypatch.setattr(launching, "read_frames", lambda *_: told)
    monkeypatch.setattr(launching, "read_launch", lambda *_: launch([1], calibration=(0, 5)))
    launcher = SimpleNamespace(launch=lambda *_: Finished(0, b"", b"", 1.0))
    with pytest.raises(LaunchError, match="stands still"):
        launch_once(launcher, None, "x", (1,), 0, Sampling(), OwnClock(1))
