//! All interleavings of a few threads → the promises hold in each (loom).
//!
//! Runs with `RUSTFLAGS="--cfg loom" cargo test --release --test loom_cores`.
// Cargo does not know the flag that is set by hand.
#![allow(unexpected_cfgs)]
#![cfg(loom)]

use cores::breaker::{Breaker, Config, Effect, Outcome, State, Wait, Window};
use cores::limiter::{Limiter, Quota};
use loom::sync::Arc;
use loom::thread;

/// Interleavings with at most three switches by force.
fn explore(test: impl Fn() + Sync + Send + 'static) {
    explore_up_to(3, test);
}

/// Interleavings with a bounded number of switches by force: few are enough for the known bugs of
/// such code, and take seconds instead of days.
fn explore_up_to(switches: usize, test: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(switches);
    builder.check(test);
}

fn count(answers: impl IntoIterator<Item = bool>) -> u64 {
    answers.into_iter().map(u64::from).sum()
}

#[test]
fn two_checks_for_one_cell_admit_one() {
    explore(|| {
        let limiter = Arc::new(Limiter::with_clock(Quota::new(1, 100, 1).unwrap(), ()));
        let other = Arc::clone(&limiter);
        let thread = thread::spawn(move || other.check_at(1).is_ok());
        let mine = limiter.check_at(2).is_ok();
        assert_eq!(count([mine, thread.join().unwrap()]), 1);
    });
}

#[test]
fn a_change_of_rate_between_checks_never_adds_cells() {
    explore_up_to(2, || {
        let limiter = Arc::new(Limiter::with_clock(Quota::new(1, 100, 1).unwrap(), ()));
        let (a, b) = (Arc::clone(&limiter), Arc::clone(&limiter));
        let check = thread::spawn(move || a.check_at(5).is_ok());
        let change = thread::spawn(move || {
            b.set_quota_at(5, Quota::new(3, 1_000, 1).unwrap());
        });
        let mine = limiter.check_at(5).is_ok();
        let theirs = check.join().unwrap();
        change.join().unwrap();
        assert_eq!(count([mine, theirs]), 1, "the burst, neither more nor less");
    });
}

#[test]
fn a_check_never_mixes_the_figures_of_two_rates() {
    explore_up_to(2, || {
        let limiter = Arc::new(Limiter::with_clock(Quota::new(1, 100, 1).unwrap(), ()));
        assert!(limiter.check_at(0).is_ok());
        let other = Arc::clone(&limiter);
        let change = thread::spawn(move || {
            other.set_quota_at(5, Quota::new(1, 7, 1).unwrap());
            other.set_quota_at(5, Quota::new(3, 1_000, 1).unwrap());
        });
        // Empty under each of the three; due at 100, at 7 after the change, or at 334 after it.
        let wait = limiter.check_at(5).unwrap_err().wait();
        assert!([95, 7, 334].map(Some).contains(&wait), "{wait:?}");
        change.join().unwrap();
    });
}

#[test]
fn a_moved_base_keeps_the_debt() {
    explore(|| {
        // A reach of a few seconds: the late check moves the base.
        let quota = Quota::new(499_999_993, 1_000_000_000, 1).unwrap();
        let limiter = Arc::new(Limiter::with_clock(quota, ()));
        let other = Arc::clone(&limiter);
        let late = 40_000_000_000;
        let thread = thread::spawn(move || other.check_at(late).is_ok());
        let mine = limiter.check_at(late).is_ok();
        assert_eq!(count([mine, thread.join().unwrap()]), 1);
    });
}

fn breaker(permits: u32) -> Arc<Breaker<()>> {
    let config = Config {
        window: Window::Count { calls: 2 },
        permits,
        wait: Wait::constant(10),
        ..Config::default()
    };
    Arc::new(Breaker::with_clock(config, ()).unwrap())
}

#[test]
fn concurrent_results_are_all_counted() {
    explore(|| {
        let config = Config {
            window: Window::Count { calls: 8 },
            minimum_calls: 1,
            failure_rate: cores::breaker::Ratio::ALL,
            ..Config::default()
        };
        let breaker = Arc::new(Breaker::with_clock(config, ()).unwrap());
        let run = |breaker: &Breaker<()>, outcome| {
            let permit = breaker.acquire_at(0).unwrap();
            assert_eq!(breaker.record_at(permit, outcome, 0), Effect::Counted);
        };
        run(&breaker, Outcome::Success);
        let other = Arc::clone(&breaker);
        let thread = thread::spawn(move || {
            run(&other, Outcome::Success);
            run(&other, Outcome::Failure);
        });
        run(&breaker, Outcome::Success);
        thread.join().unwrap();
        let seen = breaker.snapshot_at(0);
        assert_eq!(
            (seen.calls, seen.failures, seen.state),
            (4, 1, State::Closed)
        );
    });
}

#[test]
fn a_result_never_crosses_into_the_next_era() {
    explore(|| {
        let breaker = breaker(1);
        let warm = |breaker: &Breaker<()>| {
            for _ in 0..2 {
                let permit = breaker.acquire_at(0).unwrap();
                breaker.record_at(permit, Outcome::Success, 0);
            }
        };
        warm(&breaker);
        let permit = breaker.acquire_at(0).unwrap();
        let other = Arc::clone(&breaker);
        // Counted before the reset or stale after it; never in the new window.
        let thread = thread::spawn(move || other.record_at(permit, Outcome::Success, 0));
        breaker.reset_at(0);
        assert_eq!(breaker.snapshot_at(0).calls, 0);
        let effect = thread.join().unwrap();
        assert!(effect != Effect::NotCounted);
        assert_eq!(breaker.snapshot_at(0).calls, 0);
    });
}

#[test]
fn two_failures_at_the_threshold_open_once() {
    explore(|| {
        let breaker = breaker(1);
        let permits = [
            breaker.acquire_at(0).unwrap(),
            breaker.acquire_at(0).unwrap(),
        ];
        let other = Arc::clone(&breaker);
        let thread = thread::spawn(move || other.record_at(permits[0], Outcome::Failure, 0));
        let mine = breaker.record_at(permits[1], Outcome::Failure, 0);
        assert_eq!([mine, thread.join().unwrap()], [Effect::Counted; 2]);
        let seen = breaker.snapshot_at(0);
        assert_eq!((seen.state, seen.era, seen.attempt), (State::Open, 1, 1));
    });
}

#[test]
fn two_callers_after_the_wait_get_one_probe() {
    explore(|| {
        let breaker = breaker(1);
        for _ in 0..2 {
            let permit = breaker.acquire_at(0).unwrap();
            breaker.record_at(permit, Outcome::Failure, 0);
        }
        let other = Arc::clone(&breaker);
        let thread = thread::spawn(move || other.acquire_at(11).is_ok());
        let mine = breaker.acquire_at(11).is_ok();
        assert_eq!(count([mine, thread.join().unwrap()]), 1);
        assert_eq!(breaker.snapshot_at(11).probes, 1);
    });
}
