//! One rule per test, by name.

use cores::breaker::{
    Breaker, CallError, Config, Effect, HalfOpenEnd, Outcome, Ratio, Reason, State, Transition,
    Wait, Window,
};
use cores::ManualClock;

const SECOND: u64 = 1_000_000_000;
use Outcome::{Failure, Ignored, Success};

fn run(breaker: &Breaker<()>, now: u64, outcome: Outcome) -> Effect {
    let permit = breaker.acquire_at(now).expect("permitted");
    breaker.record_at(permit, outcome, now)
}

fn run_times(breaker: &Breaker<()>, times: usize, now: u64, outcome: Outcome) {
    for _ in 0..times {
        run(breaker, now, outcome);
    }
}

fn five_in_thirty() -> Breaker<()> {
    Breaker::with_clock(Config::failures_within(5, 30 * SECOND, 60 * SECOND), ()).unwrap()
}

#[test]
fn opens_on_the_fifth_failure_within_thirty_seconds_and_not_on_old_ones() {
    let breaker = five_in_thirty();
    for second in [0, 31, 32, 33, 34] {
        run(&breaker, second * SECOND, Failure);
        run(&breaker, second * SECOND, Success);
    }
    assert_eq!(breaker.state(), State::Closed);
    run(&breaker, 35 * SECOND, Failure);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn is_half_open_after_the_wait_and_one_probe_decides() {
    for (outcome, state) in [(Success, State::Closed), (Failure, State::Open)] {
        let breaker = five_in_thirty();
        run_times(&breaker, 5, 0, Failure);
        let rejected = breaker.acquire_at(60 * SECOND).unwrap_err();
        assert_eq!((rejected.reason, rejected.wait), (Reason::Open, 1));
        let probe = breaker.acquire_at(60 * SECOND + 1).unwrap();
        assert_eq!(breaker.state(), State::HalfOpen);
        let second = breaker.acquire_at(60 * SECOND + 1).unwrap_err();
        assert_eq!(
            (second.reason, second.wait),
            (Reason::NoProbeFree, 60 * SECOND + 1)
        );
        assert!(second.to_string().contains("probes"));
        breaker.record_at(probe, outcome, 61 * SECOND);
        assert_eq!(breaker.state(), state);
    }
}

#[test]
fn a_result_of_an_earlier_era_changes_nothing() {
    let breaker = five_in_thirty();
    let late: Vec<_> = (0..6).map(|_| breaker.acquire_at(0).unwrap()).collect();
    run_times(&breaker, 5, 0, Failure);
    for (permit, outcome) in late.into_iter().zip([Success, Failure, Ignored].repeat(2)) {
        let before = breaker.snapshot_at(1);
        assert_eq!(breaker.record_at(permit, outcome, 1), Effect::Stale);
        assert_eq!(breaker.snapshot_at(1), before);
    }
}

#[test]
fn an_abandoned_probe_gives_its_permit_back_when_its_lease_expires() {
    let config = Config {
        lease: 10,
        ..Config::failures_within(1, 1, 5)
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    run(&breaker, 0, Failure);
    let lost = breaker.acquire_at(6).unwrap();
    assert_eq!(breaker.acquire_at(16).unwrap_err().wait, 1);
    assert_eq!(breaker.snapshot_at(16).probes, 1);
    assert_eq!(
        (breaker.snapshot_at(17).probes, breaker.snapshot_at(17).wait),
        (0, 0)
    );
    let next = breaker.acquire_at(17).unwrap();
    assert_eq!(breaker.record_at(lost, Failure, 17), Effect::Stale);
    assert_eq!(breaker.record_at(next, Success, 18), Effect::Counted);
    assert_eq!(breaker.state(), State::Closed);
}

#[test]
fn a_cancelled_probe_frees_its_permit_once() {
    let breaker = five_in_thirty();
    run_times(&breaker, 5, 0, Failure);
    let now = 61 * SECOND;
    let probe = breaker.acquire_at(now).unwrap();
    assert_eq!(breaker.record_at(probe, Ignored, now), Effect::NotCounted);
    assert_eq!(breaker.record_at(probe, Ignored, now), Effect::Stale);
    assert!(breaker.acquire_at(now).is_ok() && breaker.acquire_at(now).is_err());
}

#[test]
fn rates_need_the_minimum_and_trip_at_the_threshold() {
    let config = Config {
        window: Window::Count { calls: 10 },
        minimum_calls: 4,
        ..Config::default()
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    run(&breaker, 0, Failure);
    run(&breaker, 0, Failure);
    run(&breaker, 0, Success);
    assert_eq!(breaker.snapshot_at(0).failure_rate, None);
    // The fourth call is good, and the one that makes half of four.
    run(&breaker, 0, Success);
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn slow_calls_open_too_and_exactly_at_the_limit_is_not_slow() {
    let config = Config {
        window: Window::Count { calls: 2 },
        slow_after: 10,
        slow_rate: Ratio::ALL,
        ..Config::default()
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    for (end, slow) in [(10, 0), (11, 1), (11, 2)] {
        let permit = breaker.acquire_at(0).unwrap();
        assert_eq!(breaker.snapshot_at(end).state, State::Closed);
        breaker.record_at(permit, Success, end);
        assert_eq!(
            breaker.snapshot_at(end).slow,
            if slow == 2 { 0 } else { slow }
        );
    }
    assert_eq!(breaker.state(), State::Open);
}

#[test]
fn an_old_bucket_takes_its_good_calls_along() {
    let config = Config {
        window: Window::Time {
            buckets: 2,
            bucket_nanos: 100,
        },
        minimum_calls: 2,
        ..Config::default()
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    run_times(&breaker, 9, 50, Success);
    run(&breaker, 150, Failure);
    run(&breaker, 150, Failure);
    assert_eq!(breaker.snapshot_at(150).failure_rate, Some(2.0 / 11.0));
    assert_eq!(breaker.snapshot_at(200).calls, 2);
    run(&breaker, 200, Success);
    assert_eq!(breaker.state(), State::Open, "two of three failed");
}

#[test]
fn waits_grow_and_start_again_after_closing() {
    let wait = Wait {
        first: 10,
        growth_thousandths: 2000,
        most: 35,
    };
    let config = Config {
        wait,
        ..Config::failures_within(1, 1, 0)
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    let mut now = 0;
    for expected in [10, 20, 35, 35] {
        run(&breaker, now, Failure);
        assert_eq!(breaker.snapshot_at(now).wait, expected + 1);
        now += expected + 1;
    }
    assert_eq!(breaker.snapshot_at(now).attempt, 4);
    run(&breaker, now, Success);
    run(&breaker, now, Failure);
    assert_eq!(breaker.snapshot_at(now).wait, 11);
}

#[test]
fn a_half_open_state_can_end_by_time() {
    for (end, state) in [
        (HalfOpenEnd::Open, State::Open),
        (HalfOpenEnd::Closed, State::Closed),
    ] {
        let config = Config {
            half_open_limit: Some((100, end)),
            ..Config::failures_within(1, 1, 10)
        };
        let breaker = Breaker::with_clock(config, ()).unwrap();
        run(&breaker, 0, Failure);
        let probe = breaker.acquire_at(11).unwrap();
        let mut seen = Vec::new();
        let effect = breaker.record_observed_at(probe, Success, 112, |t| seen.push(t));
        let to = Transition {
            from: State::HalfOpen,
            to: state,
        };
        assert_eq!((effect, seen), (Effect::Stale, vec![to]));
    }
}

#[test]
fn states_by_hand() {
    let breaker = five_in_thirty();
    assert!(breaker.transition_at(State::HalfOpen, 0).is_err());
    assert_eq!(breaker.transition_at(State::Closed, 0), Ok(None));
    breaker.transition_at(State::ForcedOpen, 0).unwrap();
    let rejected = breaker.acquire_at(u64::MAX).unwrap_err();
    assert_eq!(
        (rejected.reason, rejected.wait),
        (Reason::ForcedOpen, u64::MAX)
    );
    breaker.transition_at(State::MetricsOnly, 0).unwrap();
    run_times(&breaker, 9, 0, Failure);
    assert_eq!(breaker.snapshot_at(0).failures, 5, "the last five are kept");
    let error = breaker.transition_at(State::Open, 0).unwrap_err();
    assert_eq!(error.to_string(), "no transition from metrics_only to open");
    breaker.transition_at(State::Disabled, 0).unwrap();
    assert_eq!(run(&breaker, 0, Failure), Effect::NotCounted);
    assert_eq!(breaker.snapshot_at(0).calls, 0);
    assert_eq!(breaker.reset_at(0).to, State::Closed);
    assert_eq!(breaker.snapshot_at(0).rejected, 1);
}

#[test]
fn a_guard_dropped_counts_nothing_and_a_panic_is_a_failure() {
    let clock = ManualClock::at(0);
    let config = Config::failures_within(2, SECOND, SECOND);
    let breaker = Breaker::with_clock(config, clock.clone()).unwrap();
    drop(breaker.guard().unwrap());
    assert_eq!(breaker.snapshot().failures, 0);
    breaker.guard().unwrap().failure();
    assert_eq!(breaker.snapshot().failures, 1);
    assert_eq!(breaker.call(|| Ok::<_, ()>(7)), Ok(7));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        breaker.call(|| -> Result<(), ()> { panic!("expected") })
    }));
    assert!(panicked.is_err() && breaker.state() == State::Open);
    assert!(matches!(
        breaker.call(|| Ok::<_, ()>(7)),
        Err(CallError::Rejected(_))
    ));
    clock.advance(SECOND + 1);
    breaker.guard().unwrap().success();
    assert_eq!(
        breaker.call(|| Err::<(), _>("no")),
        Err(CallError::Failed("no"))
    );
    assert_eq!(breaker.snapshot().failures, 1);
}

#[test]
fn the_ends_of_time_do_not_wrap() {
    let breaker = five_in_thirty();
    let end = u64::MAX;
    run_times(&breaker, 5, end, Failure);
    assert_eq!(
        breaker.acquire_at(end).unwrap_err().wait,
        1,
        "no later time to open at"
    );
    let config = Config {
        window: Window::Time {
            buckets: 3,
            bucket_nanos: 1,
        },
        minimum_calls: 1,
        ..Config::default()
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    for now in [0, end - 1, end, 5] {
        run(&breaker, now, Success);
        run(&breaker, now, Success);
    }
    assert_eq!(breaker.snapshot_at(end).calls, 6);
}
