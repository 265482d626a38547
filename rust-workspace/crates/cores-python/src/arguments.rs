//! Python numbers of seconds and shares → nanoseconds and millionths, or an error that names the
//! argument and its bounds.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyFloat, PyInt};

const SECOND: u64 = 1_000_000_000;

/// Seconds → nanoseconds: an `int` exactly, a `float` or `timedelta` rounded.
pub(crate) fn nanos(name: &str, value: &Bound<'_, PyAny>) -> PyResult<u64> {
    let out_of_bounds = || {
        let given = value
            .repr()
            .map_or_else(|_| "?".to_owned(), |text| text.to_string());
        PyValueError::new_err(format!(
            "{name} must be in 0 ..= {} seconds, got {given}",
            u64::MAX / SECOND
        ))
    };
    if value.is_instance_of::<PyInt>() {
        let seconds: u64 = value.extract().map_err(|_| out_of_bounds())?;
        return seconds.checked_mul(SECOND).ok_or_else(out_of_bounds);
    }
    let seconds: f64 = if value.is_instance_of::<PyFloat>() {
        value.extract()?
    } else if value.is_instance_of::<PyDelta>() {
        value.call_method0("total_seconds")?.extract()?
    } else {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "{name} must be seconds (int, float or timedelta), got {kind}"
        )));
    };
    let nanos = (seconds * SECOND as f64).round();
    // 2^64 as a double: the first value that does not fit. NaN is in no range.
    if (0.0..18_446_744_073_709_551_616.0).contains(&nanos) {
        return Ok(nanos as u64);
    }
    Err(out_of_bounds())
}

/// A share as a fraction → whole millionths, at least `least`.
pub(crate) fn millionths(name: &str, share: f64, least: u32) -> PyResult<u32> {
    let scaled = (share * 1e6).round();
    if (f64::from(least)..=1e6).contains(&scaled) && (0.0..=1.0).contains(&share) {
        return Ok(scaled as u32);
    }
    let bound = if least == 0 { "0" } else { "0.000001" };
    Err(PyValueError::new_err(format!(
        "{name} must be in {bound} ..= 1, got {share}"
    )))
}

/// Nanoseconds → seconds; `u64::MAX`, which means never or unknown, is infinite.
pub(crate) fn seconds(nanos: u64) -> f64 {
    match nanos {
        u64::MAX => f64::INFINITY,
        nanos => nanos as f64 / SECOND as f64,
    }
}

/// An integer argument, or an error with its name and bounds.
pub(crate) fn integer<T>(name: &str, most: T, value: &Bound<'_, PyAny>) -> PyResult<T>
where
    T: for<'a, 'py> FromPyObject<'a, 'py> + std::fmt::Display,
{
    // The common case first; the error is worked out only when it is needed.
    if let Ok(number) = value.extract::<T>() {
        return Ok(number);
    }
    if value.is_instance_of::<PyInt>() {
        return Err(PyValueError::new_err(format!(
            "{name} must be in 0 ..= {most}, got {value}"
        )));
    }
    let kind = value.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{name} must be an int, got {kind}"
    )))
}

/// Functions that read one integer argument, for `from_py_with`.
macro_rules! integers {
    ($($function:ident: $kind:ty),* $(,)?) => {$(
        pub(crate) fn $function(value: &Bound<'_, PyAny>) -> PyResult<$kind> {
            integer(stringify!($function), <$kind>::MAX, value)
        }
    )*};
}

/// As `integers`, where `None` is allowed.
macro_rules! optional_integers {
    ($($function:ident: $kind:ty),* $(,)?) => {$(
        pub(crate) fn $function(value: &Bound<'_, PyAny>) -> PyResult<Option<$kind>> {
            if value.is_none() {
                return Ok(None);
            }
            integer(stringify!($function), <$kind>::MAX, value).map(Some)
        }
    )*};
}

integers! {
    rate: u64, cost: u64, now_ns: u64, max_keys: usize, buckets: u32, minimum_calls: u32,
    permits: u32, shards: u32, key: u64, first: u64, width: u64, count: u32, low: u64, high: u64,
    amount: u64,
}
optional_integers! { burst: u64, window: u32, failure_count: u32, last: u64 }
