//! Calls in, one series of observations out: how a bench times what it is about.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

use crate::clock::{picoseconds, wait_until};
use crate::threads::{scheduled, since, Scheduled};

/// Of a block of calls that are timed as one: long enough that the clock's cost is below 0.1 %.
const BLOCK: Duration = Duration::from_micros(60);
const LONGEST_CALLS: u64 = 2_000_000;

/// What the numbers of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Each call timed by itself, the clock's cost taken off.
    Calls,
    /// Blocks of calls; the histogram holds the mean of each block.
    Batches,
    /// As many calls as pass, on all cores.
    Rate,
    /// Two variants in turn; the histogram holds the second's blocks.
    Paired,
    /// Calls at planned instants, each timed from its plan.
    Open,
    /// Assumed time that passed in a simulation, and measured time on top.
    Steps,
    /// So many of so many.
    Share,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Calls => "calls",
            Kind::Batches => "batches",
            Kind::Rate => "rate",
            Kind::Paired => "paired",
            Kind::Open => "open",
            Kind::Steps => "steps",
            Kind::Share => "share",
        }
    }
}

/// What one launch of a bench saw. Times are in picoseconds.
#[derive(Clone, Debug)]
pub struct Series {
    /// What the numbers are.
    pub kind: Kind,
    /// Times of calls or blocks, three digits kept; empty for a rate or a share.
    pub times: Histogram<u64>,
    /// Calls that were measured; for a share, the trials.
    pub operations: u64,
    /// Time that the operations took: in all for `Calls`, `Batches`, `Paired` and `Steps`, from
    /// the first start to the last end for `Rate` and `Open`.
    pub elapsed: u64,
    /// For `Paired`, the first variant's calls and their time; for `Steps`, 0 and the assumed
    /// time; for `Share`, the hits and 0.
    pub base: (u64, u64),
    /// Threads that made calls.
    pub threads: usize,
    /// What the scheduler counted of those threads; `None` where the kernel does not tell.
    pub scheduled: Option<Scheduled>,
}

impl Series {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            times: Histogram::new(3).expect("3 is a precision that the crate has"),
            operations: 0,
            elapsed: 0,
            base: (0, 0),
            threads: 1,
            scheduled: None,
        }
    }

    fn record(&mut self, time: u64) {
        // Grows as it must; only a time of years could be refused.
        self.times
            .record(time.clamp(1, 1 << 60))
            .expect("the histogram grows");
    }
}

/// How long a launch warms up and measures.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub warm_up: Duration,
    pub measure: Duration,
    /// Where calls are timed one by one, this many are due, however long they take ...
    pub calls: u64,
    /// ... up to this time.
    pub longest: Duration,
    pub cores: usize,
    pub launch: u64,
    pub clock_cost: u64,
}

/// Handed to a bench; it measures once, by one of its methods.
#[derive(Debug)]
pub struct Bench {
    budget: Budget,
    series: Option<Series>,
}

impl Bench {
    pub(crate) fn new(budget: Budget) -> Self {
        Self {
            budget,
            series: None,
        }
    }

    pub(crate) fn into_series(self) -> Option<Series> {
        self.series
    }

    /// The cores that the claim is about: as many threads may run.
    #[must_use]
    pub fn cores(&self) -> usize {
        self.budget.cores
    }

    /// A number that differs from launch to launch and is the same in every run: for random
    /// input.
    #[must_use]
    pub fn seed(&self) -> u64 {
        (self.budget.launch + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Times each call by itself: for percentiles of one call that lasts over a microsecond.
    ///
    /// The next call starts when the last one has ended, so this says nothing about waiting in
    /// a queue; [`Bench::open_loop`] does. What a call returns is dropped after its time is taken.
    pub fn calls<T>(&mut self, mut call: impl FnMut() -> T) {
        self.calls_with(|| (), |()| call());
    }

    /// As [`Bench::calls`], with an input that is made anew, untimed, for each call.
    pub fn calls_with<I, T>(&mut self, mut input: impl FnMut() -> I, mut call: impl FnMut(I) -> T) {
        let warm = Instant::now();
        while warm.elapsed() < self.budget.warm_up {
            drop(black_box(call(input())));
        }
        let mut series = Series::new(Kind::Calls);
        let before = scheduled();
        let begun = Instant::now();
        while self.goes_on(begun.elapsed(), series.operations) {
            let given = black_box(input());
            let start = Instant::now();
            let answer = black_box(call(given));
            let time = self.net(start.elapsed());
            drop(answer);
            series.record(time);
            series.elapsed += time;
            series.operations += 1;
        }
        series.scheduled = since(before, scheduled());
        self.keep(series);
    }

    /// Times blocks of many calls as one: for the mean cost of a call far below a microsecond.
    ///
    /// A block averages its calls, so its percentiles are none of a call.
    pub fn batches<T>(&mut self, mut call: impl FnMut() -> T) {
        let size = self.block_size(&mut call);
        let mut series = Series::new(Kind::Batches);
        let before = scheduled();
        let begun = Instant::now();
        while begun.elapsed() < self.budget.measure {
            let time = self.block(size, &mut call);
            series.record(time / size);
            series.elapsed += time;
            series.operations += size;
        }
        series.scheduled = since(before, scheduled());
        self.keep(series);
    }

    /// Times blocks of two variants in turn: for what the second costs on top of the first, and
    /// for the ratio of the two.
    ///
    /// Both run in the same moments, so that a slower machine slows both.
    pub fn paired<T, U>(&mut self, mut base: impl FnMut() -> T, mut other: impl FnMut() -> U) {
        let (first, second) = (self.block_size(&mut base), self.block_size(&mut other));
        let mut series = Series::new(Kind::Paired);
        let before = scheduled();
        let begun = Instant::now();
        let mut is_base_first = true;
        while begun.elapsed() < self.budget.measure {
            let mut times = [0, 0];
            for turn in 0..2 {
                if (turn == 0) == is_base_first {
                    times[0] = self.block(first, &mut base);
                } else {
                    times[1] = self.block(second, &mut other);
                }
            }
            is_base_first = !is_base_first;
            series.base = (series.base.0 + first, series.base.1 + times[0]);
            series.record(times[1] / second);
            series.elapsed += times[1];
            series.operations += second;
        }
        series.scheduled = since(before, scheduled());
        self.keep(series);
    }

    /// Counts the operations that pass on all cores, one thread each.
    ///
    /// `state` makes what a thread needs, by its number; `step` does some work with it and
    /// returns how many operations that was.
    pub fn rate<S>(
        &mut self,
        state: impl Fn(usize) -> S + Sync,
        step: impl Fn(&mut S) -> u64 + Sync,
    ) {
        let threads = self.budget.cores.max(1);
        let ready = Barrier::new(threads);
        let (warm_up, measure) = (self.budget.warm_up, self.budget.measure);
        let work = |number: usize| {
            let mut own = state(number);
            let warm = Instant::now();
            while warm.elapsed() < warm_up {
                black_box(step(&mut own));
            }
            ready.wait();
            let before = scheduled();
            let start = Instant::now();
            let mut operations = 0;
            while start.elapsed() < measure {
                operations += black_box(step(&mut own));
            }
            let end = Instant::now();
            (operations, start, end, since(before, scheduled()))
        };
        let seen: Vec<_> = thread::scope(|scope| {
            let others: Vec<_> = (1..threads)
                .map(|number| scope.spawn(move || work_ref(&work, number)))
                .collect();
            let mut seen = vec![work(0)];
            seen.extend(
                others
                    .into_iter()
                    .map(|other| other.join().expect("a thread panicked")),
            );
            seen
        });
        let mut series = Series::new(Kind::Rate);
        series.threads = threads;
        series.operations = seen.iter().map(|each| each.0).sum();
        let first = seen
            .iter()
            .map(|each| each.1)
            .min()
            .expect("one thread at least");
        let last = seen
            .iter()
            .map(|each| each.2)
            .max()
            .expect("one thread at least");
        series.elapsed = picoseconds(last - first);
        series.scheduled = seen.iter().try_fold(Scheduled::default(), |sum, each| {
            each.3.map(|own| sum.plus(own))
        });
        self.keep(series);
    }

    /// Starts calls at a constant rate and times each from its *planned* start: for "p99 at so
    /// many a second".
    ///
    /// A call that begins late because its forerunner was slow has waited, and that counts.
    pub fn open_loop<T>(&mut self, per_second: f64, mut call: impl FnMut() -> T) {
        assert!(per_second > 0.0, "a rate is above zero");
        let warm = Instant::now();
        while warm.elapsed() < self.budget.warm_up {
            black_box(call());
        }
        let mut series = Series::new(Kind::Open);
        let before = scheduled();
        let begun = Instant::now();
        let mut planned = Duration::ZERO;
        while self.goes_on(planned, series.operations) {
            wait_until(begun + planned);
            let answer = black_box(call());
            let time = picoseconds((begun + planned).elapsed());
            drop(answer);
            series.record(time);
            series.operations += 1;
            let calls = u32::try_from(series.operations).unwrap_or(u32::MAX);
            planned = Duration::from_secs_f64(f64::from(calls) / per_second);
        }
        series.elapsed = picoseconds(begun.elapsed());
        series.scheduled = since(before, scheduled());
        self.keep(series);
    }

    /// Times runs of a simulation: each returns the time that it *assumes* to have passed, and
    /// the time that it took to compute is what the code adds.
    ///
    /// The histogram holds the sum of both; the two are reported apart.
    pub fn steps(&mut self, mut run: impl FnMut() -> Duration) {
        let warm = Instant::now();
        while warm.elapsed() < self.budget.warm_up {
            black_box(run());
        }
        let mut series = Series::new(Kind::Steps);
        let before = scheduled();
        let begun = Instant::now();
        while self.goes_on(begun.elapsed(), series.operations) {
            let start = Instant::now();
            let assumed = picoseconds(black_box(run()));
            let time = self.net(start.elapsed());
            series.record(assumed.saturating_add(time));
            series.elapsed += time;
            series.base.1 += assumed;
            series.operations += 1;
        }
        series.scheduled = since(before, scheduled());
        self.keep(series);
    }

    /// Reports that something held in `hits` of `trials`: for shares and rates of success, which
    /// take no time. Draw random input from [`Bench::seed`], so that launches differ.
    pub fn share(&mut self, hits: u64, trials: u64) {
        assert!(hits <= trials && trials > 0, "hits are among the trials");
        let mut series = Series::new(Kind::Share);
        series.operations = trials;
        series.base.0 = hits;
        self.keep(series);
    }

    /// Whether a series of single calls needs another one.
    ///
    /// How many are due was fixed before the launch, by the claim's statistic alone: neither
    /// what a call showed nor what is stated about it changes when the series ends.
    fn goes_on(&self, passed: Duration, calls: u64) -> bool {
        let budget = &self.budget;
        let is_due = calls < budget.calls && passed < budget.longest;
        calls < LONGEST_CALLS && (passed < budget.measure || is_due)
    }

    fn net(&self, time: Duration) -> u64 {
        picoseconds(time).saturating_sub(self.budget.clock_cost)
    }

    fn block<T>(&self, size: u64, call: &mut impl FnMut() -> T) -> u64 {
        let start = Instant::now();
        for _ in 0..size {
            black_box(call());
        }
        self.net(start.elapsed())
    }

    /// Warms up, doubling the calls in a block until it is long enough.
    fn block_size<T>(&self, call: &mut impl FnMut() -> T) -> u64 {
        let warm = Instant::now();
        let mut size = 1;
        while self.block(size, call) < picoseconds(BLOCK) && size < 1 << 40 {
            size *= 2;
        }
        while warm.elapsed() < self.budget.warm_up {
            self.block(size, call);
        }
        size
    }

    fn keep(&mut self, series: Series) {
        assert!(
            self.series.is_none(),
            "a bench measures once: write another function for more"
        );
        self.series = Some(series);
    }
}

/// Calls by reference, so that every thread shares one closure.
fn work_ref<R>(work: &(impl Fn(usize) -> R + Sync), number: usize) -> R {
    work(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slow_calls(calls: u64, longest: Duration) -> u64 {
        let mut bench = Bench::new(Budget {
            warm_up: Duration::ZERO,
            measure: Duration::ZERO,
            calls,
            longest,
            cores: 1,
            launch: 0,
            clock_cost: 0,
        });
        bench.calls(|| thread::sleep(Duration::from_millis(2)));
        bench.into_series().expect("it measured").operations
    }

    #[test]
    fn a_series_of_slow_calls_ends_at_those_that_are_due_or_at_its_longest_time() {
        assert_eq!(slow_calls(7, Duration::from_secs(60)), 7);
        assert!(slow_calls(1000, Duration::from_millis(9)) <= 5);
    }
}
