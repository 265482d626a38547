//! A permit and how its call ended → counted or not, and perhaps another state.

use super::{Breaker, Inner, ARMED, EMPTY_STRIPES_AT, ERA_SHIFT, SEGMENT, SEGMENT_SHIFT};
use crate::breaker::types::{Effect, Outcome, Permit, State, Transition};
use crate::breaker::window::{Counts, Mark, Window};
use crate::sync::{lock, Ordering};

impl<C> Breaker<C> {
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
        let (striped, is_new) = self.sum_or_collect(inner, now);
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
        if is_new || inner.armed != enough {
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

    /// The results in the stripes. If the window's bucket is over or they are many, they are moved
    /// into the window and a new segment begins, which the caller publishes after judging.
    fn sum_or_collect(&self, inner: &mut Inner, now: u64) -> (u64, bool) {
        let is_over = match &inner.window {
            Window::Count(_) => false,
            Window::Time(window) => window.is_over(now),
            Window::Failures(_) => return (0, false),
        };
        // Once: each look takes a cache line away from the thread that counts there.
        let striped = self.stripes.sum();
        if !is_over && striped < EMPTY_STRIPES_AT {
            return (striped, false);
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
        (0, true)
    }
}

#[inline]
fn segment(word: u64) -> u32 {
    (word >> SEGMENT_SHIFT) as u32 & SEGMENT
}
