//! Results and times → how many calls, failures and slow calls count now. Caller holds the lock.

use std::collections::VecDeque;

use super::config::{self, Config};

/// Calls in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) calls: u64,
    pub(crate) failures: u64,
    pub(crate) slow: u64,
}

/// One result; a slow failure is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) failed: bool,
    pub(crate) slow: bool,
}

impl Counts {
    pub(crate) fn add(&mut self, mark: Mark) {
        self.calls += 1;
        self.failures += u64::from(mark.failed);
        self.slow += u64::from(mark.slow);
    }
}

/// The closed state's window. `striped` in the methods is the number of good results of the
/// current segment that are only in the stripes.
pub(crate) enum Window {
    Count(CountWindow),
    Time(TimeWindow),
    Failures(FailureTimes),
}

impl Window {
    pub(crate) fn new(config: &Config) -> Self {
        match config.window {
            config::Window::Count { calls } => Self::Count(CountWindow::new(calls)),
            config::Window::Time {
                buckets,
                bucket_nanos,
            } => Self::Time(TimeWindow::new(buckets, bucket_nanos)),
            config::Window::Failures { failures, nanos } => {
                Self::Failures(FailureTimes::new(failures, nanos))
            }
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        match self {
            Self::Count(window) => window.clear(),
            Self::Time(window) => window.clear(),
            Self::Failures(window) => window.times.clear(),
        }
    }
}

/// The last `size` calls, kept as the places of the bad ones in the sequence of all calls.
pub(crate) struct CountWindow {
    size: u64,
    /// Place (from 1) and mark of each bad call in the window, oldest first.
    bad: VecDeque<(u64, Mark)>,
    failures: u64,
    slow: u64,
    /// Calls of this era that are not in the stripes.
    calls: u64,
}

impl CountWindow {
    fn new(size: u32) -> Self {
        Self {
            size: size.into(),
            // One more than fits: a new place is pushed before the oldest leaves.
            bad: VecDeque::with_capacity(size as usize + 1),
            failures: 0,
            slow: 0,
            calls: 0,
        }
    }

    fn clear(&mut self) {
        self.bad.clear();
        (self.failures, self.slow, self.calls) = (0, 0, 0);
    }

    /// Takes over good results from stripes that were emptied.
    pub(crate) fn take_over(&mut self, striped: u64) {
        self.calls += striped;
    }

    pub(crate) fn record(&mut self, mark: Mark, striped: u64) {
        self.calls += 1;
        if mark.failed || mark.slow {
            self.failures += u64::from(mark.failed);
            self.slow += u64::from(mark.slow);
            self.bad.push_back((self.calls + striped, mark));
        }
        self.slide(striped);
    }

    /// Drops the bad calls that are no longer among the last `size`.
    fn slide(&mut self, striped: u64) {
        let total = self.calls + striped;
        while let Some(&(place, mark)) = self.bad.front() {
            if place + self.size > total {
                break;
            }
            self.bad.pop_front();
            self.failures -= u64::from(mark.failed);
            self.slow -= u64::from(mark.slow);
        }
    }

    /// The last calls. Slides first, which changes no later answer.
    pub(crate) fn counts(&mut self, striped: u64) -> Counts {
        self.slide(striped);
        Counts {
            calls: (self.calls + striped).min(self.size),
            failures: self.failures,
            slow: self.slow,
        }
    }
}

/// The last buckets of time. `total` holds all of them, the current one included.
pub(crate) struct TimeWindow {
    length: u64,
    buckets: Box<[Counts]>,
    /// Number of the current bucket: time divided by the length.
    tick: u64,
    total: Counts,
}

impl TimeWindow {
    fn new(buckets: u32, length: u64) -> Self {
        Self {
            length,
            buckets: vec![Counts::default(); buckets as usize].into(),
            tick: 0,
            total: Counts::default(),
        }
    }

    fn clear(&mut self) {
        self.buckets.fill(Counts::default());
        self.total = Counts::default();
    }

    fn place(&self, tick: u64) -> usize {
        (tick % self.buckets.len() as u64) as usize
    }

    /// First nanosecond after the current bucket; `u64::MAX` for the last there is.
    pub(crate) fn end(&self) -> u64 {
        self.tick.saturating_add(1).saturating_mul(self.length)
    }

    /// Whether `now` lies after the current bucket.
    pub(crate) fn is_over(&self, now: u64) -> bool {
        now / self.length > self.tick
    }

    /// Puts the stripes' results into the current bucket.
    pub(crate) fn take_over(&mut self, striped: u64) {
        let place = self.place(self.tick);
        self.buckets[place].calls += striped;
        self.total.calls += striped;
    }

    /// Moves to the bucket of `now`, if that is later, and drops the buckets that are too old.
    pub(crate) fn advance(&mut self, now: u64) {
        let tick = now / self.length;
        let steps = tick.saturating_sub(self.tick);
        for step in 1..=steps.min(self.buckets.len() as u64) {
            let place = self.place(self.tick + step);
            let old = std::mem::take(&mut self.buckets[place]);
            self.total.calls -= old.calls;
            self.total.failures -= old.failures;
            self.total.slow -= old.slow;
        }
        self.tick = self.tick.max(tick);
    }

    pub(crate) fn record(&mut self, mark: Mark) {
        let place = self.place(self.tick);
        self.buckets[place].add(mark);
        self.total.add(mark);
    }

    /// What counts now.
    pub(crate) fn counts(&self, striped: u64) -> Counts {
        Counts {
            calls: self.total.calls + striped,
            ..self.total
        }
    }

    /// What would count at `now`, without moving there.
    pub(crate) fn counts_at(&self, now: u64, striped: u64) -> Counts {
        let mut counts = self.counts(striped);
        let steps = (now / self.length).saturating_sub(self.tick);
        let size = self.buckets.len() as u64;
        for step in 1..=steps.min(size) {
            let old = &self.buckets[self.place(self.tick + step)];
            counts.calls -= old.calls;
            counts.failures -= old.failures;
            counts.slow -= old.slow;
        }
        // The stripes belong to the current bucket, which leaves last.
        if steps >= size {
            counts.calls -= striped;
        }
        counts
    }
}

/// The times of the last failures.
pub(crate) struct FailureTimes {
    most: usize,
    within: u64,
    times: VecDeque<u64>,
}

impl FailureTimes {
    fn new(most: u32, within: u64) -> Self {
        Self {
            most: most as usize,
            within,
            times: VecDeque::with_capacity(most as usize + 1),
        }
    }

    /// Records a failure; says whether `most` of them lie within the time. A time before the
    /// latest counts as the latest.
    pub(crate) fn record(&mut self, now: u64) -> bool {
        let now = self.times.back().map_or(now, |&last| now.max(last));
        self.times.push_back(now);
        if self.times.len() > self.most {
            self.times.pop_front();
        }
        self.times.len() == self.most
            && self
                .times
                .front()
                .is_some_and(|&first| now - first <= self.within)
    }

    /// Failures that count at `now`.
    pub(crate) fn count_at(&self, now: u64) -> u64 {
        let counts = |&&time: &&u64| now.saturating_sub(time) <= self.within;
        self.times.iter().filter(counts).count() as u64
    }
}

#[cfg(test)]
mod tests;
