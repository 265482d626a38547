//! Quota and checks → one limiter, one atomic word in the common case.
//!
//! [`Word`] decides without a lock. The lock moves the word's base before its sums overflow, changes
//! the quota, and decides in 128 bits for a quota too wide for the word.

use std::fmt;

use super::denied::Denied;
use super::exact;
use super::quota::Quota;
use super::word::{base_for, next_generation, reach, Answer, Word};
use crate::clock::{Clock, MonotonicClock};
use crate::sync::{lock, Mutex};

/// A rate limiter for one stream of cells: GCRA with exact integer rates.
///
/// Promise: over any span of `d` ns, with any number of threads, at most `burst + rate·d` cells
/// are admitted. A time earlier than one seen before grants nothing that the later time would not
/// have granted. Checks do not lock or allocate, except for quotas whose bucket does not fit in 58
/// bits of `1/n'` ns, quotas that never refill, and after a time of 2^63 ns or more (292 years):
/// those take a short lock.
pub struct Limiter<C = MonotonicClock> {
    word: Word,
    changes: Mutex<Changes>,
    clock: C,
}

/// What only the lock's holder reads and writes.
struct Changes {
    quota: Quota,
    base: u64,
    generation: u64,
    /// TAT in units, kept only while the word cannot hold it.
    wide_tat: Option<u128>,
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
        let word = Word::new();
        let fits = reach(&quota).is_some();
        if fits {
            word.put(&quota, 0, 0, 1);
        }
        Self {
            word,
            changes: Mutex::new(Changes {
                quota,
                base: 0,
                generation: 1,
                wide_tat: (!fits).then_some(0),
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
        match self.word.decide(now, cost) {
            Answer::Admitted => Ok(()),
            Answer::Refused(not_yet) => Err(Denied::NotYet(not_yet)),
            // Taken apart and put together, so that the fast answers need no place in memory.
            Answer::Undecided => match self.decide_slowly(now, cost) {
                Ok(()) => Ok(()),
                Err(Denied::NotYet(not_yet)) => Err(Denied::NotYet(not_yet)),
                Err(Denied::TooLarge { cost, burst }) => Err(Denied::TooLarge { cost, burst }),
            },
        }
    }

    /// Wide quotas, times before the base, times beyond the word's reach, costs above the burst.
    #[cold]
    #[inline(never)]
    fn decide_slowly(&self, now: u64, cost: u64) -> Result<(), Denied> {
        let mut changes = lock(&self.changes);
        self.move_base(&mut changes, now);
        let quota = changes.quota;
        if let Some(tat) = changes.wide_tat {
            changes.wide_tat = Some(exact::admit(&quota, tat, now, cost)?);
            return Ok(());
        }
        let base = quota.units(changes.base);
        self.word.update(&quota, |units| {
            let next = exact::admit(&quota, base + units, now, cost)?;
            Ok(next - base)
        })
    }

    /// Moves the base so near to `now` that the word reaches far ahead again, and a quarter of the
    /// reach behind. A TAT before the new base is raised to it, which never grants more.
    fn move_base(&self, changes: &mut Changes, now: u64) {
        let ahead = now.saturating_sub(changes.base);
        let stays = reach(&changes.quota).is_none_or(|reach| ahead < reach);
        if changes.wide_tat.is_some() || stays && i64::try_from(now).is_ok() {
            return;
        }
        let quota = changes.quota;
        let old_base = quota.units(changes.base);
        self.swing(changes, &quota, now, |units| old_base + units);
    }

    /// Puts `quota` in force; `tat` maps the word's units to the absolute TAT under `quota`. The
    /// caller holds the lock.
    fn swing(
        &self,
        changes: &mut Changes,
        quota: &Quota,
        now: u64,
        tat: impl FnOnce(u128) -> u128,
    ) {
        let tat = tat(self.word.take(&changes.quota));
        let base = base_for(quota, now, tat);
        *changes = Changes {
            quota: *quota,
            base: base.unwrap_or(0),
            generation: next_generation(changes.generation),
            wide_tat: base.is_none().then_some(tat),
        };
        if let Some(base) = base {
            let units = tat.saturating_sub(quota.units(base)) as u64;
            self.word.put(quota, base, units, changes.generation);
        }
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
        let tat = match changes.wide_tat {
            Some(tat) => tat,
            None => quota.units(changes.base) + self.word.units(&quota),
        };
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
