//! Quota, results of calls, keys → admitted or refused, permitted or refused, shard.
//!
//! Three small state machines that services place in their hot path:
//!
//! - [`limiter`]: how much may pass (GCRA with exact integer rates),
//! - [`breaker`]: whether to call at all (windows, half-open probes with leases),
//! - [`router`]: where to send it (ranges, jump hash, split, rollout).
//!
//! Time is a number of nanoseconds that the caller passes (`*_at` methods) or that a [`Clock`]
//! gives. Nothing here starts a thread, sleeps, or does input or output.
// `loom` is set by hand (RUSTFLAGS) for the model checker, Cargo does not know it.
#![allow(unexpected_cfgs)]

pub mod breaker;
pub mod clock;
pub mod limiter;
pub mod router;
mod sync;

pub use clock::{Clock, ManualClock, MonotonicClock};

/// The README's example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
