//! The settings of a `CircuitBreaker`, as Python gives them → the core's configuration, or an error
//! that names the setting and its bounds.

use cores::breaker::{Config, HalfOpenEnd, Ratio, Wait, Window};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arguments::{millionths, nanos};

type Argument<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// The constructor's arguments, by their names.
pub(super) struct Given<'a, 'py> {
    pub(super) window: Option<u32>,
    pub(super) window_seconds: Argument<'a, 'py>,
    pub(super) buckets: u32,
    pub(super) failure_rate: f64,
    pub(super) slow_rate: f64,
    pub(super) slow_after: Argument<'a, 'py>,
    pub(super) minimum_calls: u32,
    pub(super) permits: u32,
    pub(super) lease: Argument<'a, 'py>,
    pub(super) wait: Argument<'a, 'py>,
    pub(super) wait_growth: f64,
    pub(super) max_wait: Argument<'a, 'py>,
    pub(super) half_open_limit: Argument<'a, 'py>,
    pub(super) half_open_end: &'a str,
    pub(super) failure_count: Option<u32>,
    pub(super) failure_seconds: Argument<'a, 'py>,
}

pub(super) fn setting_error(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The configuration that the arguments describe.
pub(super) fn config(given: &Given<'_, '_>) -> PyResult<Config> {
    let defaults = Config::default();
    let ratio = |name, share| -> PyResult<Ratio> {
        Ratio::millionths(millionths(name, share, 1)?).map_err(setting_error)
    };
    let end = half_open_end(given.half_open_end)?;
    Ok(Config {
        window: window(given)?,
        failure_rate: ratio("failure_rate", given.failure_rate)?,
        slow_rate: ratio("slow_rate", given.slow_rate)?,
        slow_after: optional("slow_after", given.slow_after, defaults.slow_after)?,
        minimum_calls: given.minimum_calls,
        permits: given.permits,
        lease: lease(given.lease, defaults.lease)?,
        half_open_limit: match given.half_open_limit {
            None => None,
            Some(limit) => Some((nanos("half_open_limit", limit)?, end)),
        },
        wait: Wait {
            first: optional("wait", given.wait, defaults.wait.first)?,
            growth_thousandths: growth(given.wait_growth)?,
            most: optional("max_wait", given.max_wait, u64::MAX)?,
        },
    })
}

/// The window that the arguments describe: failures within a time, or calls, or a time.
fn window(given: &Given<'_, '_>) -> PyResult<Window> {
    match (given.failure_count, given.failure_seconds) {
        (Some(failures), Some(time)) => Ok(Window::Failures {
            failures,
            nanos: nanos("failure_seconds", time)?,
        }),
        (None, None) => window_of_calls(given.window, given.window_seconds, given.buckets),
        _ => Err(PyValueError::new_err(
            "failure_count and failure_seconds need each other",
        )),
    }
}

/// Optional seconds → nanoseconds.
fn optional(name: &str, value: Option<&Bound<'_, PyAny>>, default: u64) -> PyResult<u64> {
    value.map_or(Ok(default), |value| nanos(name, value))
}

/// The lease, which must last.
fn lease(value: Option<&Bound<'_, PyAny>>, default: u64) -> PyResult<u64> {
    match optional("lease", value, default)? {
        0 => Err(PyValueError::new_err(
            "lease must be at least 1 ns (1e-9 seconds), got 0",
        )),
        nanos => Ok(nanos),
    }
}

/// The window of the last calls, or of the calls in the last time.
fn window_of_calls(
    calls: Option<u32>,
    time: Option<&Bound<'_, PyAny>>,
    buckets: u32,
) -> PyResult<Window> {
    match (calls, time) {
        (Some(_), Some(_)) => Err(PyValueError::new_err(
            "window and window_seconds exclude each other",
        )),
        (None, Some(time)) => {
            let nanos = nanos("window_seconds", time)?;
            let bucket_nanos = nanos / u64::from(buckets);
            if nanos % u64::from(buckets) != 0 || bucket_nanos == 0 {
                return Err(PyValueError::new_err(format!(
                    "window_seconds must be a whole number of ns per bucket, at least 1, \
                     got {nanos} ns in {buckets} buckets"
                )));
            }
            Ok(Window::Time {
                buckets,
                bucket_nanos,
            })
        }
        (calls, None) => Ok(Window::Count {
            calls: calls.unwrap_or(100),
        }),
    }
}

/// A growth factor → thousandths.
fn growth(factor: f64) -> PyResult<u32> {
    let thousandths = (factor * 1000.0).round();
    if (1000.0..=f64::from(u32::MAX)).contains(&thousandths) {
        return Ok(thousandths as u32);
    }
    Err(PyValueError::new_err(format!(
        "wait_growth must be in 1 ..= {}, got {factor}",
        u32::MAX / 1000
    )))
}

fn half_open_end(name: &str) -> PyResult<HalfOpenEnd> {
    match name {
        "open" => Ok(HalfOpenEnd::Open),
        "closed" => Ok(HalfOpenEnd::Closed),
        other => Err(PyValueError::new_err(format!(
            "half_open_end must be \"open\" or \"closed\", got {other:?}"
        ))),
    }
}
