//! `RateLimiter`: one quota for one stream of calls.

use cores::limiter::{Limiter, Quota};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::arguments::{self, nanos, seconds};
use crate::batch;
use crate::clock::Time;
use crate::errors::{rate_limited, wait};
use crate::fork::detached;

/// The quota that the arguments of a constructor describe.
pub(crate) fn quota(
    rate: u64,
    per: Option<&Bound<'_, PyAny>>,
    burst: Option<u64>,
) -> PyResult<Quota> {
    let period = per.map_or(Ok(1_000_000_000), |per| nanos("per", per))?;
    if period == 0 {
        return Err(PyValueError::new_err(
            "per must be at least 1 ns (1e-9 seconds), got 0",
        ));
    }
    let burst = burst.unwrap_or(rate.max(1));
    Quota::new(rate, period, burst).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Admit at most `rate` calls per `per` seconds, and `burst` at once.
///
/// rate: calls per period, an int from 0 (then `burst` calls pass, ever).
/// per: the period in seconds (int, float or timedelta), from 1 ns. Default 1.
/// burst: most calls at once, at least 1. Default: `rate`.
/// clock: None for the machine's monotonic clock, a ManualClock, or a callable giving nanoseconds.
///
/// The rate is exact: no rounding, no drift. Safe to share between threads.
#[pyclass(frozen, subclass, module = "service_cores._native")]
pub(crate) struct RateLimiter {
    limiter: Limiter<()>,
    time: Time,
}

impl RateLimiter {
    /// `None` if admitted, else the nanoseconds to wait.
    #[inline]
    fn decide(&self, now: u64, cost: u64) -> PyResult<Option<u64>> {
        match self.limiter.check_n_at(now, cost) {
            Ok(()) => Ok(None),
            Err(denied) => wait(denied).map(Some),
        }
    }
}

#[pymethods]
impl RateLimiter {
    #[new]
    #[pyo3(signature = (rate, per = None, burst = None, *, clock = None))]
    fn new(
        #[pyo3(from_py_with = arguments::rate)] rate: u64,
        per: Option<&Bound<'_, PyAny>>,
        #[pyo3(from_py_with = arguments::burst)] burst: Option<u64>,
        clock: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        Ok(Self {
            limiter: Limiter::with_clock(quota(rate, per, burst)?, ()),
            time: Time::from_argument(clock)?,
        })
    }

    /// Whether `cost` calls may pass now. All or none; a refusal changes nothing.
    ///
    /// Raises ValueError if `cost` exceeds the burst: it could never pass.
    #[pyo3(signature = (cost = 1))]
    fn allow(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<bool> {
        let now = self.time.now(py)?;
        self.allow_at(now, cost)
    }

    /// `allow`, at `now_ns` nanoseconds of the caller's clock.
    #[pyo3(signature = (now_ns, cost = 1))]
    fn allow_at(
        &self,
        #[pyo3(from_py_with = arguments::now_ns)] now_ns: u64,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<bool> {
        match self.limiter.check_n_at(now_ns, cost) {
            Ok(()) => Ok(true),
            Err(cores::limiter::Denied::NotYet(_)) => Ok(false),
            Err(denied) => wait(denied).map(|_| false),
        }
    }

    /// Take `cost` calls if they may pass now: 0.0 if taken, else the seconds to wait.
    #[pyo3(signature = (cost = 1))]
    fn try_acquire(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<f64> {
        let now = self.time.now(py)?;
        Ok(self.decide(now, cost)?.map_or(0.0, seconds))
    }

    /// Take `cost` calls, or raise RateLimited with `retry_after` in seconds.
    #[pyo3(signature = (cost = 1))]
    fn check(
        &self,
        py: Python<'_>,
        #[pyo3(from_py_with = arguments::cost)] cost: u64,
    ) -> PyResult<()> {
        let now = self.time.now(py)?;
        match self.decide(now, cost)? {
            None => Ok(()),
            Some(wait) => Err(rate_limited(py, wait)),
        }
    }

    /// For each cost in `costs` (buffer of uint64), in order, write 1 to `out` (buffer of uint8) if
    /// it is taken, else 0 (also for a cost above the burst). All at one time. Gives the number
    /// taken. Releases the interpreter lock.
    fn allow_many(
        &self,
        py: Python<'_>,
        costs: &Bound<'_, PyAny>,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<usize> {
        let costs: Vec<u64> = batch::read("costs", batch::U64, costs)?;
        let out = batch::output::<u8>("out", batch::U8, out, costs.len())?;
        let now = self.time.now(py)?;
        let limiter = &self.limiter;
        let answers: Vec<u8> = detached(py, || {
            let one = |&cost: &u64| u8::from(limiter.check_n_at(now, cost).is_ok());
            costs.iter().map(one).collect()
        });
        out.copy_from_slice(py, &answers)?;
        Ok(answers.iter().map(|&answer| usize::from(answer)).sum())
    }

    /// Calls that could pass now at once, without taking any.
    fn available(&self, py: Python<'_>) -> PyResult<u64> {
        Ok(self.limiter.available_at(self.time.now(py)?))
    }

    /// Change the quota from now on, for all threads at once. Calls left over stay, up to the new
    /// burst; a used-up limiter stays used up, so a change never grants more than both rates allow.
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

    fn __repr__(&self) -> String {
        let quota = self.limiter.quota();
        format!(
            "RateLimiter(rate={}, per={}, burst={})",
            quota.count(),
            seconds(quota.period()),
            quota.burst()
        )
    }
}
