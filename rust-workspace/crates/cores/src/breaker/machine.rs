//! Permits, results, time → the breaker's state.
//!
//! One atomic word tells the hot path all it needs: era, segment, state, and whether a good result
//! can still change anything ("armed": the window has its minimum of calls, so a good result only
//! lowers rates). Asking a closed breaker is one load; a good result of an armed one is one
//! compare-and-swap on the thread's own stripe. All else takes the lock. The word changes only
//! under the lock.

use std::fmt;

use super::config::{Config, ConfigError, HalfOpenEnd};
use super::half_open::HalfOpen;
use super::stripes::Stripes;
use super::types::{
    Effect, IllegalTransition, Outcome, Permit, Rejected, Snapshot, State, Transition,
};
use super::window::Window;
use crate::clock::{Clock, MonotonicClock};
use crate::sync::{lock, Apart, AtomicU64, Mutex, Ordering};

mod acquire;
mod figures;
mod record;

/// The word: era 32 bits, segment 28, armed 1, state 3.
const STATE: u64 = 0b111;
const ARMED: u64 = 0b1000;
const SEGMENT_SHIFT: u32 = 4;
const SEGMENT: u32 = (1 << 28) - 1;
const ERA_SHIFT: u32 = 32;
/// Good results in the stripes from which they are emptied, long before one is full.
const EMPTY_STRIPES_AT: u64 = 1 << 30;

/// A circuit breaker.
///
/// Promises: a result counts only in the era its permit was given in; of one half-open state's
/// probes, never more than `permits` are under way or done; a permit is given back at most once.
/// Times are nanoseconds of one clock; a time earlier than one seen before counts as no progress.
pub struct Breaker<C = MonotonicClock> {
    word: AtomicU64,
    /// End of the current bucket of a time window (ns), else `u64::MAX`.
    bucket_end: AtomicU64,
    /// Last nanosecond at which an open breaker rejects.
    open_until: AtomicU64,
    stripes: Stripes,
    /// Whether good results are counted at all.
    counts_good: bool,
    config: Config,
    rejected: Apart<AtomicU64>,
    inner: Apart<Mutex<Inner>>,
    clock: C,
}

/// What only the lock's holder reads and writes; in this order, so that what a bad result touches
/// lies on the two cache lines that hold the lock.
#[repr(C)]
struct Inner {
    state: State,
    era: u32,
    segment: u32,
    armed: bool,
    attempt: u32,
    window: Window,
    half_open: HalfOpen,
}

impl Inner {
    fn word(&self) -> u64 {
        u64::from(self.era) << ERA_SHIFT
            | u64::from(self.segment) << SEGMENT_SHIFT
            | if self.armed { ARMED } else { 0 }
            | self.state as u64
    }
}

impl Breaker {
    /// A closed breaker on the machine's monotonic clock.
    ///
    /// # Errors
    /// [`ConfigError`] names a setting out of its bounds.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        Self::with_clock(config, MonotonicClock::new())
    }
}

impl<C> Breaker<C> {
    /// A closed breaker on `clock` (`()` if every time is passed by the caller).
    ///
    /// # Errors
    /// [`ConfigError`] names a setting out of its bounds.
    pub fn with_clock(config: Config, clock: C) -> Result<Self, ConfigError> {
        config.check()?;
        let window = Window::new(&config);
        let counts_good = !matches!(window, Window::Failures(_));
        let bucket_end = match &window {
            Window::Time(window) => window.end(),
            _ => u64::MAX,
        };
        let inner = Inner {
            state: State::Closed,
            era: 0,
            segment: 0,
            armed: !counts_good,
            attempt: 0,
            window,
            half_open: HalfOpen::new(config.permits, config.lease),
        };
        Ok(Self {
            word: AtomicU64::new(inner.word()),
            bucket_end: AtomicU64::new(bucket_end),
            open_until: AtomicU64::new(0),
            stripes: Stripes::for_this_machine(),
            counts_good,
            config,
            rejected: Apart(AtomicU64::new(0)),
            inner: Apart(Mutex::new(inner)),
            clock,
        })
    }

    /// Starts a segment: from here on no result can enter the stripes under the old one.
    fn next_segment(&self, inner: &mut Inner) -> u64 {
        inner.segment = inner.segment.wrapping_add(1) & SEGMENT;
        self.stripes.collect(inner.segment)
    }

    fn publish(&self, inner: &Inner) {
        self.word.store(inner.word(), Ordering::Release);
    }

    /// Ends a half-open state that has lasted too long.
    fn end_half_open(&self, inner: &mut Inner, now: u64) -> Option<Transition> {
        let (limit, end) = self.config.half_open_limit?;
        let lasted = now.saturating_sub(inner.half_open.entered);
        if inner.state != State::HalfOpen || lasted <= limit {
            return None;
        }
        let next = match end {
            HalfOpenEnd::Open => State::Open,
            HalfOpenEnd::Closed => State::Closed,
        };
        Some(self.enter(inner, next, now))
    }

    /// Begins a new era in `to`, with an empty window.
    fn enter(&self, inner: &mut Inner, to: State, now: u64) -> Transition {
        let from = std::mem::replace(&mut inner.state, to);
        inner.era = inner.era.wrapping_add(1);
        self.next_segment(inner);
        inner.window.clear();
        inner.armed = !self.counts_good && matches!(to, State::Closed | State::MetricsOnly);
        match to {
            State::Open => {
                inner.attempt = inner.attempt.saturating_add(1);
                let until = now.saturating_add(self.config.wait.of(inner.attempt));
                self.open_until.store(until, Ordering::Relaxed);
            }
            State::HalfOpen => inner.half_open.enter(now),
            _ => inner.attempt = 0,
        }
        self.publish(inner);
        Transition { from, to }
    }

    /// Changes the state by hand at `now` (ns). The same state again changes nothing.
    ///
    /// # Errors
    /// [`IllegalTransition`] for closed to half-open, and metrics-only to open or half-open.
    pub fn transition_at(
        &self,
        to: State,
        now: u64,
    ) -> Result<Option<Transition>, IllegalTransition> {
        let mut inner = lock(&self.inner);
        let from = inner.state;
        match (from, to) {
            (State::Closed, State::HalfOpen)
            | (State::MetricsOnly, State::Open | State::HalfOpen) => {
                Err(IllegalTransition { from, to })
            }
            _ if from == to => Ok(None),
            _ => Ok(Some(self.enter(&mut inner, to, now))),
        }
    }

    /// Closes the breaker and empties its window, also if it was closed. Results of calls under
    /// way no longer count.
    pub fn reset_at(&self, now: u64) -> Transition {
        self.enter(&mut lock(&self.inner), State::Closed, now)
    }

    /// The state. Takes no permit and changes nothing.
    #[inline]
    pub fn state(&self) -> State {
        State::from_bits(self.word.load(Ordering::Acquire) & STATE)
    }

    /// The configuration it was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }
}

impl<C: Clock> Breaker<C> {
    /// [`acquire_at`](Self::acquire_at) the clock's time.
    ///
    /// # Errors
    /// As [`acquire_at`](Self::acquire_at).
    #[inline]
    pub fn acquire(&self) -> Result<Permit, Rejected> {
        self.acquire_at(self.clock.now())
    }

    /// [`record_at`](Self::record_at) the clock's time.
    #[inline]
    pub fn record(&self, permit: Permit, outcome: Outcome) -> Effect {
        self.record_at(permit, outcome, self.clock.now())
    }

    /// [`snapshot_at`](Self::snapshot_at) the clock's time.
    pub fn snapshot(&self) -> Snapshot {
        self.snapshot_at(self.clock.now())
    }
}

impl<C> fmt::Debug for Breaker<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
