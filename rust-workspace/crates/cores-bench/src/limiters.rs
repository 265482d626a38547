//! Rate limiters: admitted and refused, clock passed and clock read.

use std::hint::black_box;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

use cores::limiter::{Limiter, Quota};
use cores::MonotonicClock;
use governor::clock::FakeRelativeClock;
use governor::RateLimiter;

use crate::table::{row, Group, Row};

/// Runs the same loop on each of `threads` pinned threads.
pub fn on_threads(threads: usize, work: impl Fn(u64) + Sync) {
    if threads == 1 {
        return work(0);
    }
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (work, core) = (&work, cores.get(thread % cores.len().max(1)).copied());
            scope.spawn(move || {
                if let Some(core) = core {
                    core_affinity::set_for_current(core);
                }
                work(thread as u64);
            });
        }
    });
}

/// A quota so fast that nothing is refused, with a rate no nanosecond divides: 700 M/s.
fn fast() -> Quota {
    Quota::per_second(700_000_000, 1 << 40).expect("valid")
}

/// One cell per hour.
fn slow() -> Quota {
    Quota::new(1, 3_600_000_000_000, 1).expect("valid")
}

fn governor_quota(admit: bool) -> governor::Quota {
    let most = NonZeroU32::MAX;
    if admit {
        governor::Quota::per_second(most).allow_burst(most)
    } else {
        governor::Quota::per_hour(NonZeroU32::MIN)
    }
}

/// Ours with the time passed: read from an atomic, as governor's fake clock is, and standing still.
fn ours(threads: usize, quota: Quota) -> Row {
    let limiter = Limiter::with_clock(quota, ());
    let _ = limiter.check_at(1);
    let clock = Arc::new(AtomicU64::new(1));
    row("cores, clock passed", move |calls| {
        // A new burst for each sample.
        limiter.set_quota_at(1, quota);
        on_threads(threads, |_| {
            for _ in 0..calls {
                black_box(limiter.check_at(clock.load(Ordering::Relaxed)).is_ok());
            }
        });
    })
}

fn governor_fake(threads: usize, admit: bool) -> Row {
    let clock = FakeRelativeClock::default();
    let limiter = RateLimiter::direct_with_clock(governor_quota(admit), clock.clone());
    let _ = limiter.check();
    row("governor, fake clock", move |calls| {
        if admit {
            clock.advance(Duration::from_secs(10));
        }
        on_threads(threads, |_| {
            for _ in 0..calls {
                black_box(limiter.check().is_ok());
            }
        });
    })
}

fn with_clocks(threads: usize, admit: bool) -> Vec<Row> {
    let quota = if admit { fast() } else { slow() };
    let ours = Limiter::with_clock(quota, MonotonicClock::new());
    let theirs = RateLimiter::direct(governor_quota(admit));
    let their_std = RateLimiter::direct_with_clock(
        governor_quota(admit),
        governor::clock::MonotonicClock::default(),
    );
    let bucket = ratelimit::Ratelimiter::builder(if admit { 1_000_000_000 } else { 1 })
        .max_tokens(1_000_000_000)
        .initial_available(if admit { 1_000_000_000 } else { 0 })
        .build()
        .expect("valid");
    let _ = (ours.check(), theirs.check(), their_std.check());
    vec![
        row("cores, own clock", move |calls| {
            on_threads(threads, |_| {
                for _ in 0..calls {
                    black_box(ours.check().is_ok());
                }
            });
        }),
        row("governor as it comes", move |calls| {
            on_threads(threads, |_| {
                for _ in 0..calls {
                    black_box(theirs.check().is_ok());
                }
            });
        }),
        row("governor, std clock", move |calls| {
            on_threads(threads, |_| {
                for _ in 0..calls {
                    black_box(their_std.check().is_ok());
                }
            });
        }),
        row("ratelimit", move |calls| {
            on_threads(threads, |_| {
                for _ in 0..calls {
                    black_box(bucket.try_wait().is_ok());
                }
            });
        }),
    ]
}

/// The least that any of them can cost: one compare-and-swap per admitted call.
fn floor(threads: usize) -> Row {
    let word = Arc::new(AtomicU64::new(0));
    row("one compare-and-swap", move |calls| {
        on_threads(threads, |_| {
            for _ in 0..calls {
                let mut seen = word.load(Ordering::Acquire);
                while let Err(now) =
                    word.compare_exchange_weak(seen, seen + 1, Ordering::AcqRel, Ordering::Acquire)
                {
                    seen = now;
                }
            }
        });
    })
}

fn clock_alone() -> Row {
    let clock = Rc::new(MonotonicClock::new());
    row("our clock alone", move |calls| {
        for _ in 0..calls {
            black_box(cores::Clock::now(&*clock));
        }
    })
}

pub fn groups(threads: usize) -> Vec<Group> {
    let named = |what: &str, rows| Group {
        name: format!("limiter, {what}, {threads} thread(s)"),
        rows,
    };
    let mut admitted = with_clocks(threads, true);
    if threads == 1 {
        admitted.push(clock_alone());
    }
    vec![
        named(
            "admitted",
            vec![
                ours(threads, fast()),
                governor_fake(threads, true),
                floor(threads),
            ],
        ),
        named(
            "refused",
            vec![ours(threads, slow()), governor_fake(threads, false)],
        ),
        named("admitted, clock read", admitted),
        named("refused, clock read", with_clocks(threads, false)),
    ]
}
