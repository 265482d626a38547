//! Inner state → the hot path is really taken, and its counters wrap and empty as they should.

use super::*;
use crate::breaker::config;

fn small(window: config::Window) -> Breaker<()> {
    let config = Config {
        window,
        minimum_calls: 2,
        ..Config::default()
    };
    Breaker::with_clock(config, ()).unwrap()
}

fn good(breaker: &Breaker<()>, now: u64) {
    let permit = breaker.acquire_at(now).unwrap();
    assert_eq!(
        breaker.record_at(permit, Outcome::Success, now),
        Effect::Counted
    );
}

const WINDOWS: [config::Window; 2] = [
    config::Window::Count { calls: 4 },
    config::Window::Time {
        buckets: 2,
        bucket_nanos: 10,
    },
];

#[test]
fn good_results_take_the_stripes_once_the_minimum_is_there() {
    for window in WINDOWS {
        let breaker = small(window);
        for striped in [0, 0, 1, 2] {
            good(&breaker, 1);
            assert_eq!(breaker.stripes.sum(), striped, "{window:?}");
        }
        // Again in a later era and segment.
        breaker.reset_at(1);
        for striped in [0, 0, 1, 2] {
            good(&breaker, 1);
            assert_eq!(breaker.stripes.sum(), striped, "{window:?}");
        }
    }
}

#[test]
fn a_new_bucket_empties_the_stripes_and_keeps_the_counts() {
    let breaker = small(WINDOWS[1]);
    (0..4).for_each(|_| good(&breaker, 1));
    good(&breaker, 10);
    assert_eq!(
        (breaker.stripes.sum(), breaker.snapshot_at(10).calls),
        (0, 5)
    );
    good(&breaker, 10);
    assert_eq!(
        (breaker.stripes.sum(), breaker.snapshot_at(10).calls),
        (1, 6)
    );
    // Two buckets on, nothing is left: the lock again until the minimum is there.
    good(&breaker, 35);
    good(&breaker, 35);
    assert_eq!(
        (breaker.stripes.sum(), breaker.snapshot_at(35).calls),
        (0, 2)
    );
}

#[test]
fn full_stripes_are_emptied_into_the_window() {
    for window in WINDOWS {
        let breaker = small(window);
        (0..3).for_each(|_| good(&breaker, 1));
        breaker.stripes.preset(EMPTY_STRIPES_AT);
        let before = breaker.snapshot_at(1).calls;
        let permit = breaker.acquire_at(1).unwrap();
        breaker.record_at(permit, Outcome::Failure, 1);
        assert_eq!(breaker.stripes.sum(), 0, "{window:?}");
        let most = if window == WINDOWS[0] { 4 } else { u64::MAX };
        assert_eq!(breaker.snapshot_at(1).calls, (before + 1).min(most));
        // Still armed, in the new segment.
        good(&breaker, 1);
        assert_eq!(breaker.stripes.sum(), 1, "{window:?}");
        // One less is not emptied.
        breaker.stripes.preset(EMPTY_STRIPES_AT - 1);
        let permit = breaker.acquire_at(1).unwrap();
        breaker.record_at(permit, Outcome::Failure, 1);
        assert_eq!(breaker.stripes.sum(), EMPTY_STRIPES_AT - 1, "{window:?}");
    }
}

#[test]
fn emptying_the_stripes_moves_no_bad_call() {
    let breaker = small(config::Window::Count { calls: 8 });
    let bad = || {
        let permit = breaker.acquire_at(1).unwrap();
        breaker.record_at(permit, Outcome::Failure, 1);
    };
    (0..3).for_each(|_| good(&breaker, 1));
    breaker.stripes.preset(EMPTY_STRIPES_AT - 1);
    bad();
    good(&breaker, 1);
    assert_eq!(breaker.stripes.sum(), EMPTY_STRIPES_AT);
    bad();
    assert_eq!(breaker.stripes.sum(), 0);
    assert_eq!(breaker.snapshot_at(1).failures, 2);
}

#[test]
fn segments_wrap_without_touching_the_era() {
    let breaker = small(WINDOWS[0]);
    lock(&breaker.inner).segment = SEGMENT;
    breaker.reset_at(0);
    let inner = lock(&breaker.inner);
    assert_eq!((inner.segment, inner.era), (0, 1));
    assert_eq!(inner.word(), 1 << 32);
    drop(inner);
    (0..3).for_each(|_| good(&breaker, 1));
    assert_eq!(breaker.stripes.sum(), 1);
    lock(&breaker.inner).segment = SEGMENT - 1;
    breaker.reset_at(0);
    assert_eq!(
        lock(&breaker.inner).word(),
        2 << 32 | u64::from(SEGMENT) << 4
    );
}

#[test]
fn stripes_are_emptied_long_before_one_is_full() {
    assert_eq!(EMPTY_STRIPES_AT, 1_073_741_824);
    assert_eq!(SEGMENT, 268_435_455);
}
