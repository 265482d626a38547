//! One word and the figures of its generation → cells admitted, refused, or left to the lock.
//!
//! The word holds the TAT, counted from an origin in units of `1/n'` ns, and in its low bits a
//! generation. Next to it stand the figures that belong to the generation. A change of figures takes
//! the word away with one swap, writes them, and puts the TAT back in their terms, with the next
//! generation. A check that read figures of two generations fails its own compare-and-swap, or finds
//! the word changed before it refuses. So there is no moment at which two rates grant.
//!
//! The origin lies before the base by the time that refills the bucket but one cell, so that one
//! cell passes if and only if the word is not above the time since the origin: a refusal costs one
//! product and one comparison, and is made sure of by reading the word again.

use super::denied::NotYet;
use super::quota::Quota;
use crate::sync::{fence, AtomicU64, Ordering};

/// Low bits of the word that hold the generation, from 1. A check that sleeps through exactly
/// seven changes and then finds the same TAT would not notice; no fewer can fool it.
const GENERATION_BITS: u32 = 3;
const GENERATION: i64 = (1 << GENERATION_BITS) - 1;
/// The least whole unit: more than any generation.
const UNIT: i64 = 1 << GENERATION_BITS;
/// The word while a change is under way, and while the lock decides. It is above nothing, so that a
/// check need not look for it before it refuses.
const TAKEN: u64 = 1 << 63;
/// Largest bucket, and time since the base from which the lock moves it, in shifted units: with the
/// origin before it and a bucket after it, the sum stays below 2^63.
const RANGE: u64 = 1 << 61;
/// A quota whose base would move more often than this many nanoseconds is kept in 128 bits.
const LEAST_REACH: u64 = 500_000_000;

/// The word and its figures, on cache lines of their own. The origin in ns, which may lie before
/// zero, the rest in units shifted by [`GENERATION_BITS`].
#[repr(align(64))]
pub(super) struct Word {
    word: AtomicU64,
    origin: AtomicU64,
    per_nano: AtomicU64,
    cell: AtomicU64,
    /// From the word of a bucket that is full at some time to that time since the origin.
    full: AtomicU64,
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
    /// A word that is taken.
    pub(super) fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            word: AtomicU64::new(TAKEN),
            origin: zero(),
            per_nano: zero(),
            cell: zero(),
            full: zero(),
            burst: zero(),
        }
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
        let figure = |figure: &AtomicU64| figure.load(Ordering::Relaxed) as i64;
        let Ok(now) = i64::try_from(now) else {
            return Ok(Answer::Undecided);
        };
        let tat = word as i64;
        // Wrapping: a difference that does not fit is so large that the product does not fit either.
        // Figures of two generations may give any numbers, which are not used then.
        let since = now.wrapping_sub(figure(&self.origin));
        let per_nano = figure(&self.per_nano);
        let Some(due) = since.checked_mul(per_nano) else {
            return Ok(Answer::Undecided);
        };
        let mut more = 0;
        if cost != 1 {
            if cost == 0 {
                return Ok(Answer::Admitted);
            }
            // Rare; the lock tells whether the burst is the current one.
            if word == TAKEN || cost > self.burst.load(Ordering::Relaxed) {
                return Ok(Answer::Undecided);
            }
            more = figure(&self.cell).wrapping_mul((cost - 1) as i64);
        }
        let wanted = tat.wrapping_add(more);
        if wanted > due {
            // Refuse only on figures that belong to the word.
            fence(Ordering::Acquire);
            let again = self.word.load(Ordering::Acquire);
            if again != word {
                return Err(again);
            }
            let excess = (wanted & !GENERATION).wrapping_sub(due).wrapping_add(UNIT);
            return Ok(Answer::Refused(NotYet {
                excess: excess as u64,
                per_nano: per_nano as u64,
            }));
        }
        // Only the mark for taken is below zero.
        if tat < 0 {
            return Ok(Answer::Undecided);
        }
        // A time before the base is the lock's.
        let Some(now_full) = (due as u64).checked_sub(figure(&self.full) as u64) else {
            return Ok(Answer::Undecided);
        };
        // The later of the two, written without a branch: beside one, the counter is read later.
        let owed = word.saturating_sub(now_full);
        let price = more.wrapping_add(figure(&self.cell)) as u64;
        let next = now_full.wrapping_add(price).wrapping_add(owed);
        if i64::try_from(next).is_err() {
            return Ok(Answer::Undecided);
        }
        let order = (Ordering::AcqRel, Ordering::Acquire);
        self.word
            .compare_exchange_weak(word, next, order.0, order.1)
            .map(|_| Answer::Admitted)
    }

    /// Units from the base to the TAT. The caller holds the lock, and the word is not taken.
    pub(super) fn units(&self, quota: &Quota) -> u128 {
        unpack(quota, self.word.load(Ordering::Acquire))
    }

    /// Changes the units from the base to the TAT as `next` says, unless it gives an error. The
    /// caller holds the lock, and the word is not taken.
    pub(super) fn update<E>(
        &self,
        quota: &Quota,
        next: impl Fn(u128) -> Result<u128, E>,
    ) -> Result<(), E> {
        let mut word = self.word.load(Ordering::Acquire);
        loop {
            let units = next(unpack(quota, word))?;
            let packed = pack(quota, units as u64, word & GENERATION as u64);
            let order = (Ordering::AcqRel, Ordering::Acquire);
            match self.word.compare_exchange(word, packed, order.0, order.1) {
                Ok(_) => return Ok(()),
                Err(seen) => word = seen,
            }
        }
    }

    /// Takes the word away, so that no check can pass until it is put back; gives its units, which
    /// mean nothing if it was taken before.
    pub(super) fn take(&self, quota: &Quota) -> u128 {
        unpack(quota, self.word.swap(TAKEN, Ordering::AcqRel))
    }

    /// Puts the word back under the figures of `quota` from `base`; only while it is taken.
    pub(super) fn put(&self, quota: &Quota, base: u64, units: u64, generation: u64) {
        // A check that reads one of the stores below, then fences, sees that the word was taken.
        fence(Ordering::Release);
        let lead = lead(quota);
        for (field, value) in [
            (&self.origin, base.wrapping_sub(lead)),
            (&self.per_nano, quota.per_nano << GENERATION_BITS),
            (&self.cell, quota.cell << GENERATION_BITS),
            (&self.full, slack(quota) + UNIT as u64 - generation),
            (&self.burst, quota.burst()),
        ] {
            field.store(value, Ordering::Relaxed);
        }
        let word = pack(quota, units, generation);
        self.word.store(word, Ordering::Release);
    }
}

/// Shifted units of all cells but one.
fn slack(quota: &Quota) -> u64 {
    ((quota.burst() - 1) * quota.cell) << GENERATION_BITS
}

/// Nanoseconds from the origin to the base: least that refill all cells but one, and a unit.
fn lead(quota: &Quota) -> u64 {
    (slack(quota) + UNIT as u64).div_ceil(quota.per_nano << GENERATION_BITS)
}

/// Shifted units from the origin to the base, less the bucket but one cell, and a unit.
fn offset(quota: &Quota) -> u64 {
    lead(quota) * (quota.per_nano << GENERATION_BITS) - slack(quota) - UNIT as u64
}

fn pack(quota: &Quota, units: u64, generation: u64) -> u64 {
    (units << GENERATION_BITS) + offset(quota) + generation
}

/// Units from the base to the TAT of a word; any number for a word that is taken.
fn unpack(quota: &Quota, word: u64) -> u128 {
    if word == TAKEN {
        return 0;
    }
    u128::from((word - offset(quota)) >> GENERATION_BITS)
}

/// The generation after `generation`: 1 to 7, round and round.
pub(super) fn next_generation(generation: u64) -> u64 {
    generation % GENERATION as u64 + 1
}

/// Nanoseconds from its base in which the word is good for every sum, or `None` for a quota that is
/// too wide for it or never refills.
pub(super) fn reach(quota: &Quota) -> Option<u64> {
    // The span of the largest quotas needs all 128 bits: compare before the shift.
    if quota.span() > u128::from(RANGE >> GENERATION_BITS) {
        return None;
    }
    let reach = (RANGE >> GENERATION_BITS).checked_div(quota.per_nano)?;
    (reach >= LEAST_REACH).then_some(reach)
}

/// A base half the reach before `now`, or before the time at which a bucket with this TAT was empty,
/// if the clock has gone back behind that: so the word holds the TAT. `None` if it cannot: for a
/// quota without reach, and in the second half of all time.
pub(super) fn base_for(quota: &Quota, now: u64, tat: u128) -> Option<u64> {
    let reach = reach(quota)?;
    let empty = tat.saturating_sub(quota.span());
    let empty_at = empty / u128::from(quota.per_nano);
    let near = i64::try_from(u128::from(now).max(empty_at)).ok()? as u64;
    Some(near - near.min(reach / 2))
}

#[cfg(test)]
mod tests;
