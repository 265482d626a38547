//! More threads than cores → never more admitted than the rate allows, never more probes than
//! permits, nothing lost from the windows.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Barrier;

use cores::breaker::{Breaker, Config, Effect, Outcome, Ratio, State, Window};
use cores::limiter::{KeyedLimiter, Limiter, Quota};

// Miri runs every access through its model of memory: fewer, so that it ends.
const THREADS: u64 = if cfg!(miri) { 3 } else { 8 };
const CALLS: u64 = if cfg!(miri) { 40 } else { 40_000 };

fn on_all_threads(work: impl Fn(u64) + Sync) {
    let start = Barrier::new(THREADS as usize);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(thread);
            });
        }
    });
}

#[test]
fn the_limiter_admits_exactly_rate_times_time_plus_burst() {
    // Time moves one nanosecond a check, so all of it is used up.
    for quota in [
        Quota::new(3, 100, 20).unwrap(),
        Quota::new(999_983, 86_400_000_000_000, 999_983).unwrap(),
    ] {
        let limiter = Limiter::with_clock(quota, ());
        let (time, admitted) = (AtomicU64::new(0), AtomicU64::new(0));
        on_all_threads(|_| {
            for _ in 0..CALLS {
                let now = time.fetch_add(1, Ordering::SeqCst);
                if limiter.check_at(now).is_ok() {
                    admitted.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        let refill = u128::from(THREADS * CALLS) * u128::from(quota.count());
        let most = refill / u128::from(quota.period()) + u128::from(quota.burst());
        let admitted = u128::from(admitted.into_inner());
        assert!(admitted <= most, "{admitted} of {most}");
        assert!(
            admitted + 1 >= most.min((THREADS * CALLS).into()),
            "{admitted} of {most}"
        );
    }
}

#[test]
fn changes_of_rate_under_load_never_admit_more_than_the_faster_rate() {
    let (slow, fast) = (
        Quota::new(1, 50, 10).unwrap(),
        Quota::new(3, 50, 15).unwrap(),
    );
    let wide = Quota::new(999_983, 86_400_000_000_000, 999_983).unwrap();
    let limiter = Limiter::with_clock(slow, ());
    let (time, admitted) = (AtomicU64::new(0), AtomicU64::new(0));
    on_all_threads(|thread| {
        for call in 0..CALLS {
            let now = time.fetch_add(1, Ordering::SeqCst);
            if thread == 0 && call % 16 == 0 {
                // The wide quota refills far more slowly and keeps its bucket behind the lock.
                let quota = [slow, fast, wide][(call / 16 % 3) as usize];
                limiter.set_quota_at(now, quota);
            } else if limiter.check_at(now).is_ok() {
                admitted.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let most = THREADS * CALLS * 3 / 50 + 15;
    let admitted = admitted.into_inner();
    assert!(admitted <= most, "{admitted} of {most}");
    assert!(admitted > most / 20, "{admitted} of {most}");
}

#[test]
fn each_key_is_limited_on_its_own() {
    let quota = Quota::new(1, u64::MAX, 7).unwrap();
    let keys: KeyedLimiter<u64, ()> =
        KeyedLimiter::with_clock(quota, 1000, (), Default::default()).unwrap();
    let admitted: Vec<AtomicU64> = (0..50).map(|_| AtomicU64::new(0)).collect();
    on_all_threads(|_| {
        for call in 0..CALLS / 10 {
            let key = call % 50;
            if keys.check_at(&key, 0).is_ok() {
                admitted[key as usize].fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let expected = if cfg!(miri) { 0 } else { 7 };
    assert!(admitted
        .iter()
        .all(|n| n.load(Ordering::SeqCst) >= expected));
    assert!(admitted.iter().all(|n| n.load(Ordering::SeqCst) <= 7));
}

#[test]
fn windows_hold_what_all_threads_recorded() {
    let never = Ratio::ALL;
    for window in [
        Window::Count { calls: 1_000_000 },
        Window::Time {
            buckets: 60,
            bucket_nanos: 10_000_000,
        },
    ] {
        let config = Config {
            window,
            failure_rate: never,
            slow_rate: never,
            slow_after: 5,
            ..Config::default()
        };
        let breaker = Breaker::with_clock(config, ()).unwrap();
        let time = AtomicU64::new(0);
        on_all_threads(|_| {
            for call in 0..CALLS {
                let now = time.fetch_add(1_000, Ordering::SeqCst);
                let permit = breaker.acquire_at(now).expect("closed");
                let failed = call % 10 == 3;
                let outcome = if failed {
                    Outcome::Failure
                } else {
                    Outcome::Success
                };
                let end = now + if call % 100 == 7 { 6 } else { 5 };
                assert_eq!(breaker.record_at(permit, outcome, end), Effect::Counted);
            }
        });
        let seen = breaker.snapshot_at(0);
        assert_eq!(seen.state, State::Closed);
        let share = |n: u64, of: u64| THREADS * (CALLS / of + u64::from(CALLS % of > n));
        assert_eq!(
            (seen.calls, seen.failures, seen.slow),
            (THREADS * CALLS, share(3, 10), share(7, 100))
        );
    }
}

#[test]
fn never_more_probes_than_permits_and_one_decision_per_era() {
    let config = Config {
        window: Window::Count { calls: 10 },
        permits: 3,
        lease: u64::MAX,
        wait: cores::breaker::Wait::constant(10),
        ..Config::default()
    };
    let breaker = Breaker::with_clock(config, ()).unwrap();
    let (time, under_way) = (AtomicU64::new(0), AtomicU64::new(0));
    on_all_threads(|thread| {
        for call in 0..CALLS {
            let now = time.fetch_add(1, Ordering::SeqCst);
            let Ok(permit) = breaker.acquire_at(now) else {
                continue;
            };
            let probe = permit.parts().1 != 0;
            if probe {
                let others = under_way.fetch_add(1, Ordering::SeqCst);
                assert!(others < 3, "{others} probes besides this one");
                under_way.fetch_sub(1, Ordering::SeqCst);
            }
            let outcome = match (call + thread) % 3 {
                0 => Outcome::Success,
                1 => Outcome::Failure,
                _ => Outcome::Ignored,
            };
            breaker.record_at(permit, outcome, now);
        }
    });
    assert!(breaker.snapshot_at(0).era > 2);
}
