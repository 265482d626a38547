//! `CircuitBreaker`: whether to call at all.

use std::sync::atomic::{AtomicBool, Ordering};

use cores::breaker::{Breaker, Effect, Outcome, Rejected, State, Transition};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arguments::{self, seconds};
use crate::clock::Time;
use crate::errors::circuit_open;

mod settings;

use settings::{setting_error, Given};

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

/// The compiled half of CircuitBreaker; what it does and its settings are described there.
#[pyclass(frozen, subclass, module = "service_cores._native")]
pub(crate) struct CircuitBreaker {
    breaker: Breaker<()>,
    time: Time,
    on_transition: Option<Py<PyAny>>,
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
        let config = settings::config(&Given {
            window,
            window_seconds,
            buckets,
            failure_rate,
            slow_rate,
            slow_after,
            minimum_calls,
            permits,
            lease,
            wait,
            wait_growth,
            max_wait,
            half_open_limit,
            half_open_end,
            failure_count,
            failure_seconds,
        })?;
        Ok(Self {
            breaker: Breaker::with_clock(config, ()).map_err(setting_error)?,
            time: Time::from_argument(clock)?,
            on_transition,
        })
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
