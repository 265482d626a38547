//! A Python choice of clock → nanoseconds.

use cores::Clock as _;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::arguments::{self, nanos};

/// A clock that moves only when told, for tests.
///
/// Pass it as `clock=` to a limiter or breaker; several may share it.
#[pyclass(frozen, module = "service_cores")]
pub(crate) struct ManualClock(cores::ManualClock);

#[pymethods]
impl ManualClock {
    /// A clock that shows `start` seconds.
    #[new]
    #[pyo3(signature = (start = None))]
    fn new(start: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let start = start.map_or(Ok(0), |start| nanos("start", start))?;
        Ok(Self(cores::ManualClock::at(start)))
    }

    /// Move on by `seconds` (int, float or timedelta).
    fn advance(&self, seconds: &Bound<'_, PyAny>) -> PyResult<()> {
        self.0.advance(nanos("seconds", seconds)?);
        Ok(())
    }

    /// Show `now_ns` nanoseconds from here on; may go backwards.
    fn set_ns(&self, #[pyo3(from_py_with = arguments::now_ns)] now_ns: u64) {
        self.0.set(now_ns);
    }

    /// Nanoseconds shown.
    fn now_ns(&self) -> u64 {
        self.0.now()
    }
}

/// Where a core gets its time.
pub(crate) enum Time {
    /// The machine's monotonic clock, read without Python.
    Machine(cores::MonotonicClock),
    /// A clock of a test.
    Manual(cores::ManualClock),
    /// Any callable that gives nanoseconds, such as `time.monotonic_ns`.
    Callable(Py<PyAny>),
}

impl Time {
    /// The clock given as `clock=`.
    pub(crate) fn from_argument(clock: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(clock) = clock else {
            return Ok(Self::Machine(cores::MonotonicClock::new()));
        };
        if let Ok(manual) = clock.cast::<ManualClock>() {
            return Ok(Self::Manual(manual.get().0.clone()));
        }
        if clock.is_callable() {
            return Ok(Self::Callable(clock.clone().unbind()));
        }
        let kind = clock.get_type().name()?;
        Err(PyTypeError::new_err(format!(
            "clock must be None, a ManualClock or a callable that gives nanoseconds, got {kind}"
        )))
    }

    /// Nanoseconds now.
    ///
    /// # Errors
    /// What a callable raises, or `TypeError` / `OverflowError` if it gives no such number.
    #[inline]
    pub(crate) fn now(&self, py: Python<'_>) -> PyResult<u64> {
        match self {
            Self::Machine(clock) => Ok(clock.now()),
            Self::Manual(clock) => Ok(clock.now()),
            Self::Callable(clock) => clock.bind(py).call0()?.extract(),
        }
    }
}
