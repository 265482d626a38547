//! Checks → admitted or not, by a slow token bucket: the model of the limiters.

use cores::limiter::Quota;

/// searches for its wait instead of dividing.
#[derive(Clone)]
pub(crate) struct Bucket {
    /// One nanosecond refills `num / den` cells.
    pub(crate) num: u128,
    pub(crate) den: u128,
    pub(crate) burst: u128,
    /// Time times `num` at which the bucket is full.
    full_at: u128,
}

impl Bucket {
    pub(crate) fn new(quota: Quota) -> Self {
        let (mut a, mut b) = (u128::from(quota.count()), u128::from(quota.period()));
        while a != 0 {
            (a, b) = (b % a, a);
        }
        Self {
            num: u128::from(quota.count()) / b,
            den: u128::from(quota.period()) / b,
            burst: quota.burst().into(),
            full_at: 0,
        }
    }

    /// Cells times `den` at `now`; negative before a clock that went back.
    pub(crate) fn level(&self, now: u64) -> i128 {
        let missing = self.full_at.saturating_sub(u128::from(now) * self.num);
        (self.burst * self.den) as i128 - missing as i128
    }

    pub(crate) fn passes(&self, now: u64, cost: u64) -> bool {
        self.level(now) >= (u128::from(cost) * self.den) as i128
    }

    pub(crate) fn take(&mut self, now: u64, cost: u64) {
        self.full_at = self.full_at.max(u128::from(now) * self.num) + u128::from(cost) * self.den;
    }

    pub(crate) fn check(&mut self, now: u64, cost: u64) -> Result<(), Option<u64>> {
        if cost == 0 {
            return Ok(());
        }
        if u128::from(cost) > self.burst {
            return Err(None);
        }
        if self.passes(now, cost) {
            self.take(now, cost);
            return Ok(());
        }
        Err(Some(least(|wait| match now.checked_add(wait) {
            Some(later) => self.passes(later, cost),
            None => false,
        })))
    }

    pub(crate) fn change(&mut self, now: u64, quota: Quota) {
        let mut next = Self::new(quota);
        // After a step back: from the moment at which the bucket was empty.
        let now = now.saturating_add(least(|wait| match now.checked_add(wait) {
            Some(later) => self.level(later) >= 0,
            None => false,
        }));
        let level = self.level(now).max(0) as u128;
        let cells = (level / self.den, level % self.den);
        let kept = cells.0 * next.den + cells.1 * next.den / self.den;
        let level = kept.min(next.burst * next.den);
        next.full_at = u128::from(now) * next.num + next.burst * next.den - level;
        *self = next;
    }
}

/// The least number for which `test` holds, `u64::MAX` if none; `test` never goes back to false.
pub(crate) fn least(test: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0_u64, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if test(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}
