//! Python buffers → vectors, and vectors → buffers, with errors that name the argument.
//!
//! The contents are copied under the interpreter lock: other threads may write to a buffer while a
//! batch runs, and a copy costs a fraction of a nanosecond per key.

use pyo3::buffer::{Element, PyBuffer};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// The numbers in a C-contiguous buffer.
pub(crate) fn read<T: Element>(
    name: &str,
    kind: &str,
    value: &Bound<'_, PyAny>,
) -> PyResult<Vec<T>> {
    buffer::<T>(name, kind, value)?.to_vec(value.py())
}

/// The buffer to write `len` answers to.
pub(crate) fn output<T: Element>(
    name: &str,
    kind: &str,
    value: &Bound<'_, PyAny>,
    len: usize,
) -> PyResult<PyBuffer<T>> {
    let buffer = buffer::<T>(name, kind, value)?;
    if buffer.readonly() {
        return Err(PyValueError::new_err(format!("{name} must be writable")));
    }
    if buffer.item_count() != len {
        return Err(PyValueError::new_err(format!(
            "{name} must hold {len} items, one per key, got {}",
            buffer.item_count()
        )));
    }
    Ok(buffer)
}

fn buffer<T: Element>(name: &str, kind: &str, value: &Bound<'_, PyAny>) -> PyResult<PyBuffer<T>> {
    let wrong = |_| {
        let given = value.get_type().name();
        let given = given.map_or_else(|_| "?".to_owned(), |given| given.to_string());
        PyTypeError::new_err(format!("{name} must be a buffer of {kind}, got {given}"))
    };
    let buffer = PyBuffer::<T>::get(value).map_err(wrong)?;
    if !buffer.is_c_contiguous() {
        return Err(PyValueError::new_err(format!("{name} must be contiguous")));
    }
    Ok(buffer)
}

/// How errors call the buffers.
pub(crate) const U64: &str = "unsigned 64-bit integers";
/// As [`U64`].
pub(crate) const U32: &str = "unsigned 32-bit integers";
/// As [`U64`].
pub(crate) const I64: &str = "signed 64-bit integers";
/// As [`U64`].
pub(crate) const U8: &str = "unsigned bytes";
