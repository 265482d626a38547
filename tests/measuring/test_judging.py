"""The verdict table: claims against launches, doubts, fewer cores than stated, stubs."""

from dataclasses import replace

import pytest

from harness.measuring.judging import decide, row
from harness.measuring.scaling import projection, work_bound
from harness.model.bench import (
    Cpu,
    Dimension,
    Doubt,
    DoubtKind,
    Interval,
    Point,
    Side,
)
from harness.model.reasons import Reason
from harness.model.verdict import Basis, Dependencies
from tests.measuring.launches import MILLI, around, launch, stated

NO_CRATES = Basis()


def judged(claim, measured, host=2, basis=NO_CRATES):
    return row("page/bench/claim", claim, host, measured, basis, is_quick=False)


def point(low, high, *doubts):
    return Point(1, Interval((low + high) / 2, low, high, 5000), 12, doubts)


TABLE = [
    # side, value, tolerance, low, high, reason
    (Side.AT_MOST, 10, 0.0, 8, 10, Reason.MET),
    (Side.AT_MOST, 10, 0.0, 9, 10.1, Reason.UNDECIDED),
    (Side.AT_MOST, 10, 0.1, 9, 10.1, Reason.MET),
    (Side.AT_MOST, 10, 0.0, 10, 11, Reason.UNDECIDED),
    (Side.AT_MOST, 10, 0.0, 10.1, 11, Reason.MISSED),
    (Side.AT_MOST, 10, 0.1, 10.1, 11.1, Reason.UNDECIDED),
    (Side.AT_MOST, 10, 0.1, 11.1, 12, Reason.MISSED),
    (Side.AT_LEAST, 10, 0.0, 10, 12, Reason.MET),
    (Side.AT_LEAST, 10, 0.0, 9, 12, Reason.UNDECIDED),
    (Side.AT_LEAST, 10, 0.0, 8, 9.9, Reason.MISSED),
    (Side.AT_LEAST, 10, 0.2, 8, 9.9, Reason.MET),
    (Side.ABOUT, 10, 0.1, 9, 11, Reason.MET),
    (Side.ABOUT, 10, 0.1, 8, 8.9, Reason.MISSED),
    (Side.ABOUT, 10, 0.1, 11.1, 12, Reason.MISSED),
    (Side.ABOUT, 10, 0.1, 8, 12, Reason.UNDECIDED),
]


@pytest.mark.parametrize(("side", "value", "tolerance", "low", "high", "reason"), TABLE)
def test_the_rule(side, value, tolerance, low, high, reason):
    claim = stated(value, side=side, tolerance=tolerance)
    assert decide(claim, point(low, high)) is reason


SLOWER = Doubt(DoubtKind.CONTENTION, "waited 60 %", low=0.0)


def test_a_disturbance_cannot_make_a_false_met_of_a_time():
    assert decide(stated(10), point(8, 9, SLOWER)) is Reason.MET


def test_a_disturbance_can_make_a_false_missed():
    assert decide(stated(10), point(12, 13)) is Reason.MISSED
    assert decide(stated(10), point(12, 13, SLOWER)) is Reason.UNDECIDED


def test_a_drift_turns_only_what_it_reaches():
    drift = Doubt(DoubtKind.DRIFT, "launches drift by 30 %", 1 / 1.3, 1.3)
    assert decide(stated(10), point(8, 9, drift)) is Reason.UNDECIDED
    assert decide(stated(100), point(8, 9, drift)) is Reason.MET


def test_few_launches_decide_nothing():
    found = judged(stated(1.0, statistic="p50"), [(1, around(MILLI, count=9))])
    assert found.reason is Reason.UNDECIDED
    assert "9 launches, 10 are due" in found.message


def test_few_samples_decide_no_p99():
    found = judged(stated(1.0, statistic="p99"), [(1, around(MILLI, calls=30))])
    assert found.reason is Reason.UNDECIDED
    assert "360 samples, p99 needs 368" in found.message


def test_met_and_missed_from_launches():
    launches = around(MILLI)
    assert judged(stated(0.0011, statistic="p99"), [(1, launches)]).reason is Reason.MET
    found = judged(stated(0.0005, statistic="p99"), [(1, launches)])
    assert found.reason is Reason.MISSED
    assert found.message.startswith("by ")


def test_launches_that_get_slower_and_slower_are_doubted():
    launches = [launch([round(MILLI * (1 + n / 10))] * 400) for n in range(12)]
    found = judged(stated(0.0025, statistic="mean"), [(1, launches)])
    assert found.reason is Reason.UNDECIDED
    assert "drift" in found.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"waited": 500_000}, "waited 33 %"),
        ({"cpu": Cpu(3.0, 0.2, 0)}, "steal 20 %"),
        ({"cpu": Cpu(3.0, 0.0, 4)}, "throttled 48 times"),
    ],
)
def test_each_disturbance_is_told_and_turns_a_miss(change, told):
    launches = [replace(each, **change) for each in around(MILLI)]
    clean = judged(stated(0.0009), [(1, around(MILLI))])
    found = judged(stated(0.0009), [(1, launches)])
    assert clean.reason is Reason.MISSED
    assert (found.reason, told in found.message) == (Reason.UNDECIDED, True)


def test_an_unsteady_machine_is_told():
    launches = [
        replace(each, calibration=(100 + 40 * (n % 2),) * 2) for n, each in enumerate(around(MILLI))
    ]
    found = judged(stated(0.00105), [(1, launches)])
    assert found.reason is Reason.UNDECIDED
    assert "calibration moves" in found.message


def test_a_percentile_is_only_doubted_by_the_calls_that_could_be_interrupted():
    few = [replace(each, waited=500_000, slices=1) for each in around(MILLI)]
    many = [replace(each, waited=500_000, slices=400) for each in around(MILLI)]
    claim = stated(0.0009, statistic="p50")
    assert judged(claim, [(1, few)]).reason is Reason.MISSED
    assert judged(claim, [(1, many)]).reason is Reason.UNDECIDED


def rates(per_second, cores, count=12):
    return [
        launch(
            kind="rate",
            operations=round(per_second * (1 + 0.001 * (-1) ** n)),
            elapsed=10**12,
            ran=10**9 * cores,
            threads=cores,
            cores=tuple(range(cores)),
        )
        for n in range(count)
    ]


def eight(value):
    return stated(value, side=Side.AT_LEAST, cores=8, of=Dimension.RATE)


def test_more_cores_than_here_are_never_met():
    measured = [(1, rates(1000, 1)), (2, rates(2000, 2))]
    found = judged(eight(100), measured)
    assert found.reason is Reason.NOT_MEASURABLE
    assert found.message == "8 cores stated, 2 here"
    assert found.bound == pytest.approx(8000, rel=0.01)
    assert found.band is None, "eight is over twice two"
    assert [p.cores for p in found.points] == [1, 2]


def test_the_work_bound_refutes():
    measured = [(1, rates(1000, 1)), (2, rates(2000, 2))]
    found = judged(eight(20_000), measured)
    assert found.reason is Reason.MISSED
    assert "work bound" in found.message
    # within the margin for unlike cores it does not
    assert judged(eight(8_200), measured).reason is Reason.NOT_MEASURABLE


def test_what_is_in_doubt_refutes_nothing_and_projects_nothing():
    busy = [replace(each, waited=10**9) for each in rates(2000, 2)]
    found = judged(eight(20_000), [(1, rates(1000, 1)), (2, busy)])
    assert (found.reason, found.band) == (Reason.NOT_MEASURABLE, None)


def test_a_band_reaches_to_twice_the_measured_cores():
    claim = stated(3000, side=Side.AT_LEAST, cores=4, of=Dimension.RATE)
    found = judged(claim, [(1, rates(1000, 1)), (2, rates(1900, 2))])
    assert found.reason is Reason.NOT_MEASURABLE
    low, high = found.band
    assert 2400 < low < high < 4000
    assert projection(found.points, 5) is None


def test_the_same_launches_on_a_larger_host_are_decided():
    claim = eight(7000)
    assert judged(claim, [(8, rates(7600, 8))], host=8).reason is Reason.MET
    assert judged(claim, [(8, rates(6000, 8))], host=8).reason is Reason.MISSED


def test_a_stub_in_the_timed_path_is_not_measured():
    basis = Basis(Dependencies.STUB, crates=("ethers 2.0 stub", "tokio 1 real"))
    found = judged(stated(1.0), [(1, around(MILLI))], basis=basis)
    assert (found.reason, found.points) == (Reason.NOT_MEASURABLE, ())
    assert found.message == "stub `ethers` in timed path"


def test_a_statistic_that_the_bench_has_not_is_a_finding():
    batches = [replace(each, kind="batches") for each in around(MILLI)]
    found = judged(stated(1.0, statistic="p99"), [(1, batches)])
    assert found.reason is Reason.UNREADABLE_CLAIM
    assert "no p99" in found.message


def test_the_bound_is_unknown_where_the_kernel_tells_nothing():
    assert work_bound([replace(each, ran=None) for each in rates(1, 1)], 8) is None
