//! The breaker at one moment → its figures.

use super::{Breaker, Inner};
use crate::breaker::config;
use crate::breaker::types::{Snapshot, State};
use crate::breaker::window::{Counts, Window};
use crate::sync::{lock, Ordering};

impl<C> Breaker<C> {
    /// All figures at `now` (ns). Takes no permit and changes no answer.
    pub fn snapshot_at(&self, now: u64) -> Snapshot {
        let mut inner = lock(&self.inner);
        let (counts, minimum) = self.counts_at(&mut inner, now);
        // The minimum is at least one call.
        let rate = |part: u64| (counts.calls >= minimum).then(|| part as f64 / counts.calls as f64);
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
}
