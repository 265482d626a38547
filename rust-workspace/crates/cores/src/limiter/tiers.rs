//! Tier name, cost, time → admitted or refused by that tier's own limiter.

use std::fmt;

use super::denied::Denied;
use super::direct::Limiter;
use super::quota::Quota;
use crate::clock::{Clock, MonotonicClock};

/// A fixed set of named limiters that share nothing: what one tier uses, no other lacks.
#[derive(Debug)]
pub struct Tiers<C = MonotonicClock> {
    tiers: Box<[(String, Limiter<C>)]>,
}

/// Why a set of tiers cannot be made, or has no such tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierError {
    /// Two tiers have this name.
    Repeated(String),
    /// No tier has this name.
    Unknown(String),
}

/// Why a tier did not admit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierDenied {
    /// There is no such tier.
    Tier(TierError),
    /// The tier's quota refuses.
    Quota(Denied),
}

impl fmt::Display for TierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repeated(name) => write!(f, "tier {name:?} is given twice"),
            Self::Unknown(name) => write!(f, "there is no tier {name:?}"),
        }
    }
}

impl fmt::Display for TierDenied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tier(error) => error.fmt(f),
            Self::Quota(denied) => denied.fmt(f),
        }
    }
}

impl std::error::Error for TierError {}
impl std::error::Error for TierDenied {}

impl<C: Clone> Tiers<C> {
    /// One limiter for each name, all on `clock`.
    ///
    /// # Errors
    /// [`TierError::Repeated`] if a name comes twice.
    pub fn with_clock<N: Into<String>>(
        quotas: impl IntoIterator<Item = (N, Quota)>,
        clock: C,
    ) -> Result<Self, TierError> {
        let mut tiers: Vec<(String, Limiter<C>)> = Vec::new();
        for (name, quota) in quotas {
            let name = name.into();
            if tiers.iter().any(|(other, _)| *other == name) {
                return Err(TierError::Repeated(name));
            }
            tiers.push((name, Limiter::with_clock(quota, clock.clone())));
        }
        Ok(Self {
            tiers: tiers.into(),
        })
    }
}

impl<C> Tiers<C> {
    /// The limiter of a tier, to check it or to change its quota.
    ///
    /// # Errors
    /// [`TierError::Unknown`] if no tier has that name.
    pub fn get(&self, tier: &str) -> Result<&Limiter<C>, TierError> {
        self.tiers
            .iter()
            .find(|(name, _)| name == tier)
            .map(|(_, limiter)| limiter)
            .ok_or_else(|| TierError::Unknown(tier.to_owned()))
    }

    /// Names in the order given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tiers.iter().map(|(name, _)| name.as_str())
    }

    /// Admits `cost` cells of `tier` at `now` (ns), all or none.
    ///
    /// # Errors
    /// [`TierDenied`] for an unknown tier or a refusal; neither changes anything.
    pub fn check_n_at(&self, tier: &str, now: u64, cost: u64) -> Result<(), TierDenied> {
        self.get(tier)
            .map_err(TierDenied::Tier)?
            .check_n_at(now, cost)
            .map_err(TierDenied::Quota)
    }
}

impl<C: Clock> Tiers<C> {
    /// [`check_n_at`](Self::check_n_at) the clock's time, one cell.
    ///
    /// # Errors
    /// As [`check_n_at`](Self::check_n_at).
    pub fn check(&self, tier: &str) -> Result<(), TierDenied> {
        self.get(tier)
            .map_err(TierDenied::Tier)?
            .check()
            .map_err(TierDenied::Quota)
    }
}
