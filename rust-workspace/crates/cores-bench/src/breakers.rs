//! Circuit breakers: a permitted call and its result.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cores::breaker::{Breaker, Config, Outcome, State, Window};
use cores::MonotonicClock;
use failsafe::CircuitBreaker as _;
use tower::{Layer, Service};
use tower_resilience_circuitbreaker::{CircuitBreakerLayer, SlidingWindowType};

use crate::limiters::on_threads;
use crate::table::{row, Group, Row};

/// What a row's calls do.
#[derive(Clone, Copy)]
struct Work {
    name: &'static str,
    /// Every so many calls one fails; 0 for never.
    fail_every: u64,
    /// Every so many calls one is slow; 0 for never.
    slow_every: u64,
}

impl Work {
    #[inline]
    fn fails(self, call: u64) -> bool {
        self.fail_every != 0 && call % self.fail_every == 0
    }

    #[inline]
    fn is_slow(self, call: u64) -> bool {
        self.slow_every != 0 && call % self.slow_every == 0
    }
}

const WORKS: [Work; 3] = [
    Work {
        name: "all success",
        fail_every: 0,
        slow_every: 0,
    },
    Work {
        name: "10 % failures",
        fail_every: 10,
        slow_every: 0,
    },
    Work {
        name: "1 % slow",
        fail_every: 0,
        slow_every: 100,
    },
];

#[derive(Debug)]
struct Failed;
impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}
impl std::error::Error for Failed {}

fn config(window: Window) -> Config {
    Config {
        window,
        slow_after: 1_000_000,
        ..Config::default()
    }
}

const COUNT: Window = Window::Count { calls: 100 };
const TIME: Window = Window::Time {
    buckets: 10,
    bucket_nanos: 1_000_000_000,
};

/// One call of ours with the time passed.
#[inline(always)]
fn call_at(breaker: &Breaker<()>, work: Work, call: u64, now: u64) {
    if let Ok(permit) = breaker.acquire_at(now) {
        let failed = black_box(work.fails(call));
        let outcome = if failed {
            Outcome::Failure
        } else {
            Outcome::Success
        };
        let lasted = if work.is_slow(call) { 2_000_000 } else { 100 };
        breaker.record_at(permit, outcome, now + lasted);
    }
}

fn ours_passed(threads: usize, work: Work, window: Window) -> Row {
    let breaker = Breaker::with_clock(config(window), ()).expect("valid");
    let start = AtomicU64::new(0);
    row("cores, clock passed", move |calls| {
        // 10 ns a call, on and on, so that a time window moves as it would.
        let begin = start.fetch_add(calls * 10, Ordering::Relaxed);
        on_threads(threads, |_| {
            for call in 1..=calls {
                call_at(&breaker, work, call, begin + call * 10);
            }
        });
        assert_eq!(breaker.state(), State::Closed, "nothing may open");
    })
}

fn ours_clock(threads: usize, work: Work, window: Window) -> Row {
    let breaker = Breaker::with_clock(config(window), MonotonicClock::new()).expect("valid");
    row("cores, own clock", move |calls| {
        on_threads(threads, |_| {
            for call in 1..=calls {
                if let Ok(permit) = breaker.acquire() {
                    let failed = black_box(work.fails(call));
                    let outcome = if failed {
                        Outcome::Failure
                    } else {
                        Outcome::Success
                    };
                    breaker.record(permit, outcome);
                }
            }
        });
    })
}

/// What the peers' calls return.
#[inline]
fn answer(work: Work, call: u64) -> Result<u64, Failed> {
    if black_box(work.fails(call)) {
        Err(Failed)
    } else {
        Ok(call)
    }
}

fn recloser(threads: usize, work: Work) -> Row {
    let breaker = recloser::Recloser::default();
    row("recloser", move |calls| {
        on_threads(threads, |_| {
            for call in 1..=calls {
                black_box(breaker.call(|| answer(work, call)).is_ok());
            }
        });
    })
}

fn failsafe(threads: usize, work: Work) -> Row {
    let breaker = failsafe::Config::new().build();
    row("failsafe", move |calls| {
        on_threads(threads, |_| {
            for call in 1..=calls {
                black_box(breaker.call(|| answer(work, call)).is_ok());
            }
        });
    })
}

fn circuitbreaker_rs(threads: usize, work: Work) -> Row {
    let breaker =
        circuitbreaker_rs::CircuitBreaker::<circuitbreaker_rs::DefaultPolicy, Failed>::builder()
            .failure_threshold(0.5)
            .build();
    row("circuitbreaker-rs", move |calls| {
        on_threads(threads, |_| {
            for call in 1..=calls {
                black_box(breaker.call(|| answer(work, call)).is_ok());
            }
        });
    })
}

fn tower(threads: usize, work: Work, time: bool) -> Row {
    let builder = CircuitBreakerLayer::builder()
        .failure_rate_threshold(0.5)
        .slow_call_duration_threshold(Duration::from_millis(1))
        .slow_call_rate_threshold(1.0)
        .minimum_number_of_calls(100)
        .sliding_window_size(100);
    let builder = if time {
        builder
            .sliding_window_type(SlidingWindowType::TimeBased)
            .sliding_window_duration(Duration::from_millis(10))
    } else {
        builder
    };
    let layer = builder.build().expect("valid");
    let inner = tower::service_fn(move |call: u64| std::future::ready(answer(work, call)));
    let service = layer.layer(inner);
    row(
        if time {
            "tower-resilience, time 10 ms"
        } else {
            "tower-resilience"
        },
        move |calls| {
            let service = &service;
            on_threads(threads, |_| {
                let mut service = service.clone();
                for call in 1..=calls {
                    black_box(futures::executor::block_on(service.call(call)).is_ok());
                }
            });
        },
    )
}

pub fn groups(threads: usize) -> Vec<Group> {
    let mut groups = Vec::new();
    for (kind, window) in [("count window", COUNT), ("time window", TIME)] {
        for work in WORKS {
            let mut rows = vec![
                ours_passed(threads, work, window),
                ours_clock(threads, work, window),
                recloser(threads, work),
                failsafe(threads, work),
                circuitbreaker_rs(threads, work),
            ];
            rows.push(tower(threads, work, window == TIME).with_fewer_calls());
            groups.push(Group {
                name: format!("breaker, {kind}, {}, {threads} thread(s)", work.name),
                rows,
            });
        }
    }
    groups
}

/// The windows of the timed code path hold exactly what two threads recorded.
pub fn windows_hold_what_was_recorded() {
    let each = 200_000;
    for window in [Window::Count { calls: 1_000_000 }, TIME] {
        for work in WORKS {
            let breaker = Breaker::with_clock(config(window), ()).expect("valid");
            on_threads(2, |_| {
                for call in 1..=each {
                    call_at(&breaker, work, call, call * 10);
                }
            });
            let seen = breaker.snapshot_at(each * 10);
            let share = |every: u64| if every == 0 { 0 } else { 2 * each / every };
            assert_eq!(
                (seen.calls, seen.failures, seen.slow),
                (2 * each, share(work.fail_every), share(work.slow_every)),
                "{window:?}, {}",
                work.name
            );
        }
    }
    eprintln!("windows hold what was recorded: 2 windows x 3 workloads x 400,000 calls, exact");
}
