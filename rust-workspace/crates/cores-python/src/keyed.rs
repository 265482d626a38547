//! `KeyedRateLimiter`: the same quota for each of many keys, in bounded memory.

use cores::limiter::{KeyedDenied, KeyedLimiter};
use cores::router::mix;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyString};

use crate::arguments::{self, seconds};
use crate::batch;
use crate::clock::Time;
use crate::errors::{keyed_wait, rate_limited, too_large};
use crate::fork::detached;
use crate::int;
use crate::limiter::quota;

/// A key in memory.
enum Key {
    Text(Box<str>),
    Bytes(Box<[u8]>),
    Number(u64),
}

/// A key as the caller gave it; borrowed, so that a known key costs no allocation.
enum Given<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(u64),
}

impl Given<'_> {
    #[inline]
    fn same(&self, key: &Key) -> bool {
        match (self, key) {
            (Self::Text(a), Key::Text(b)) => **a == **b,
            (Self::Bytes(a), Key::Bytes(b)) => **a == **b,
            (Self::Number(a), Key::Number(b)) => a == b,
            _ => false,
        }
    }

    fn keep(&self) -> Key {
        match self {
            Self::Text(text) => Key::Text((*text).into()),
            Self::Bytes(bytes) => Key::Bytes((*bytes).into()),
            Self::Number(number) => Key::Number(*number),
        }
    }
}

/// The key and its hash. Texts use Python's own hash: it is kept in the object, and seeded.
#[inline]
fn given<'a>(key: &'a Bound<'_, PyAny>) -> PyResult<(u64, Given<'a>)> {
    if let Ok(text) = key.cast::<PyString>() {
        return Ok((mix(key.hash()? as u64), Given::Text(text.to_str()?)));
    }
    if let Some(number) = int::small(key) {
        return Ok((number_hash(number), Given::Number(number)));
    }
    if key.is_instance_of::<PyInt>() {
        let number: u64 = key.extract().map_err(|_| {
            PyValueError::new_err(format!("key must be in 0 ..= {}, got {key}", u64::MAX))
        })?;
        return Ok((number_hash(number), Given::Number(number)));
    }
    if let Ok(bytes) = key.cast::<PyBytes>() {
        return Ok((mix(key.hash()? as u64), Given::Bytes(bytes.as_bytes())));
    }
    let kind = key.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "key must be a str, int or bytes, got {kind}"
    )))
}

fn number_hash(number: u64) -> u64 {
    mix(number ^ 0x5851_F42D_4C95_7F2D)
}

/// Admit at most `rate` calls per `per` seconds, and `burst` at once, for each key.
///
/// rate, per, burst, clock: as for RateLimiter.
/// max_keys: most keys in memory, at least 1. A key is forgotten only when it owes nothing; if none
///     can be, a new key is refused until one can. The bound is split evenly over internal shards.
/// always: keys that always pass and do not count.
///
/// Keys are str, bytes or int (0 to 2**64 - 1).
#[pyclass(frozen, subclass, module = "service_cores._native")]
pub(crate) struct KeyedRateLimiter {
    limiter: KeyedLimiter<Key, (), ()>,
    time: Time,
}

impl KeyedRateLimiter {
    #[inline]
    fn decide(
        &self,
        py: Python<'_>,
        key: &Bound<'_, PyAny>,
        cost: u64,
    ) -> PyResult<Result<(), KeyedDenied>> {
        let (hash, given) = given(key)?;
        let now = self.time.now(py)?;
        let same = |kept: &Key| given.same(kept);
        Ok(self
            .limiter
            .check_hashed_at(hash, same, || given.keep(), now, cost))
    }
}

#[pymethods]
impl KeyedRateLimiter {
    #[new]
    #[pyo3(signature = (rate, per = None, burst = None, *, max_keys = 100_000, always = None, clock = None))]
    fn new(
        #[pyo3(from_py_with = arguments::rate)] rate: u64,
        per: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = arguments::burst)] burst: Option<u64>,
        #[pyo3(from_py_with = arguments::max_keys)] max_keys: usize,
        always: Option<&Bound<'_, PyAny>>,
        clock: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let limiter = KeyedLimiter::with_clock(quota(rate, per, burst)?, max_keys, (), ())
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let limiter = Self {
            limiter,
            time: Time::from_argument(clock)?,
        };
        if let Some(always) = always {
            if always.is_instance_of::<PyString>() {
                return Err(PyTypeError::new_err("always must be keys, got one str"));
            }
            for key in always.try_iter()? {
                limiter.always_allow(&key?)?;
            }
        }
        Ok(limiter)
    }

    /// Whether `cost` calls of `key` may pass now. All or none; a refusal changes nothing.
    ///
    /// Raises ValueError if `cost` exceeds the burst, TypeError for a key of another type.
    #[pyo3(signature = (key, cost = 1))]
    fn allow(
        &self,
        py: Python<'_>,
        key: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<bool> {
        match self.decide(py, key, cost)? {
            Ok(()) => Ok(true),
            Err(KeyedDenied::Key(cores::limiter::Denied::TooLarge { cost, burst })) => {
                Err(too_large(cost, burst))
            }
            Err(_) => Ok(false),
        }
    }

    /// Take `cost` calls of `key` if they may pass now: 0.0 if taken, else the seconds to wait.
    #[pyo3(signature = (key, cost = 1))]
    fn try_acquire(
        &self,
        py: Python<'_>,
        key: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<f64> {
        match self.decide(py, key, cost)? {
            Ok(()) => Ok(0.0),
            Err(denied) => keyed_wait(denied).map(seconds),
        }
    }

    /// Take `cost` calls of `key`, or raise RateLimited with `retry_after` in seconds.
    #[pyo3(signature = (key, cost = 1))]
    fn check(
        &self,
        py: Python<'_>,
        key: &Bound<'_, PyAny>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<()> {
        match self.decide(py, key, cost)? {
            Ok(()) => Ok(()),
            Err(denied) => Err(rate_limited(py, keyed_wait(denied)?)),
        }
    }

    /// For each key in `keys` (buffer of uint64), in order, write 1 to `out` (buffer of uint8) if
    /// one call is taken, else 0. All at one time. Gives the number taken. Releases the
    /// interpreter lock. The keys are those of `allow(int)`.
    fn allow_many(
        &self,
        py: Python<'_>,
        keys: &Bound<'_, PyAny>,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<usize> {
        let keys: Vec<u64> = batch::read("keys", batch::U64, keys)?;
        let out = batch::output::<u8>("out", batch::U8, out, keys.len())?;
        let now = self.time.now(py)?;
        let limiter = &self.limiter;
        let answers: Vec<u8> = detached(py, || {
            let one = |&number: &u64| {
                let given = Given::Number(number);
                let same = |kept: &Key| given.same(kept);
                let hash = number_hash(number);
                u8::from(
                    limiter
                        .check_hashed_at(hash, same, || given.keep(), now, 1)
                        .is_ok(),
                )
            };
            keys.iter().map(one).collect()
        });
        out.copy_from_slice(py, &answers)?;
        Ok(answers.iter().map(|&answer| usize::from(answer)).sum())
    }

    /// Let `key` pass always from now on.
    fn always_allow(&self, key: &Bound<'_, PyAny>) -> PyResult<()> {
        let (hash, given) = given(key)?;
        self.limiter
            .list_hashed(hash, |kept| given.same(kept), || given.keep());
        Ok(())
    }

    /// End `always_allow`; the key owes what it owed before. Says whether it was on the list.
    fn limit_again(&self, key: &Bound<'_, PyAny>) -> PyResult<bool> {
        let (hash, given) = given(key)?;
        Ok(self.limiter.unlist_hashed(hash, |kept| given.same(kept)))
    }

    /// Change the quota of every key from now on, as RateLimiter.set_rate does. Walks all keys.
    #[pyo3(signature = (rate, per = None, burst = None))]
    fn set_rate(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = arguments::rate)] rate: u64,
        per: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = arguments::burst)] burst: Option<u64>,
    ) -> PyResult<()> {
        let quota = quota(rate, per, burst)?;
        self.limiter.set_quota_at(self.time.now(py)?, quota);
        Ok(())
    }

    /// Forget every key that owes nothing; gives their number. Never needed for the bound.
    fn forget_idle(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.limiter.forget_idle_at(self.time.now(py)?))
    }

    /// Keys in memory that count towards `max_keys`.
    fn key_count(&self) -> usize {
        self.limiter.len()
    }

    fn __repr__(&self) -> String {
        format!("KeyedRateLimiter(keys={})", self.limiter.len())
    }
}
