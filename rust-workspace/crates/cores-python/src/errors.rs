//! Refusals → the exceptions of `service_cores._errors`.

use cores::breaker::{Reason, Rejected};
use cores::limiter::{Denied, KeyedDenied};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::arguments::seconds;

/// The exception class with this name.
fn class<'py>(
    py: Python<'py>,
    cell: &'static PyOnceLock<Py<PyType>>,
    name: &str,
) -> PyResult<&'py Bound<'py, PyType>> {
    cell.import(py, "service_cores._errors", name)
}

/// The error of a refused check that does not fit any bucket.
pub(crate) fn too_large(cost: u64, burst: u64) -> PyErr {
    PyValueError::new_err(format!(
        "cost must be in 0 ..= {burst} (the burst), got {cost}"
    ))
}

/// Nanoseconds until a retry, or `ValueError` for a cost above the burst.
pub(crate) fn wait(denied: Denied) -> PyResult<u64> {
    match denied {
        Denied::NotYet(not_yet) => Ok(not_yet.wait()),
        Denied::TooLarge { cost, burst } => Err(too_large(cost, burst)),
    }
}

/// As [`wait`], for a key.
pub(crate) fn keyed_wait(denied: KeyedDenied) -> PyResult<u64> {
    match denied {
        KeyedDenied::Key(denied) => wait(denied),
        KeyedDenied::Full { wait } => Ok(wait),
    }
}

/// `RateLimited(retry_after)`.
pub(crate) fn rate_limited(py: Python<'_>, wait: u64) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    match class(py, &CLASS, "RateLimited") {
        Ok(class) => PyErr::from_type(class.clone(), (seconds(wait),)),
        Err(error) => error,
    }
}

/// `CircuitOpen(reason, retry_after)`.
pub(crate) fn circuit_open(py: Python<'_>, rejected: Rejected) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let reason = match rejected.reason {
        Reason::Open => "open",
        Reason::NoProbeFree => "half_open",
        Reason::ForcedOpen => "forced_open",
    };
    match class(py, &CLASS, "CircuitOpen") {
        Ok(class) => PyErr::from_type(class.clone(), (reason, seconds(rejected.wait))),
        Err(error) => error,
    }
}
