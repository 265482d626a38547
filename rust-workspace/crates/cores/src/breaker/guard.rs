//! A closure, or a block of code → a call that gives its permit back whatever happens.

use super::machine::Breaker;
use super::types::{Outcome, Permit, Rejected};
use crate::clock::Clock;

/// How a call through [`Breaker::call`] went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError<E> {
    /// It was not made.
    Rejected(Rejected),
    /// It was made and failed.
    Failed(E),
}

impl<C: Clock> Breaker<C> {
    /// A permit that gives itself back: dropped without a result, the call counts as not made.
    ///
    /// # Errors
    /// As [`acquire_at`](Self::acquire_at).
    pub fn guard(&self) -> Result<Guard<'_, C>, Rejected> {
        let permit = self.acquire()?;
        Ok(Guard {
            breaker: self,
            permit,
            outcome: Outcome::Ignored,
        })
    }

    /// Makes a call if permitted. `Err` and a panic are failures.
    ///
    /// # Errors
    /// [`CallError`]: rejected, or what the call returned.
    pub fn call<T, E>(&self, call: impl FnOnce() -> Result<T, E>) -> Result<T, CallError<E>> {
        let mut guard = self.guard().map_err(CallError::Rejected)?;
        guard.outcome = Outcome::Failure;
        let result = call();
        if result.is_ok() {
            guard.outcome = Outcome::Success;
        }
        drop(guard);
        result.map_err(CallError::Failed)
    }
}

/// A permit that is given back when dropped. See [`Breaker::guard`].
#[must_use = "dropped at once, the call counts as not made"]
pub struct Guard<'a, C: Clock> {
    breaker: &'a Breaker<C>,
    permit: Permit,
    outcome: Outcome,
}

impl<C: Clock> Guard<'_, C> {
    /// Gives the permit back: the call worked.
    pub fn success(mut self) {
        self.outcome = Outcome::Success;
    }

    /// Gives the permit back: the call failed.
    pub fn failure(mut self) {
        self.outcome = Outcome::Failure;
    }
}

impl<C: Clock> Drop for Guard<'_, C> {
    fn drop(&mut self) {
        self.breaker.record(self.permit, self.outcome);
    }
}
