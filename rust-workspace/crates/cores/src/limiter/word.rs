//! One word and the figures of its generation → cells admitted, refused, or left to the lock.
//!
//! The word holds `TAT - base` in units of `1/n'` ns, and in its low bits a generation. Next to it
//! stand the figures that belong to the generation: base, prices, slack. A change of figures takes
//! the word away with one swap, writes them, and puts the TAT back in their terms, with the next
//! generation. A check that read figures of two generations fails its own compare-and-swap, or finds
//! the word changed before it refuses. So there is no moment at which two rates grant.

use super::denied::NotYet;
use super::quota::Quota;
use crate::sync::{fence, AtomicU64, Ordering};

/// Low bits of the word that hold the generation, from 1. A check that sleeps through exactly
/// seven changes and then finds the same TAT would not notice; no fewer can fool it.
pub(super) const GENERATION_BITS: u32 = 3;
pub(super) const GENERATION: u64 = (1 << GENERATION_BITS) - 1;
/// The word while a change is under way, and while the lock decides. No generation is zero. The
/// least number there is: a check need not look for it before it refuses.
const TAKEN: u64 = 0;
/// Largest bucket, and time since the base from which the lock moves it, in shifted units.
const RANGE: u64 = 1 << 62;
/// A quota whose base would move more often than this many nanoseconds is kept in 128 bits.
const LEAST_REACH: u64 = 1_000_000_000;

/// The word and its figures, on cache lines of their own. Times in ns, the rest in units shifted by
/// [`GENERATION_BITS`].
#[repr(align(64))]
pub(super) struct Word {
    word: AtomicU64,
    base: AtomicU64,
    per_nano: AtomicU64,
    /// How far the TAT may be ahead of now for one cell to pass: the span less a cell. Its low bits
    /// are all set, so that the word can be compared without taking its generation off.
    slack: AtomicU64,
    cell: AtomicU64,
    burst: AtomicU64,
}

/// What the word says of a check.
pub(super) enum Answer {
    Admitted,
    Refused(NotYet),
    /// The lock decides: a change is under way, or the sums do not fit in 64 bits.
    Undecided,
}

impl Word {
    /// Full at time 0, or left to the lock.
    pub(super) fn new(quota: &Quota, base: Option<u64>) -> Self {
        let zero = || AtomicU64::new(0);
        let word = Self {
            word: AtomicU64::new(TAKEN),
            base: zero(),
            per_nano: zero(),
            slack: zero(),
            cell: zero(),
            burst: zero(),
        };
        if let Some(base) = base {
            word.put(quota, base, 0, 1);
        }
        word
    }

    /// Decides on `cost` cells at `now`, unless the lock must.
    // Straight on, the second attempt elsewhere: a refusal that nobody looks into costs its
    // comparisons and no more.
    #[inline(always)]
    pub(super) fn decide(&self, now: u64, cost: u64) -> Answer {
        let word = self.word.load(Ordering::Acquire);
        match self.attempt(word, now, cost) {
            Ok(answer) => answer,
            Err(seen) => self.decide_again(seen, now, cost),
        }
    }

    /// Further attempts, after another thread changed the word during the first.
    #[cold]
    #[inline(never)]
    fn decide_again(&self, mut word: u64, now: u64, cost: u64) -> Answer {
        loop {
            match self.attempt(word, now, cost) {
                Ok(answer) => return answer,
                Err(seen) => word = seen,
            }
        }
    }

    /// One attempt on `word`; the word of now if it has changed.
    #[inline(always)]
    fn attempt(&self, word: u64, now: u64, cost: u64) -> Result<Answer, u64> {
        // Wrapping, because figures of two generations may give any numbers, which are not used
        // then. A time before the base is so large a number that the product does not fit.
        let since = now.wrapping_sub(self.base.load(Ordering::Relaxed));
        let per_nano = self.per_nano.load(Ordering::Relaxed);
        let mut slack = self.slack.load(Ordering::Relaxed);
        let mut price = 0;
        if cost != 1 {
            if cost == 0 {
                return Ok(Answer::Admitted);
            }
            if cost > self.burst.load(Ordering::Relaxed) {
                // Rare; the lock tells whether the burst is the current one.
                return Ok(Answer::Undecided);
            }
            price = self.cell.load(Ordering::Relaxed).wrapping_mul(cost - 1);
            slack = slack.wrapping_sub(price);
        }
        let Some(due) = since.checked_mul(per_nano) else {
            return Ok(Answer::Undecided);
        };
        let Some(latest) = due.checked_add(slack) else {
            return Ok(Answer::Undecided);
        };
        if word > latest {
            // Refuse only on figures that belong to the word.
            fence(Ordering::Acquire);
            let again = self.word.load(Ordering::Acquire);
            if again != word {
                return Err(again);
            }
            return Ok(Answer::Refused(NotYet {
                excess: (word & !GENERATION) - (latest & !GENERATION),
                per_nano,
            }));
        }
        if word == TAKEN {
            return Ok(Answer::Undecided);
        }
        price = price.wrapping_add(self.cell.load(Ordering::Relaxed));
        // Both have the same low bits, and a price has none: the sum keeps the generation.
        let Some(tat) = word.max(due | (word & GENERATION)).checked_add(price) else {
            return Ok(Answer::Undecided);
        };
        let order = (Ordering::AcqRel, Ordering::Acquire);
        self.word
            .compare_exchange_weak(word, tat, order.0, order.1)
            .map(|_| Answer::Admitted)
    }

    /// Units from the base to the TAT.
    pub(super) fn units(&self) -> u128 {
        u128::from(self.word.load(Ordering::Acquire) >> GENERATION_BITS)
    }

    /// Changes the units from the base to the TAT as `next` says, unless it gives an error. The
    /// caller holds the lock, so that the word is there.
    pub(super) fn update<E>(&self, next: impl Fn(u128) -> Result<u128, E>) -> Result<(), E> {
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            let units = next(u128::from(word >> GENERATION_BITS))?;
            let packed = (units as u64) << GENERATION_BITS | (word & GENERATION);
            let order = (Ordering::AcqRel, Ordering::Acquire);
            match self.word.compare_exchange(word, packed, order.0, order.1) {
                Ok(_) => return Ok(()),
                Err(seen) => word = seen,
            }
        }
    }

    /// Takes the word away, so that no check can pass until it is put back; gives its units.
    pub(super) fn take(&self) -> u128 {
        u128::from(self.word.swap(TAKEN, Ordering::AcqRel) >> GENERATION_BITS)
    }

    /// Puts the word back under the figures of `quota` from `base`; only while it is taken.
    pub(super) fn put(&self, quota: &Quota, base: u64, units: u64, generation: u64) {
        // A check that reads one of the stores below, then fences, sees that the word was taken.
        fence(Ordering::Release);
        let shifted = |units: u64| units << GENERATION_BITS;
        let slack = (quota.burst() - 1) * quota.cell;
        for (field, value) in [
            (&self.base, base),
            (&self.per_nano, shifted(quota.per_nano)),
            (&self.slack, shifted(slack) | GENERATION),
            (&self.cell, shifted(quota.cell)),
            (&self.burst, quota.burst()),
        ] {
            field.store(value, Ordering::Relaxed);
        }
        let word = shifted(units) | generation;
        self.word.store(word, Ordering::Release);
    }
}

/// The generation after `generation`: 1 to 7, round and round.
pub(super) fn next_generation(generation: u64) -> u64 {
    generation % GENERATION + 1
}

/// Nanoseconds from its base in which the word is good for every sum, or `None` for a quota too
/// wide for it.
pub(super) fn reach(quota: &Quota) -> Option<u64> {
    let shift = |units: u128| units << GENERATION_BITS;
    // The span of the largest quotas needs all 128 bits: compare before the shift.
    if quota.span() > u128::from(RANGE >> GENERATION_BITS) {
        return None;
    }
    let per_nano = shift(u128::from(quota.per_nano));
    let reach = match per_nano {
        0 => u64::MAX,
        per_nano => u64::try_from(u128::from(RANGE) / per_nano).unwrap_or(u64::MAX),
    };
    (reach >= LEAST_REACH).then_some(reach)
}

/// A base a quarter of the reach before `now`, or before the time at which a bucket with this TAT
/// was empty, if the clock has gone back behind that: so the word holds the TAT. `None` if the quota
/// is too wide, or the end of time so near that a time before the base could look like one after.
pub(super) fn base_for(quota: &Quota, now: u64, tat: u128) -> Option<u64> {
    let reach = reach(quota)?;
    let empty = tat.saturating_sub(quota.span());
    let Some(empty_at) = empty.checked_div(u128::from(quota.per_nano)) else {
        // Nothing refills, so no time matters.
        return Some(0);
    };
    let near = now.max(u64::try_from(empty_at).unwrap_or(u64::MAX));
    let base = near - near.min(reach / 4);
    // From a time before the base to the base it is `2^64 - base` at least, by wrapping.
    let last = u64::MAX - u64::MAX / (quota.per_nano << GENERATION_BITS);
    (base <= last).then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generations_go_round_without_zero() {
        let mut generation = 1;
        let seen: Vec<u64> = std::iter::repeat_with(|| {
            generation = next_generation(generation);
            generation
        })
        .take(8)
        .collect();
        assert_eq!(seen, [2, 3, 4, 5, 6, 7, 1, 2]);
    }

    #[test]
    fn the_reach_is_a_quarter_of_what_fits() {
        let reach = |count, period, burst| super::reach(&Quota::new(count, period, burst).unwrap());
        assert_eq!(reach(1, 1, 1), Some(1 << 59));
        assert_eq!(reach(0, 1, 1), Some(u64::MAX));
        // A reach of a second is the least, a bucket of 2^59 units the largest.
        assert_eq!(reach(576_460_752, 1, 1), Some(1_000_000_000));
        assert_eq!(reach(576_460_753, 1, 1), None);
        assert_eq!(reach(1, 1, 1 << 59), Some(1 << 59));
        assert_eq!(reach(1, 1, (1 << 59) + 1), None);
        assert_eq!(reach(1, u64::MAX, u64::MAX), None);
    }

    #[test]
    fn a_base_lies_before_now_and_before_an_empty_bucket() {
        let quota = Quota::new(1, 1, 5).unwrap();
        let quarter = 1 << 57;
        assert_eq!(base_for(&quota, 3, 0), Some(0));
        assert_eq!(base_for(&quota, quarter + 3, 0), Some(3));
        // Debts to the bucket's own span leave the base where now puts it.
        let tat = u128::from(quarter) + 9;
        assert_eq!(base_for(&quota, 7, tat), Some(4));
        assert_eq!(base_for(&quota, quarter + 6, tat), Some(6));
        let last = u64::MAX - u64::MAX / 8;
        assert_eq!(base_for(&quota, last + quarter, 0), Some(last));
        assert_eq!(base_for(&quota, last + quarter + 1, 0), None);
        let never = Quota::new(0, 1, 5).unwrap();
        assert_eq!(base_for(&never, u64::MAX, 0), Some(0));
    }
}
