//! Permits, results, time → the breaker's state.
//!
//! One atomic word tells the hot path all it needs: era, segment, state, and whether a good result
//! can still change anything ("armed": the window has its minimum of calls, so a good result only
//! lowers rates). Asking a closed breaker is one load; a good result of an armed one is one
//! compare-and-swap on the thread's own stripe. All else takes the lock. The word changes only
//! under the lock.

use std::fmt;

use super::config::{self, Config, ConfigError, HalfOpenEnd};
use super::half_open::HalfOpen;
use super::stripes::Stripes;
use super::types::{
    Effect, IllegalTransition, Outcome, Permit, Reason, Rejected, Snapshot, State, Transition,
};
use super::window::{Counts, Mark, Window};
use crate::clock::{Clock, MonotonicClock};
use crate::sync::{lock, AtomicU64, Mutex, Ordering};

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
    rejected: AtomicU64,
    inner: Mutex<Inner>,
    clock: C,
}

/// What only the lock's holder reads and writes.
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

/// How a call through [`Breaker::call`] went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError<E> {
    /// It was not made.
    Rejected(Rejected),
    /// It was made and failed.
    Failed(E),
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
            rejected: AtomicU64::new(0),
            inner: Mutex::new(inner),
            clock,
        })
    }

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

    /// Gives a permit back at `now` (ns) with how the call ended. The call's duration is `now`
    /// minus the time at which the permit was given, at least zero.
    #[inline]
    pub fn record_at(&self, permit: Permit, outcome: Outcome, now: u64) -> Effect {
        self.record_observed_at(permit, outcome, now, |_| ())
    }

    /// [`record_at`](Self::record_at) that shows `observe` a change of state, after the lock is
    /// given back.
    #[inline]
    pub fn record_observed_at(
        &self,
        permit: Permit,
        outcome: Outcome,
        now: u64,
        observe: impl FnOnce(Transition),
    ) -> Effect {
        let lasted = now.saturating_sub(permit.started);
        // Slow calls mean nothing to a breaker that only looks at failures.
        let slow = lasted > self.config.slow_after && self.counts_good;
        let word = self.word.load(Ordering::Acquire);
        let good = outcome == Outcome::Success && !slow;
        let current = (word >> ERA_SHIFT) as u32 == permit.era;
        if good
            && current
            && word & ARMED != 0
            && now < self.bucket_end.load(Ordering::Relaxed)
            && (!self.counts_good || self.stripes.add(segment(word)))
        {
            return Effect::Counted;
        }
        self.record_slowly(permit, outcome, now, slow, observe)
    }

    #[cold]
    #[inline(never)]
    fn record_slowly(
        &self,
        permit: Permit,
        outcome: Outcome,
        now: u64,
        slow: bool,
        observe: impl FnOnce(Transition),
    ) -> Effect {
        let mut inner = lock(&self.inner);
        let ended = self.end_half_open(&mut inner, now);
        let mark = match outcome {
            Outcome::Success => Some(false),
            Outcome::Failure => Some(true),
            Outcome::Ignored => None,
        }
        .map(|failed| Mark { failed, slow });
        let (effect, changed) = if permit.era == inner.era {
            self.settle(&mut inner, permit, mark, now)
        } else {
            (Effect::Stale, None)
        };
        drop(inner);
        if let Some(transition) = ended.or(changed) {
            observe(transition);
        }
        effect
    }

    /// Settles a permit of the current era.
    fn settle(
        &self,
        inner: &mut Inner,
        permit: Permit,
        mark: Option<Mark>,
        now: u64,
    ) -> (Effect, Option<Transition>) {
        match (inner.state, mark) {
            (State::HalfOpen, _) if !inner.half_open.give_back(permit.lease, now) => {
                (Effect::Stale, None)
            }
            (_, None) => (Effect::NotCounted, None),
            (State::HalfOpen, Some(mark)) => {
                inner.half_open.record(mark);
                (Effect::Counted, self.decide_half_open(inner, now))
            }
            (State::Closed | State::MetricsOnly, Some(mark)) => {
                (Effect::Counted, self.record_closed(inner, mark, now))
            }
            _ => (Effect::NotCounted, None),
        }
    }

    fn decide_half_open(&self, inner: &mut Inner, now: u64) -> Option<Transition> {
        let done = inner.half_open.done;
        if done.calls < u64::from(self.config.minimum_of_probes()) {
            return None;
        }
        let next = if self.config.too_bad(done) {
            State::Open
        } else {
            State::Closed
        };
        Some(self.enter(inner, next, now))
    }

    fn record_closed(&self, inner: &mut Inner, mark: Mark, now: u64) -> Option<Transition> {
        self.collect_if_due(inner, now);
        let striped = if self.counts_good {
            self.stripes.sum()
        } else {
            0
        };
        let (enough, bad) = match &mut inner.window {
            Window::Count(window) => {
                window.record(mark, striped);
                self.judge(window.counts(striped))
            }
            Window::Time(window) => {
                window.record(mark);
                self.judge(window.counts(striped))
            }
            Window::Failures(window) => (true, mark.failed && window.record(now)),
        };
        if enough && bad && inner.state == State::Closed {
            return Some(self.enter(inner, State::Open, now));
        }
        if inner.armed != enough {
            inner.armed = enough;
            self.publish(inner);
        }
        None
    }

    /// Whether the rates mean something, and whether they are at a threshold.
    fn judge(&self, counts: Counts) -> (bool, bool) {
        let enough = counts.calls >= self.config.minimum_in_window();
        (enough, self.config.too_bad(counts))
    }

    /// Moves the stripes' results into the window if its bucket is over or they are many.
    fn collect_if_due(&self, inner: &mut Inner, now: u64) {
        let over = match &inner.window {
            Window::Time(window) => window.is_over(now),
            _ => false,
        };
        if !over && self.stripes.sum() < EMPTY_STRIPES_AT {
            return;
        }
        let striped = self.next_segment(inner);
        match &mut inner.window {
            Window::Count(window) => window.take_over(striped),
            Window::Time(window) => {
                window.take_over(striped);
                window.advance(now);
                self.bucket_end.store(window.end(), Ordering::Relaxed);
            }
            Window::Failures(_) => {}
        }
        // The minimum may be lost with an old bucket: the caller arms again after judging.
        inner.armed = inner.armed && !over;
        self.publish(inner);
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

    /// All figures at `now` (ns). Takes no permit and changes no answer.
    pub fn snapshot_at(&self, now: u64) -> Snapshot {
        let mut inner = lock(&self.inner);
        let (counts, minimum) = self.counts_at(&mut inner, now);
        let rate = |part: u64| {
            (counts.calls >= minimum && counts.calls > 0).then(|| part as f64 / counts.calls as f64)
        };
        Snapshot {
            state: inner.state,
            era: inner.era,
            calls: counts.calls,
            failures: counts.failures,
            slow: counts.slow,
            failure_rate: rate(counts.failures),
            slow_rate: rate(counts.slow),
            probes: match inner.state {
                State::HalfOpen => inner.half_open.under_way(now) as u32,
                _ => 0,
            },
            rejected: self.rejected.load(Ordering::Relaxed),
            attempt: inner.attempt,
            wait: self.wait_at(&inner, now),
        }
    }

    /// What counts at `now`, and the least number of calls for a rate.
    fn counts_at(&self, inner: &mut Inner, now: u64) -> (Counts, u64) {
        if inner.state == State::HalfOpen {
            return (inner.half_open.done, self.config.minimum_of_probes().into());
        }
        let striped = self.stripes.sum();
        let counts = match &mut inner.window {
            Window::Count(window) => window.counts(striped),
            Window::Time(window) => window.counts_at(now, striped),
            Window::Failures(window) => {
                let failures = window.count_at(now);
                Counts {
                    calls: failures,
                    failures,
                    slow: 0,
                }
            }
        };
        let minimum = match self.config.window {
            // Failures over failures is no rate.
            config::Window::Failures { .. } => u64::MAX,
            _ => self.config.minimum_in_window(),
        };
        (counts, minimum)
    }

    fn wait_at(&self, inner: &Inner, now: u64) -> u64 {
        match inner.state {
            State::Closed | State::Disabled | State::MetricsOnly => 0,
            State::ForcedOpen => u64::MAX,
            State::HalfOpen if inner.half_open.has_room(now) => 0,
            State::HalfOpen => inner.half_open.wait(now),
            State::Open => match self.open_until.load(Ordering::Relaxed) {
                until if now > until => 0,
                until => (until - now).saturating_add(1),
            },
        }
    }

    /// The configuration it was made with.
    pub fn config(&self) -> &Config {
        &self.config
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

#[inline]
fn segment(word: u64) -> u32 {
    (word >> SEGMENT_SHIFT) as u32 & SEGMENT
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

impl<C> fmt::Debug for Breaker<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breaker")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn small(window: config::Window) -> Breaker<()> {
        let config = Config {
            window,
            minimum_calls: 2,
            ..Config::default()
        };
        Breaker::with_clock(config, ()).unwrap()
    }

    fn good(breaker: &Breaker<()>, now: u64) {
        let permit = breaker.acquire_at(now).unwrap();
        assert_eq!(
            breaker.record_at(permit, Outcome::Success, now),
            Effect::Counted
        );
    }

    const WINDOWS: [config::Window; 2] = [
        config::Window::Count { calls: 4 },
        config::Window::Time {
            buckets: 2,
            bucket_nanos: 10,
        },
    ];

    #[test]
    fn good_results_take_the_stripes_once_the_minimum_is_there() {
        for window in WINDOWS {
            let breaker = small(window);
            for striped in [0, 0, 1, 2] {
                good(&breaker, 1);
                assert_eq!(breaker.stripes.sum(), striped, "{window:?}");
            }
            // Again in a later era and segment.
            breaker.reset_at(1);
            for striped in [0, 0, 1, 2] {
                good(&breaker, 1);
                assert_eq!(breaker.stripes.sum(), striped, "{window:?}");
            }
        }
    }

    #[test]
    fn a_new_bucket_empties_the_stripes_and_keeps_the_counts() {
        let breaker = small(WINDOWS[1]);
        (0..4).for_each(|_| good(&breaker, 1));
        good(&breaker, 10);
        assert_eq!(
            (breaker.stripes.sum(), breaker.snapshot_at(10).calls),
            (0, 5)
        );
        good(&breaker, 10);
        assert_eq!(
            (breaker.stripes.sum(), breaker.snapshot_at(10).calls),
            (1, 6)
        );
        // Two buckets on, nothing is left: the lock again until the minimum is there.
        good(&breaker, 35);
        good(&breaker, 35);
        assert_eq!(
            (breaker.stripes.sum(), breaker.snapshot_at(35).calls),
            (0, 2)
        );
    }

    #[test]
    fn full_stripes_are_emptied_into_the_window() {
        for window in WINDOWS {
            let breaker = small(window);
            (0..3).for_each(|_| good(&breaker, 1));
            breaker.stripes.preset(EMPTY_STRIPES_AT);
            let before = breaker.snapshot_at(1).calls;
            let permit = breaker.acquire_at(1).unwrap();
            breaker.record_at(permit, Outcome::Failure, 1);
            assert_eq!(breaker.stripes.sum(), 0, "{window:?}");
            let most = if window == WINDOWS[0] { 4 } else { u64::MAX };
            assert_eq!(breaker.snapshot_at(1).calls, (before + 1).min(most));
            // Still armed, in the new segment.
            good(&breaker, 1);
            assert_eq!(breaker.stripes.sum(), 1, "{window:?}");
            // One less is not emptied.
            breaker.stripes.preset(EMPTY_STRIPES_AT - 1);
            let permit = breaker.acquire_at(1).unwrap();
            breaker.record_at(permit, Outcome::Failure, 1);
            assert_eq!(breaker.stripes.sum(), EMPTY_STRIPES_AT - 1, "{window:?}");
        }
    }

    #[test]
    fn segments_wrap_without_touching_the_era() {
        let breaker = small(WINDOWS[0]);
        lock(&breaker.inner).segment = SEGMENT;
        breaker.reset_at(0);
        let inner = lock(&breaker.inner);
        assert_eq!((inner.segment, inner.era), (0, 1));
        assert_eq!(inner.word(), 1 << 32);
        drop(inner);
        (0..3).for_each(|_| good(&breaker, 1));
        assert_eq!(breaker.stripes.sum(), 1);
        lock(&breaker.inner).segment = SEGMENT - 1;
        breaker.reset_at(0);
        assert_eq!(
            lock(&breaker.inner).word(),
            2 << 32 | u64::from(SEGMENT) << 4
        );
    }

    #[test]
    fn stripes_are_emptied_long_before_one_is_full() {
        assert_eq!(EMPTY_STRIPES_AT, 1_073_741_824);
        assert_eq!(SEGMENT, 268_435_455);
    }
}
