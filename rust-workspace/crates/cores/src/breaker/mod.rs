//! Results of calls and time → whether the next call is permitted.
//!
//! The rules are those that resilience4j documents, with four changes: a permit carries the era it
//! was given in, and a result of an earlier era changes nothing; a probe in the half-open state is
//! a lease that gives its permit back when it expires; a permit is given back at most once; every
//! window uses the caller's time.

mod config;
mod guard;
mod half_open;
mod machine;
mod stripes;
mod types;
mod window;

pub use config::{Config, ConfigError, HalfOpenEnd, Ratio, Wait, Window, MOST_CALLS, MOST_PARTS};
pub use guard::{CallError, Guard};
pub use machine::Breaker;
pub use types::{
    Effect, IllegalTransition, Outcome, Permit, Reason, Rejected, Snapshot, State, Transition,
};
