//! All results so far → what counts now, counted again each time: the model's windows.

use crate::breaker_model::{Entry, Model};
use cores::breaker::{Ratio, State, Window};

impl Model {
    /// Calls, failures, slow calls that count at `now`.
    pub(crate) fn counts(&self, now: u64) -> (u64, u64, u64) {
        if self.state == State::HalfOpen {
            let count = |f: fn(&(bool, bool)) -> bool| self.done.iter().filter(|d| f(d)).count();
            return (
                self.done.len() as u64,
                count(|d| d.0) as u64,
                count(|d| d.1) as u64,
            );
        }
        let last = self.log.len();
        let counted: Vec<&Entry> = match self.config.window {
            Window::Count { calls } => self.log[last.saturating_sub(calls as usize)..]
                .iter()
                .collect(),
            Window::Time {
                buckets,
                bucket_nanos,
            } => {
                let tick = self.latest_tick.max(now / bucket_nanos);
                let counts = |entry: &&Entry| entry.tick + u64::from(buckets) > tick;
                self.log.iter().filter(counts).collect()
            }
            Window::Failures { failures, nanos } => {
                let failed: Vec<&Entry> = self.log.iter().filter(|e| e.failed).collect();
                let from = failed.len().saturating_sub(failures as usize);
                let fresh = |e: &&&Entry| now <= e.time + nanos;
                failed[from..].iter().filter(fresh).copied().collect()
            }
        };
        let count = |f: fn(&Entry) -> bool| counted.iter().filter(|e| f(e)).count() as u64;
        (counted.len() as u64, count(|e| e.failed), count(|e| e.slow))
    }

    pub(crate) fn bad(&self, (calls, failures, slow): (u64, u64, u64)) -> bool {
        let share = |part: u64, ratio: Ratio| {
            let whole = [(Ratio::HALF, 2), (Ratio::ALL, 1)];
            let times = whole
                .iter()
                .find(|(known, _)| *known == ratio)
                .expect("half or all")
                .1;
            calls > 0 && part * times >= calls
        };
        share(failures, self.config.failure_rate) || share(slow, self.config.slow_rate)
    }

    pub(crate) fn log_result(&mut self, failed: bool, slow: bool, now: u64) {
        let mut entry = Entry {
            tick: 0,
            time: now,
            failed,
            slow,
        };
        match self.config.window {
            Window::Time { bucket_nanos, .. } => {
                self.latest_tick = self.latest_tick.max(now / bucket_nanos);
                entry.tick = self.latest_tick;
            }
            Window::Failures { .. } if !failed => return,
            Window::Failures { .. } => {
                entry.time = self.log.last().map_or(now, |last| last.time.max(now));
            }
            Window::Count { .. } => {}
        }
        self.log.push(entry);
    }

    pub(crate) fn must_open(&self, failed: bool, now: u64) -> bool {
        match self.config.window {
            Window::Failures { failures, .. } => {
                let now = self.log.last().map_or(now, |last| last.time.max(now));
                failed && self.counts(now).0 == u64::from(failures)
            }
            _ => self.counts(now).0 >= self.least() && self.bad(self.counts(now)),
        }
    }

    pub(crate) fn least(&self) -> u64 {
        let least = self.config.minimum_calls;
        match self.config.window {
            Window::Count { calls } => least.min(calls).into(),
            _ => least.into(),
        }
    }

    pub(crate) fn least_probes(&self) -> u32 {
        match self.config.window {
            Window::Failures { .. } => self.config.permits,
            _ => self.config.permits.min(self.config.minimum_calls),
        }
    }
}
