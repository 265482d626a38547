//! Routers: which shard, who takes part, how much to whom.

use cores::router::{self, hash_bytes, Part, Ranges, Share};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyString};

use crate::arguments::{self, millionths};
use crate::batch;
use crate::fork::detached;
use crate::int;

fn value_error(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// An int as it is; the stable hash of a str or bytes.
#[inline]
fn number(name: &str, key: &Bound<'_, PyAny>) -> PyResult<u64> {
    match int::small(key) {
        Some(number) => Ok(number),
        None => other_number(name, key),
    }
}

/// As [`number`], for what is no small int; apart, so that a small one stays in registers.
#[inline(never)]
fn other_number(name: &str, key: &Bound<'_, PyAny>) -> PyResult<u64> {
    if let Ok(text) = key.cast::<PyString>() {
        return Ok(hash_bytes(0, text.to_str()?.as_bytes()));
    }
    if let Ok(bytes) = key.cast::<PyBytes>() {
        return Ok(hash_bytes(0, bytes.as_bytes()));
    }
    if key.is_instance_of::<PyInt>() {
        return key.extract().map_err(|_| {
            PyValueError::new_err(format!("{name} must be in 0 ..= {}, got {key}", u64::MAX))
        });
    }
    let kind = key.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "{name} must be an int, str or bytes, got {kind}"
    )))
}

/// The bucket of `key` (int, 0 to 2**64 - 1) among 0 .. buckets - 1: Lamping and Veach's jump
/// consistent hash, the mapping of the paper bit for bit. Keys should be well spread.
#[pyfunction]
pub(crate) fn jump_hash(
    #[pyo3(from_py_with = arguments::key)] key: u64,
    #[pyo3(from_py_with = arguments::buckets)] buckets: u32,
) -> PyResult<u32> {
    router::jump_hash(key, buckets).map_err(value_error)
}

/// Route keys to `shards` shards; one more shard moves only the keys that go to it.
///
/// shards: number of shards, 1 to 2**32 - 1.
///
/// An int key is used as it is (see jump_hash); str and bytes are hashed, the same in every version.
#[pyclass(frozen, module = "service_cores")]
pub(crate) struct JumpRouter {
    shards: u32,
}

#[pymethods]
impl JumpRouter {
    #[new]
    fn new(#[pyo3(from_py_with = arguments::shards)] shards: u32) -> Self {
        Self { shards }
    }

    /// The shard of `key`, 0 to shards - 1.
    fn route(&self, key: &Bound<'_, PyAny>) -> PyResult<u32> {
        let key = number("key", key)?;
        router::jump_hash(key, self.shards).map_err(value_error)
    }

    /// For each key in `keys` (buffer of uint64) write its shard to `out` (buffer of uint32).
    /// Releases the interpreter lock.
    fn route_many(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let keys: Vec<u64> = batch::read("keys", batch::U64, keys)?;
        let out = batch::output::<u32>("out", batch::U32, out, keys.len())?;
        let shards = self.shards;
        let answers: Vec<u32> = detached(py, || {
            // The constructor has refused zero shards, the only error.
            let one = |&key: &u64| router::jump_hash(key, shards).unwrap_or(0);
            keys.iter().map(one).collect()
        });
        out.copy_from_slice(py, &answers)
    }

    fn __repr__(&self) -> String {
        format!("JumpRouter(shards={})", self.shards)
    }
}

/// Route int keys by ranges that follow each other without gap or overlap.
///
/// starts: first key of each range, ascending. A range ends where the next begins.
/// shards: the shard of each range, ints from 0. Default 0, 1, 2 ...
/// last: last key of the last range, included. Default 2**64 - 1.
#[pyclass(frozen, module = "service_cores")]
pub(crate) struct RangeRouter(Ranges);

#[pymethods]
impl RangeRouter {
    #[new]
    #[pyo3(signature = (starts, shards = None, last = None))]
    fn new(
        starts: Vec<u64>,
        shards: Option<Vec<u32>>,
        #[pyo3(from_py_with = arguments::last)] last: Option<u64>,
    ) -> PyResult<Self> {
        let shards = shards.unwrap_or_else(|| (0..starts.len() as u32).collect());
        Ranges::new(&starts, &shards, last.unwrap_or(u64::MAX))
            .map(Self)
            .map_err(value_error)
    }

    /// `count` ranges of `width` keys each from `first`, held by shards 0 to count - 1.
    #[staticmethod]
    fn even(
        #[pyo3(from_py_with = arguments::first)] first: u64,
        #[pyo3(from_py_with = arguments::width)] width: u64,
        #[pyo3(from_py_with = arguments::count)] count: u32,
    ) -> PyResult<Self> {
        Ranges::even(first, width, count)
            .map(Self)
            .map_err(value_error)
    }

    /// The shard that holds `key`; KeyError if no range does.
    fn route(&self, #[pyo3(from_py_with = arguments::key)] key: u64) -> PyResult<u32> {
        self.0
            .shard(key)
            .ok_or_else(|| PyKeyError::new_err(format!("no range holds {key}")))
    }

    /// The shards that hold keys from `low` to `high`, both included, in key order: a list of
    /// (shard, first key, last key).
    fn touching(
        &self,
        #[pyo3(from_py_with = arguments::low)] low: u64,
        #[pyo3(from_py_with = arguments::high)] high: u64,
    ) -> Vec<(u32, u64, u64)> {
        let parts = self.0.touching(low..=high);
        parts
            .map(|(shard, keys)| (shard, *keys.start(), *keys.end()))
            .collect()
    }

    /// For each key in `keys` (buffer of uint64) write its shard to `out` (buffer of int64), -1
    /// where no range holds it. Releases the interpreter lock.
    fn route_many(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let keys: Vec<u64> = batch::read("keys", batch::U64, keys)?;
        let out = batch::output::<i64>("out", batch::I64, out, keys.len())?;
        let ranges = &self.0;
        let answers: Vec<i64> = detached(py, || {
            keys.iter()
                .map(|&key| ranges.shard(key).map_or(-1, i64::from))
                .collect()
        });
        out.copy_from_slice(py, &answers)
    }

    fn __repr__(&self) -> String {
        format!("RangeRouter(ranges={})", self.0.len())
    }
}

/// Send a share of users the new way; a user keeps its side, and a growing share only adds users.
///
/// name: tells rollouts apart; two names pick independent users.
#[pyclass(frozen, module = "service_cores")]
pub(crate) struct Rollout(router::Rollout);

fn share(share: f64) -> PyResult<Share> {
    Share::millionths(millionths("share", share, 0)?).map_err(value_error)
}

#[pymethods]
impl Rollout {
    #[new]
    fn new(name: &str) -> Self {
        Self(router::Rollout::new(name))
    }

    /// Whether `user` (int or str) takes part at `share`, 0 to 1, in whole millionths.
    fn includes(&self, user: &Bound<'_, PyAny>, share: f64) -> PyResult<bool> {
        let share = self::share(share)?;
        if let Ok(text) = user.cast::<PyString>() {
            return Ok(self.0.includes(text.to_str()?, share));
        }
        Ok(self.0.includes_id(number("user", user)?, share))
    }

    /// For each id in `users` (buffer of uint64) write 1 to `out` (buffer of uint8) if it takes
    /// part at `share`, else 0. Releases the interpreter lock.
    fn includes_many(
        &self,
        py: Python<'_>,
        users: &Bound<'_, PyAny>,
        share: f64,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let share = self::share(share)?;
        let users: Vec<u64> = batch::read("users", batch::U64, users)?;
        let out = batch::output::<u8>("out", batch::U8, out, users.len())?;
        let rollout = self.0;
        let answers: Vec<u8> = detached(py, || {
            users
                .iter()
                .map(|&user| u8::from(rollout.includes_id(user, share)))
                .collect()
        });
        out.copy_from_slice(py, &answers)
    }
}

/// Split `amount` in proportion to `weights`, no part above its cap; the parts add up exactly.
///
/// weights: ints from 0; a weight of 0 receives nothing. caps: ints from 0, default no bound.
/// ValueError if the caps leave no room for the amount. The same input gives the same answer.
#[pyfunction]
#[pyo3(signature = (amount, weights, caps = None))]
pub(crate) fn split(
    #[pyo3(from_py_with = arguments::amount)] amount: u64,
    weights: Vec<u64>,
    caps: Option<Vec<u64>>,
) -> PyResult<Vec<u64>> {
    let caps = caps.unwrap_or_else(|| vec![u64::MAX; weights.len()]);
    if caps.len() != weights.len() {
        return Err(PyValueError::new_err(format!(
            "caps must have one entry per weight, {}, got {}",
            weights.len(),
            caps.len()
        )));
    }
    let part = |(weight, cap)| Part { weight, cap };
    let parts: Vec<Part> = weights.into_iter().zip(caps).map(part).collect();
    router::split(amount, &parts).map_err(value_error)
}
