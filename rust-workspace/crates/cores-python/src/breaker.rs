//! `CircuitBreaker`: whether to call at all.

use std::sync::atomic::{AtomicBool, Ordering};

use cores::breaker::{
    Breaker, Config, Effect, HalfOpenEnd, Outcome, Ratio, Rejected, State, Transition, Wait, Window,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::{self, millionths, nanos, seconds};
use crate::clock::Time;
use crate::errors::circuit_open;

/// Leave to make one call, from `CircuitBreaker.acquire`. Give it back once, to the same breaker.
#[pyclass(frozen, module = "service_cores")]
pub(crate) struct Permit {
    permit: cores::breaker::Permit,
    settled: AtomicBool,
}

#[pymethods]
impl Permit {
    /// Whether the call is a probe of the half-open state.
    #[getter]
    fn is_probe(&self) -> bool {
        self.permit.parts().1 != 0
    }
}

/// Stop calling what is down.
///
/// Closed, it permits and records calls. When the share of failures or of slow calls in the window
/// reaches its threshold it opens and rejects calls for `wait` seconds; then it is half-open and
/// lets `permits` probes through, whose results close or open it.
///
/// window: results that count together: the last so many (int, 1 to 1,000,000). Default 100.
/// window_seconds: instead of `window`, the results of the last so many seconds, in `buckets`.
/// buckets: parts of `window_seconds`, 1 to 100,000. Default 10.
/// failure_rate: share of failures that opens, above 0 up to 1. Default 0.5.
/// slow_rate: share of slow calls that opens, above 0 up to 1. Default 1.
/// slow_after: a call is slow if it takes longer than this many seconds. Default 60.
/// minimum_calls: results needed before a rate means anything, at least 1. Default 100.
/// permits: probes of one half-open state, 1 to 100,000. Default 10.
/// lease: seconds after which a probe that has not come back gives its permit back. Default 60.
/// wait: seconds open. Default 60.
/// wait_growth: growth of the wait per further opening in a row, from 1. Default 1.
/// max_wait: longest wait in seconds. Default: no bound.
/// half_open_limit: longest half-open state in seconds. Default: no bound.
/// half_open_end: what follows that limit, "open" or "closed". Default "open".
/// on_transition: called with the old and the new state's name after each change of state, without
///     any lock. What it raises goes to sys.unraisablehook.
/// clock: None for the machine's monotonic clock, a ManualClock, or a callable giving nanoseconds.
///
/// Each result counts only in the era its permit is from. Safe to share between threads.
#[pyclass(frozen, subclass, module = "service_cores")]
pub(crate) struct CircuitBreaker {
    breaker: Breaker<()>,
    time: Time,
    on_transition: Option<Py<PyAny>>,
}

fn setting_error(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
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

/// The window that the arguments describe.
fn window(calls: Option<u32>, time: Option<&Bound<'_, PyAny>>, buckets: u32) -> PyResult<Window> {
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

impl CircuitBreaker {
    /// Shows a change of state to the user's function and contains what it raises.
    fn show(&self, py: Python<'_>, transition: Transition) {
        if let Some(function) = &self.on_transition {
            let names = (transition.from.name(), transition.to.name());
            if let Err(error) = function.call1(py, names) {
                error.write_unraisable(py, Some(function.bind(py)));
            }
        }
    }

    #[inline]
    fn permit(&self, py: Python<'_>) -> PyResult<Result<Permit, Rejected>> {
        let now = self.time.now(py)?;
        let answer = self
            .breaker
            .acquire_observed_at(now, |change| self.show(py, change));
        Ok(answer.map(|permit| Permit {
            permit,
            settled: AtomicBool::new(false),
        }))
    }

    #[inline]
    fn settle(&self, py: Python<'_>, permit: &Permit, outcome: Outcome) -> PyResult<bool> {
        let now = self.time.now(py)?;
        // Two threads that settle one permit at once are a mistake of the caller that costs a
        // second count of one call, so a plain load and store do.
        if permit.settled.load(Ordering::Relaxed) {
            return Ok(false);
        }
        permit.settled.store(true, Ordering::Relaxed);
        let effect = self
            .breaker
            .record_observed_at(permit.permit, outcome, now, |change| self.show(py, change));
        Ok(effect == Effect::Counted)
    }

    fn finish(
        config: Config,
        on_transition: Option<Py<PyAny>>,
        clock: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            breaker: Breaker::with_clock(config, ()).map_err(setting_error)?,
            time: Time::from_argument(clock)?,
            on_transition,
        })
    }
}

#[pymethods]
impl CircuitBreaker {
    #[new]
    #[pyo3(signature = (
        *, window = None, window_seconds = None, buckets = 10, failure_rate = 0.5,
        slow_rate = 1.0, slow_after = None, minimum_calls = 100, permits = 10, lease = None,
        wait = None, wait_growth = 1.0, max_wait = None, half_open_limit = None,
        half_open_end = "open", failure_count = None, failure_seconds = None,
        on_transition = None, clock = None,
    ))]
    // One argument per setting, all by name.
    #[allow(clippy::too_many_arguments)]
    fn new(
        #[pyo3(from_py_with = arguments::window)] window: Option<u32>,
        window_seconds: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = arguments::window_buckets)] buckets: u32,
        failure_rate: f64,
        slow_rate: f64,
        slow_after: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = arguments::minimum_calls)] minimum_calls: u32,
        #[pyo3(from_py_with = arguments::permits)] permits: u32,
        lease: Option<&Bound<'_, PyAny>>,
        wait: Option<&Bound<'_, PyAny>>,
        wait_growth: f64,
        max_wait: Option<&Bound<'_, PyAny>>,
        half_open_limit: Option<&Bound<'_, PyAny>>,
        half_open_end: &str,
        #[pyo3(from_py_with = arguments::failure_count)] failure_count: Option<u32>,
        failure_seconds: Option<&Bound<'_, PyAny>>,
        on_transition: Option<Py<PyAny>>,
        clock: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let defaults = Config::default();
        let ratio = |name, share| -> PyResult<Ratio> {
            Ratio::millionths(millionths(name, share, 1)?).map_err(setting_error)
        };
        let end = self::half_open_end(half_open_end)?;
        let window = match (failure_count, failure_seconds) {
            (Some(failures), Some(time)) => Window::Failures {
                failures,
                nanos: nanos("failure_seconds", time)?,
            },
            (None, None) => self::window(window, window_seconds, buckets)?,
            _ => {
                return Err(PyValueError::new_err(
                    "failure_count and failure_seconds need each other",
                ))
            }
        };
        let config = Config {
            window,
            failure_rate: ratio("failure_rate", failure_rate)?,
            slow_rate: ratio("slow_rate", slow_rate)?,
            slow_after: optional("slow_after", slow_after, defaults.slow_after)?,
            minimum_calls,
            permits,
            lease: self::lease(lease, defaults.lease)?,
            half_open_limit: match half_open_limit {
                None => None,
                Some(limit) => Some((nanos("half_open_limit", limit)?, end)),
            },
            wait: Wait {
                first: optional("wait", wait, defaults.wait.first)?,
                growth_thousandths: growth(wait_growth)?,
                most: optional("max_wait", max_wait, u64::MAX)?,
            },
        };
        Self::finish(config, on_transition, clock)
    }

    /// A permit to make one call; raises CircuitOpen with `reason` and `retry_after` in seconds.
    ///
    /// Give the permit back with `success`, `failure` or `cancel`.
    fn acquire(&self, py: Python<'_>) -> PyResult<Permit> {
        match self.permit(py)? {
            Ok(permit) => Ok(permit),
            Err(rejected) => Err(circuit_open(py, rejected)),
        }
    }

    /// As `acquire`, but None instead of CircuitOpen.
    fn try_acquire(&self, py: Python<'_>) -> PyResult<Option<Permit>> {
        Ok(self.permit(py)?.ok())
    }

    /// Give a permit back: the call worked. Says whether that counted.
    fn success(&self, py: Python<'_>, permit: &Bound<'_, Permit>) -> PyResult<bool> {
        self.settle(py, permit.get(), Outcome::Success)
    }

    /// Give a permit back: the call failed. Says whether that counted.
    fn failure(&self, py: Python<'_>, permit: &Bound<'_, Permit>) -> PyResult<bool> {
        self.settle(py, permit.get(), Outcome::Failure)
    }

    /// Give a permit back as if the call had not been made.
    fn cancel(&self, py: Python<'_>, permit: &Bound<'_, Permit>) -> PyResult<()> {
        self.settle(py, permit.get(), Outcome::Ignored).map(|_| ())
    }

    /// The state's name: "closed", "open", "half_open", "forced_open", "disabled" or
    /// "metrics_only". Takes no permit and changes nothing.
    #[getter]
    fn state(&self) -> &'static str {
        self.breaker.state().name()
    }

    /// All figures now, for metrics: state, era, calls, failures, slow, failure_rate, slow_rate,
    /// probes, rejected, attempt, retry_after. Takes no permit and changes no answer.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let seen = self.breaker.snapshot_at(self.time.now(py)?);
        let figures = PyDict::new(py);
        figures.set_item("state", seen.state.name())?;
        figures.set_item("era", seen.era)?;
        figures.set_item("calls", seen.calls)?;
        figures.set_item("failures", seen.failures)?;
        figures.set_item("slow", seen.slow)?;
        figures.set_item("failure_rate", seen.failure_rate)?;
        figures.set_item("slow_rate", seen.slow_rate)?;
        figures.set_item("probes", seen.probes)?;
        figures.set_item("rejected", seen.rejected)?;
        figures.set_item("attempt", seen.attempt)?;
        figures.set_item("retry_after", seconds(seen.wait))?;
        Ok(figures)
    }

    /// Change the state by hand; the same state again changes nothing. ValueError for an unknown
    /// name and for closed to half_open, metrics_only to open or half_open.
    fn set_state(&self, py: Python<'_>, state: &str) -> PyResult<()> {
        const STATES: [State; 6] = [
            State::Closed,
            State::Open,
            State::HalfOpen,
            State::ForcedOpen,
            State::Disabled,
            State::MetricsOnly,
        ];
        let Some(to) = STATES.into_iter().find(|known| known.name() == state) else {
            let names = STATES.map(State::name).join(", ");
            return Err(PyValueError::new_err(format!(
                "state must be one of {names}, got {state:?}"
            )));
        };
        let now = self.time.now(py)?;
        let change = self.breaker.transition_at(to, now).map_err(setting_error)?;
        if let Some(change) = change {
            self.show(py, change);
        }
        Ok(())
    }

    /// Close the breaker and empty its window. Results of calls under way no longer count.
    fn reset(&self, py: Python<'_>) -> PyResult<()> {
        let change = self.breaker.reset_at(self.time.now(py)?);
        if change.from != change.to {
            self.show(py, change);
        }
        Ok(())
    }

    fn __repr__(&self) -> String {
        format!("CircuitBreaker(state={:?})", self.breaker.state().name())
    }
}
