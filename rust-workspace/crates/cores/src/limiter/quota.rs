//! Count, period, burst → a checked quota, its rate reduced to lowest terms.

use std::fmt;

/// `count` cells per `period` nanoseconds on average, `burst` at most at once.
///
/// In any span of `d` nanoseconds at most `burst + d·count/period` cells are admitted. The rate is
/// kept as the fraction `count/period` in lowest terms `n'/P'`; time is counted in `1/n'` ns, where
/// one cell costs exactly `P'` and one nanosecond is exactly `n'`. Hence no drift, for any number
/// of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    count: u64,
    period: u64,
    burst: u64,
    /// `n'`: units that one nanosecond refills; 0 for a quota that never refills.
    pub(crate) per_nano: u64,
    /// `P'`: units that one cell costs, at least 1.
    pub(crate) cell: u64,
}

/// Why a quota cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaError {
    /// `period` is zero nanoseconds.
    ZeroPeriod,
    /// `burst` is zero: nothing could ever pass.
    ZeroBurst,
}

impl fmt::Display for QuotaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ZeroPeriod => "period must be at least 1 ns, got 0",
            Self::ZeroBurst => "burst must be at least 1 cell, got 0",
        })
    }
}

impl std::error::Error for QuotaError {}

impl Quota {
    /// `count` cells per `period` nanoseconds, `burst` at once.
    ///
    /// A `count` of zero is a quota that never refills: `burst` cells pass, ever.
    ///
    /// # Errors
    /// [`QuotaError`] if `period` or `burst` is zero.
    pub fn new(count: u64, period: u64, burst: u64) -> Result<Self, QuotaError> {
        if period == 0 {
            return Err(QuotaError::ZeroPeriod);
        }
        if burst == 0 {
            return Err(QuotaError::ZeroBurst);
        }
        let divisor = gcd(count, period);
        Ok(Self {
            count,
            period,
            burst,
            per_nano: count / divisor,
            cell: period / divisor,
        })
    }

    /// `count` cells per second, `burst` at once.
    ///
    /// # Errors
    /// [`QuotaError::ZeroBurst`] if `burst` is zero.
    pub fn per_second(count: u64, burst: u64) -> Result<Self, QuotaError> {
        Self::new(count, 1_000_000_000, burst)
    }

    /// Cells per [`period`](Self::period), as given.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Nanoseconds in which [`count`](Self::count) cells refill, as given.
    pub fn period(&self) -> u64 {
        self.period
    }

    /// Most cells admitted at one moment.
    pub fn burst(&self) -> u64 {
        self.burst
    }

    /// Units of a full bucket: `burst·P'`.
    pub(crate) fn span(&self) -> u128 {
        u128::from(self.burst) * u128::from(self.cell)
    }

    /// `nanos` in units.
    pub(crate) fn units(&self, nanos: u64) -> u128 {
        u128::from(nanos) * u128::from(self.per_nano)
    }
}

/// Greatest common divisor, by Euclid; `b` is not zero.
fn gcd(a: u64, b: u64) -> u64 {
    if a == 0 {
        b
    } else {
        gcd(b % a, a)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_reduced_and_zero_is_refused_by_name() {
        let q = Quota::per_second(1_500_000, 4).unwrap();
        assert_eq!((q.per_nano, q.cell, q.span()), (3, 2000, 8000));
        assert_eq!(
            (q.count(), q.period(), q.burst()),
            (1_500_000, 1_000_000_000, 4)
        );
        let never = Quota::new(0, 60, 2).unwrap();
        assert_eq!((never.per_nano, never.cell), (0, 1));
        assert_eq!(Quota::new(1, 0, 1), Err(QuotaError::ZeroPeriod));
        assert_eq!(Quota::new(1, 1, 0), Err(QuotaError::ZeroBurst));
        assert!(QuotaError::ZeroBurst.to_string().contains("burst"));
        assert!(QuotaError::ZeroPeriod.to_string().contains("period"));
    }

    #[test]
    fn the_ends_of_u64_are_rates_like_any_other() {
        let q = Quota::new(u64::MAX, u64::MAX, u64::MAX).unwrap();
        assert_eq!((q.per_nano, q.cell, q.span()), (1, 1, u128::from(u64::MAX)));
        let q = Quota::new(u64::MAX, 1, 1).unwrap();
        assert_eq!((q.per_nano, q.cell), (u64::MAX, 1));
    }
}
