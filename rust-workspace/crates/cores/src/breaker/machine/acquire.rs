//! Time → a permit, or why not.

use super::{Breaker, Inner, ERA_SHIFT, STATE};
use crate::breaker::types::{Permit, Reason, Rejected, State, Transition};
use crate::sync::{lock, Ordering};

impl<C> Breaker<C> {
    /// Asks for a permit at `now` (ns).
    ///
    /// # Errors
    /// [`Rejected`] with the reason and the wait.
    #[inline]
    pub fn acquire_at(&self, now: u64) -> Result<Permit, Rejected> {
        self.acquire_observed_at(now, |_| ())
    }

    /// [`acquire_at`](Self::acquire_at) that shows `observe` a change of state, after the lock is
    /// given back.
    ///
    /// # Errors
    /// As [`acquire_at`](Self::acquire_at).
    #[inline]
    pub fn acquire_observed_at(
        &self,
        now: u64,
        observe: impl FnOnce(Transition),
    ) -> Result<Permit, Rejected> {
        let word = self.word.load(Ordering::Acquire);
        match State::from_bits(word & STATE) {
            State::Closed | State::Disabled | State::MetricsOnly => {
                Ok(plain_permit((word >> ERA_SHIFT) as u32, now))
            }
            State::Open => {
                let until = self.open_until.load(Ordering::Relaxed);
                // Both from one era, else the lock decides.
                if now <= until && self.word.load(Ordering::Acquire) == word {
                    return self.reject(Reason::Open, (until - now).saturating_add(1));
                }
                self.acquire_slowly(now, observe)
            }
            _ => self.acquire_slowly(now, observe),
        }
    }

    #[cold]
    #[inline(never)]
    fn acquire_slowly(
        &self,
        now: u64,
        observe: impl FnOnce(Transition),
    ) -> Result<Permit, Rejected> {
        let mut inner = lock(&self.inner);
        let mut seen = self.end_half_open(&mut inner, now);
        if inner.state == State::Open && now > self.open_until.load(Ordering::Relaxed) {
            seen = Some(self.enter(&mut inner, State::HalfOpen, now));
        }
        let answer = self.acquire_locked(&mut inner, now);
        drop(inner);
        if let Some(transition) = seen {
            observe(transition);
        }
        match answer {
            Ok(permit) => Ok(permit),
            Err((reason, wait)) => self.reject(reason, wait),
        }
    }

    fn acquire_locked(&self, inner: &mut Inner, now: u64) -> Result<Permit, (Reason, u64)> {
        let plain = plain_permit(inner.era, now);
        match inner.state {
            State::Closed | State::Disabled | State::MetricsOnly => Ok(plain),
            State::Open => {
                let until = self.open_until.load(Ordering::Relaxed);
                Err((Reason::Open, until.saturating_sub(now).saturating_add(1)))
            }
            State::HalfOpen => match inner.half_open.lease(now) {
                Ok(lease) => Ok(Permit { lease, ..plain }),
                Err(wait) => Err((Reason::NoProbeFree, wait)),
            },
            State::ForcedOpen => Err((Reason::ForcedOpen, u64::MAX)),
        }
    }

    fn reject(&self, reason: Reason, wait: u64) -> Result<Permit, Rejected> {
        self.rejected.fetch_add(1, Ordering::Relaxed);
        Err(Rejected { reason, wait })
    }
}

#[inline]
fn plain_permit(era: u32, now: u64) -> Permit {
    Permit {
        era,
        lease: 0,
        started: now,
    }
}
