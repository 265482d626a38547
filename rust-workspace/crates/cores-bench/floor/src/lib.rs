//! The cheapest PyO3 calls with the arguments and results of the extension's calls; and the cores'
//! own loops, timed in Rust, so that both come from one run.

use std::hint::black_box;

use cores::breaker::{Breaker, Config, Outcome};
use cores::limiter::{KeyedLimiter, Limiter, Quota};
use cores::router::{jump_hash, mix};
use cores::{Clock, MonotonicClock};
use cpu_time::ThreadTime;
use pyo3::prelude::*;

/// A method object with the shapes of the extension's methods.
#[pyclass(frozen)]
struct Floor;

/// As large as the extension's permit.
#[pyclass(frozen)]
struct Ticket {
    value: u64,
    _more: [u64; 2],
}

#[pymethods]
impl Floor {
    #[new]
    fn new() -> Self {
        Self
    }

    #[pyo3(signature = (cost = 1))]
    fn optional(&self, cost: u64) -> bool {
        cost == 1
    }

    #[pyo3(signature = (now, cost = 1))]
    fn number_optional(&self, now: u64, cost: u64) -> bool {
        now != cost
    }

    #[pyo3(signature = (key, cost = 1))]
    fn text_optional(&self, key: &str, cost: u64) -> bool {
        key.len() as u64 != cost
    }

    fn ticket(&self) -> Ticket {
        Ticket {
            value: 7,
            _more: [0; 2],
        }
    }

    fn take(&self, ticket: &Bound<'_, Ticket>) -> bool {
        ticket.get().value == 7
    }

    fn number(&self, key: u64) -> u32 {
        key as u32
    }

    /// Converts nothing but its small answer.
    fn object(&self, key: &Bound<'_, PyAny>) -> u32 {
        u32::from(black_box(key).as_ptr().is_null())
    }
}

#[pyfunction]
fn two_numbers(key: u64, buckets: u32) -> u32 {
    key as u32 ^ buckets
}

/// Nanoseconds of processor time per call of `work`, over `calls`.
fn time(calls: u64, mut work: impl FnMut(u64)) -> f64 {
    let start = ThreadTime::now();
    for call in 0..calls {
        work(call);
    }
    start.elapsed().as_nanos() as f64 / calls as f64
}

/// Nanoseconds of one core's own work in Rust.
#[pyfunction]
fn rust_time(what: &str, calls: u64) -> f64 {
    let clock = MonotonicClock::new();
    let quota = Quota::per_second(1_000_000_000, 1 << 40).expect("valid");
    match what {
        "allow" => {
            let limiter = Limiter::with_clock(quota, clock);
            time(calls, |_| drop(black_box(limiter.check())))
        }
        "allow_at" => {
            let limiter = Limiter::with_clock(quota, ());
            time(calls, |call| drop(black_box(limiter.check_at(call))))
        }
        "keyed" => {
            let keyed: KeyedLimiter<String> = KeyedLimiter::new(quota, 100_000).expect("valid");
            let key = "user-12345";
            time(calls, |_| drop(black_box(keyed.check(black_box(key)))))
        }
        "acquire" => {
            let breaker = Breaker::with_clock(Config::default(), clock).expect("valid");
            time(calls, |_| drop(black_box(breaker.acquire())))
        }
        "record" => {
            let breaker = Breaker::with_clock(Config::default(), clock).expect("valid");
            let permit = breaker.acquire().expect("closed");
            time(calls, |_| {
                drop(black_box(breaker.record(permit, Outcome::Success)))
            })
        }
        "jump" => time(calls, |_| {
            drop(black_box(jump_hash(black_box(mix(7)), black_box(64))))
        }),
        "clock" => time(calls, |_| drop(black_box(clock.now()))),
        other => panic!("no core called {other}"),
    }
}

/// Nanoseconds per key of the batch's loop in Rust: keys in a vector, answers to a vector.
#[pyfunction]
fn rust_batch(what: &str, keys: Vec<u64>, repeats: u64) -> f64 {
    let quota = Quota::per_second(1_000_000_000, 1 << 40).expect("valid");
    let limiter = Limiter::with_clock(quota, ());
    let per_key = keys.len() as f64;
    // Known when it runs, as the extension's.
    let shards = black_box(64);
    let total = match what {
        "jump" => time(repeats, |_| {
            let answers: Vec<u32> = keys
                .iter()
                .map(|&key| jump_hash(key, shards).unwrap_or(0))
                .collect();
            black_box(answers);
        }),
        _ => time(repeats, |call| {
            let answers: Vec<u8> = keys
                .iter()
                .map(|_| u8::from(limiter.check_n_at(call, 1).is_ok()))
                .collect();
            black_box(answers);
        }),
    };
    total / per_key
}

/// Calls with the extension's shapes.
#[pymodule]
mod cores_floor {
    #[pymodule_export]
    use super::{rust_batch, rust_time, two_numbers, Floor, Ticket};
}
