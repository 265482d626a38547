//! Python calls → calls of the crate `cores`, and back. Nothing is decided here.
//!
//! No lock of the cores is held while Python code runs, and none is taken without the interpreter
//! lock except in batches, which pass the gate in [`fork`]; so a fork never copies a held lock.

mod arguments;
mod batch;
mod breaker;
mod clock;
mod errors;
mod fork;
mod int;
mod keyed;
mod limiter;
mod router;

use pyo3::prelude::*;

/// The compiled half of `service_cores`; import from there.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::breaker::{CircuitBreaker, Permit};
    #[pymodule_export]
    use super::clock::ManualClock;
    #[pymodule_export]
    use super::fork::{_fork_begin, _fork_end};
    #[pymodule_export]
    use super::keyed::KeyedRateLimiter;
    #[pymodule_export]
    use super::limiter::RateLimiter;
    #[pymodule_export]
    use super::router::{jump_hash, split, JumpRouter, RangeRouter, Rollout};
}
