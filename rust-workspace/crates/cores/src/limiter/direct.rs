//! Quota and checks → one limiter, one atomic word in the common case.
//!
//! The word holds `TAT - base` in units of `1/n'` ns, and in its low bits a generation. Next to it
//! stand the figures that belong to the generation: base, prices, slack. A change of rate, or moving
//! the base forward before the word overflows, takes the word away with one compare-and-swap,
//! writes the figures, and puts the TAT back in their terms, with the next generation. A check that
//! read figures of two generations fails its own compare-and-swap, or finds the word changed before
//! it refuses. So there is no moment at which two rates grant. A quota too wide for 64 bits lives in
//! 128 bits behind the lock of the changes.

use std::fmt;

use super::denied::{Denied, NotYet};
use super::exact;
use super::quota::Quota;
use crate::clock::{Clock, MonotonicClock};
use crate::sync::{fence, lock, AtomicU64, Mutex, Ordering};

/// Low bits of the word that hold the generation. A check that sleeps through exactly eight
/// changes and then finds the same TAT would not notice; no fewer can fool it.
const GENERATION_BITS: u32 = 3;
const GENERATION: u64 = (1 << GENERATION_BITS) - 1;
/// The word while a change is under way. No TAT is as large.
const TAKEN: u64 = u64::MAX;
/// Largest time since the base, and largest bucket, in shifted units: their sums stay below 2^64.
const RANGE: u64 = 1 << 62;
/// A quota whose base would move more often than this many nanoseconds is kept in 128 bits.
const LEAST_REACH: u64 = 1_000_000_000;

/// A rate limiter for one stream of cells: GCRA with exact integer rates.
///
/// Promise: over any span of `d` ns, with any number of threads, at most `burst + rate·d` cells
/// are admitted. A time earlier than one seen before grants nothing that the later time would not
/// have granted. Checks do not lock or allocate, except for quotas whose bucket does not fit in 59
/// bits of `1/n'` ns, which take a short lock.
pub struct Limiter<C = MonotonicClock> {
    fast: Fast,
    changes: Mutex<Changes>,
    clock: C,
}

/// The word and the figures of its generation, on cache lines of their own. Times in ns, the rest
/// in units shifted by [`GENERATION_BITS`].
#[repr(align(64))]
struct Fast {
    word: AtomicU64,
    base: AtomicU64,
    /// Nanoseconds after `base` from which the slow path decides; 0 for a wide quota.
    reach: AtomicU64,
    per_nano: AtomicU64,
    /// How far the TAT may be ahead of now for one cell to pass: the span less a cell. Its low bits
    /// are all set, so that the word can be compared without taking its generation off.
    slack: AtomicU64,
    cell: AtomicU64,
    burst: AtomicU64,
}

/// What only the slow path reads.
struct Changes {
    quota: Quota,
    base: u64,
    /// TAT in units, kept only while the quota is wide.
    wide_tat: Option<u128>,
}

impl Fast {
    fn new(quota: &Quota) -> Self {
        let zero = || AtomicU64::new(0);
        let fast = Self {
            word: zero(),
            base: zero(),
            reach: zero(),
            per_nano: zero(),
            slack: zero(),
            cell: zero(),
            burst: zero(),
        };
        fast.fill(quota, 0);
        fast
    }

    /// Writes the figures of `quota` from `base`; only while the word is taken.
    fn fill(&self, quota: &Quota, base: u64) {
        // A check that reads one of the stores below, then fences, sees that the word was taken.
        fence(Ordering::Release);
        // A wide quota has no reach, so its other figures are never used.
        let shifted = |units: u64| units.wrapping_shl(GENERATION_BITS);
        let slack = (quota.burst() - 1).wrapping_mul(quota.cell);
        for (field, value) in [
            (&self.base, base),
            (&self.reach, reach(quota).unwrap_or(0)),
            (&self.per_nano, shifted(quota.per_nano)),
            (&self.slack, shifted(slack) | GENERATION),
            (&self.cell, shifted(quota.cell)),
            (&self.burst, quota.burst()),
        ] {
            field.store(value, Ordering::Relaxed);
        }
    }

    /// Takes the word away, so that no check can pass until it is put back; gives what it was.
    fn take(&self) -> u64 {
        self.word.swap(TAKEN, Ordering::AcqRel)
    }
}

/// Nanoseconds that the word can count from its base, or `None` for a quota too wide for it.
fn reach(quota: &Quota) -> Option<u64> {
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
/// was empty, if the clock has gone back behind that: so the word holds the TAT.
fn base_for(quota: &Quota, now: u64, tat: u128) -> u64 {
    let empty = tat.saturating_sub(quota.span());
    let empty_at = match quota.per_nano {
        0 => 0,
        per_nano => u64::try_from(empty / u128::from(per_nano)).unwrap_or(u64::MAX),
    };
    let near = now.max(empty_at);
    near - near.min(reach(quota).unwrap_or(0) / 4)
}

impl Limiter {
    /// A limiter with a full bucket, on the machine's monotonic clock.
    pub fn new(quota: Quota) -> Self {
        Self::with_clock(quota, MonotonicClock::new())
    }
}

impl<C> Limiter<C> {
    /// A limiter with a full bucket, on `clock` (`()` if every time is passed by the caller).
    pub fn with_clock(quota: Quota, clock: C) -> Self {
        Self {
            fast: Fast::new(&quota),
            changes: Mutex::new(Changes {
                quota,
                base: 0,
                wide_tat: reach(&quota).is_none().then_some(0),
            }),
            clock,
        }
    }

    /// Admits one cell at `now` (ns).
    ///
    /// # Errors
    /// [`Denied::NotYet`] if the quota refuses; then nothing has changed.
    #[inline]
    pub fn check_at(&self, now: u64) -> Result<(), Denied> {
        self.decide(now, 1)
    }

    /// Admits `cost` cells at `now` (ns), all or none. A cost of zero always passes.
    ///
    /// # Errors
    /// [`Denied::NotYet`] if the quota refuses, [`Denied::TooLarge`] if `cost` exceeds the burst
    /// and so never could pass. Neither changes anything.
    #[inline]
    pub fn check_n_at(&self, now: u64, cost: u64) -> Result<(), Denied> {
        self.decide(now, cost)
    }

    #[inline(always)]
    fn decide(&self, now: u64, cost: u64) -> Result<(), Denied> {
        let fast = &self.fast;
        let mut word = fast.word.load(Ordering::Acquire);
        loop {
            let since = now.wrapping_sub(fast.base.load(Ordering::Relaxed));
            if since >= fast.reach.load(Ordering::Relaxed) {
                return self.decide_slowly(now, cost);
            }
            let per_nano = fast.per_nano.load(Ordering::Relaxed);
            let mut slack = fast.slack.load(Ordering::Relaxed);
            let mut price = 0;
            // Wrapping: figures of two generations may give any numbers, which are not used then.
            if cost != 1 {
                if cost == 0 {
                    return Ok(());
                }
                if cost > fast.burst.load(Ordering::Relaxed) {
                    // Rare; the lock tells whether the burst is the current one.
                    return self.decide_slowly(now, cost);
                }
                price = fast.cell.load(Ordering::Relaxed).wrapping_mul(cost - 1);
                slack = slack.wrapping_sub(price);
            }
            let due = since.wrapping_mul(per_nano);
            let latest = due.wrapping_add(slack);
            if word == TAKEN {
                return self.decide_slowly(now, cost);
            }
            if word > latest {
                // Refuse only on figures that belong to the word.
                fence(Ordering::Acquire);
                let again = fast.word.load(Ordering::Acquire);
                if again == word {
                    return Err(Denied::NotYet(NotYet {
                        excess: (word & !GENERATION) - (latest & !GENERATION),
                        per_nano,
                    }));
                }
                word = again;
                continue;
            }
            price = price.wrapping_add(fast.cell.load(Ordering::Relaxed));
            // Both have the same low bits, and a price has none: the sum keeps the generation.
            let tat = word.max(due | (word & GENERATION));
            match fast.word.compare_exchange_weak(
                word,
                tat.wrapping_add(price),
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Ok(()),
                Err(seen) => word = seen,
            }
        }
    }

    /// Wide quotas, times before the base, times beyond the word's reach, costs above the burst.
    #[cold]
    #[inline(never)]
    fn decide_slowly(&self, now: u64, cost: u64) -> Result<(), Denied> {
        let mut changes = lock(&self.changes);
        if let Some(tat) = changes.wide_tat {
            changes.wide_tat = Some(exact::admit(&changes.quota, tat, now, cost)?);
            return Ok(());
        }
        if now > changes.base {
            self.move_base(&mut changes, now);
        }
        let quota = changes.quota;
        let base = quota.units(changes.base);
        let mut word = self.fast.word.load(Ordering::Acquire);
        loop {
            let tat = base + u128::from(word >> GENERATION_BITS);
            let next = exact::admit(&quota, tat, now, cost)?;
            if cost == 0 {
                return Ok(());
            }
            let packed = ((next - base) as u64) << GENERATION_BITS | (word & GENERATION);
            match self
                .fast
                .word
                .compare_exchange(word, packed, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return Ok(()),
                Err(seen) => word = seen,
            }
        }
    }

    /// Moves the base so near to `now` that the word reaches far ahead again, and a quarter of the
    /// reach behind. A TAT before the new base is raised to it, which never grants more.
    fn move_base(&self, changes: &mut Changes, now: u64) {
        let Some(reach) = reach(&changes.quota) else {
            return;
        };
        if now - changes.base < reach {
            return;
        }
        let quota = changes.quota;
        let old_base = quota.units(changes.base);
        self.swing(changes, &quota, now, |units| old_base + units);
    }

    /// Puts the figures of `quota` in force; `tat` maps the word's units to the absolute TAT under
    /// `quota`. The caller holds the lock.
    #[cold]
    #[inline(never)]
    fn swing(
        &self,
        changes: &mut Changes,
        quota: &Quota,
        now: u64,
        tat: impl FnOnce(u128) -> u128,
    ) {
        let word = self.fast.take();
        let absolute = tat(u128::from(word >> GENERATION_BITS));
        let base = base_for(quota, now, absolute);
        let wide = reach(quota).is_none();
        let relative = absolute.saturating_sub(quota.units(base));
        let units = if wide { 0 } else { relative as u64 };
        let generation = word.wrapping_add(1) & GENERATION;
        self.fast.fill(quota, base);
        *changes = Changes {
            quota: *quota,
            base,
            wide_tat: wide.then_some(absolute),
        };
        let swung = units << GENERATION_BITS | generation;
        self.fast.word.store(swung, Ordering::Release);
    }

    /// Changes the quota at `now` (ns), for all threads at once.
    ///
    /// The cells left in the bucket are kept, and capped by the new burst: an empty bucket stays
    /// empty. So over a span that holds the change, at most the old burst, plus the old rate times
    /// the time before, plus the new rate times the time after, is admitted.
    pub fn set_quota_at(&self, now: u64, quota: Quota) {
        let mut changes = lock(&self.changes);
        let old = changes.quota;
        let old_base = old.units(changes.base);
        let wide_tat = changes.wide_tat;
        self.swing(&mut changes, &quota, now, |units| {
            exact::convert(&old, &quota, wide_tat.unwrap_or(old_base + units), now)
        });
    }

    /// Whole cells that would be admitted at `now` (ns), without taking any.
    pub fn available_at(&self, now: u64) -> u64 {
        let changes = lock(&self.changes);
        let quota = changes.quota;
        let word = u128::from(self.fast.word.load(Ordering::Acquire) >> GENERATION_BITS);
        let tat = changes.wide_tat.unwrap_or(quota.units(changes.base) + word);
        let debt = tat.saturating_sub(quota.units(now));
        let cells = quota.span().saturating_sub(debt) / u128::from(quota.cell);
        u64::try_from(cells).unwrap_or(u64::MAX)
    }

    /// The quota in force.
    pub fn quota(&self) -> Quota {
        lock(&self.changes).quota
    }
}

impl<C: Clock> Limiter<C> {
    /// [`check_at`](Self::check_at) the clock's time.
    ///
    /// # Errors
    /// As [`check_at`](Self::check_at).
    #[inline]
    pub fn check(&self) -> Result<(), Denied> {
        self.decide(self.clock.now(), 1)
    }

    /// [`check_n_at`](Self::check_n_at) the clock's time.
    ///
    /// # Errors
    /// As [`check_n_at`](Self::check_n_at).
    #[inline]
    pub fn check_n(&self, cost: u64) -> Result<(), Denied> {
        self.decide(self.clock.now(), cost)
    }

    /// [`set_quota_at`](Self::set_quota_at) the clock's time.
    pub fn set_quota(&self, quota: Quota) {
        self.set_quota_at(self.clock.now(), quota);
    }

    /// [`available_at`](Self::available_at) the clock's time.
    pub fn available(&self) -> u64 {
        self.available_at(self.clock.now())
    }
}

impl<C> fmt::Debug for Limiter<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("quota", &self.quota())
            .finish_non_exhaustive()
    }
}
