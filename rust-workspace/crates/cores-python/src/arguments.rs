//! Python numbers of seconds and shares → nanoseconds and millionths, or an error that names the
//! argument and its bounds.

use cores::breaker::{MOST_CALLS, MOST_PARTS};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyFloat, PyInt};

use crate::int;

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

/// An integer argument within its bounds, or an error with its name and them.
pub(crate) fn integer<T>(
    name: &str,
    bounds: std::ops::RangeInclusive<T>,
    value: &Bound<'_, PyAny>,
) -> PyResult<T>
where
    T: for<'a, 'py> FromPyObject<'a, 'py> + TryFrom<u64> + PartialOrd + std::fmt::Display,
{
    // The common case first; the error is worked out only when it is needed.
    let small = int::small(value).and_then(|number| T::try_from(number).ok());
    if let Some(number) = small.or_else(|| value.extract::<T>().ok()) {
        if bounds.contains(&number) {
            return Ok(number);
        }
    }
    if value.is_instance_of::<PyInt>() {
        let (least, most) = bounds.into_inner();
        return Err(PyValueError::new_err(format!(
            "{name} must be in {least} ..= {most}, got {value}"
        )));
    }
    let kind = value.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{name} must be an int, got {kind}"
    )))
}

/// Functions that read one integer argument, for `from_py_with`: name, type, least, most.
macro_rules! integers {
    ($($name:ident: $kind:ident, $least:literal to $most:expr;)*) => {$(
        pub(crate) fn $name(value: &Bound<'_, PyAny>) -> PyResult<$kind> {
            integer(stringify!($name), $least..=$most, value)
        }
    )*};
}

/// As `integers`, where `None` is allowed.
macro_rules! optional_integers {
    ($($name:ident: $kind:ident, $least:literal to $most:expr;)*) => {$(
        pub(crate) fn $name(value: &Bound<'_, PyAny>) -> PyResult<Option<$kind>> {
            if value.is_none() {
                return Ok(None);
            }
            integer(stringify!($name), $least..=$most, value).map(Some)
        }
    )*};
}

integers! {
    rate: u64, 0 to u64::MAX;
    cost: u64, 0 to u64::MAX;
    now_ns: u64, 0 to u64::MAX;
    max_keys: usize, 1 to usize::MAX;
    buckets: u32, 1 to u32::MAX;
    minimum_calls: u32, 1 to u32::MAX;
    permits: u32, 1 to MOST_PARTS;
    shards: u32, 1 to u32::MAX;
    key: u64, 0 to u64::MAX;
    first: u64, 0 to u64::MAX;
    width: u64, 1 to u64::MAX;
    count: u32, 1 to u32::MAX;
    low: u64, 0 to u64::MAX;
    high: u64, 0 to u64::MAX;
    amount: u64, 0 to u64::MAX;
}
optional_integers! {
    burst: u64, 1 to u64::MAX;
    window: u32, 1 to MOST_CALLS;
    failure_count: u32, 1 to MOST_PARTS;
    last: u64, 0 to u64::MAX;
}

/// `buckets` of a breaker's window, fewer than those of a hash.
pub(crate) fn window_buckets(value: &Bound<'_, PyAny>) -> PyResult<u32> {
    integer("buckets", 1..=MOST_PARTS, value)
}
