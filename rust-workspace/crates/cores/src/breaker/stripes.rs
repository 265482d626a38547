//! Good results of many threads → one count, without a shared cache line.
//!
//! A good result moves no rate up, so only its number matters, not its place in the window. Each
//! thread adds to its own stripe; whoever needs the number adds up. A stripe carries the segment
//! (the time between two collections) that its count belongs to, so a late result cannot enter the
//! next segment: its compare-and-swap fails.

use crate::sync::{Apart, AtomicU64, Ordering};

/// Largest number in a stripe; the next result is counted elsewhere and empties the stripes.
const MOST: u64 = 1 << 31;
const COUNT: u64 = u32::MAX as u64;

/// Counters of one breaker.
pub(crate) struct Stripes(Box<[Stripe]>);

/// `segment << 32 | count`.
type Stripe = Apart<AtomicU64>;

impl Stripes {
    pub(crate) fn new(count: usize) -> Self {
        Self((0..count).map(|_| Apart(AtomicU64::new(0))).collect())
    }

    /// As many as keep the machine's threads apart.
    pub(crate) fn for_this_machine() -> Self {
        #[cfg(loom)]
        let threads: usize = 1;
        #[cfg(not(loom))]
        let threads: usize = std::thread::available_parallelism().map_or(1, |n| n.get());
        Self::new((2 * threads).next_power_of_two().min(32))
    }

    /// Counts one good result of `segment`. `false`: not counted, the segment has ended or the
    /// stripe is full.
    #[inline]
    pub(crate) fn add(&self, segment: u32) -> bool {
        let stripe = &self.0[thread_number() & (self.0.len() - 1)].0;
        let mut seen = stripe.load(Ordering::Relaxed);
        loop {
            if (seen >> 32) as u32 != segment || seen & COUNT >= MOST {
                return false;
            }
            match stripe.compare_exchange_weak(seen, seen + 1, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return true,
                Err(now) => seen = now,
            }
        }
    }

    /// Results of the current segment so far.
    pub(crate) fn sum(&self) -> u64 {
        let count = |stripe: &Stripe| stripe.0.load(Ordering::Acquire) & COUNT;
        self.0.iter().map(count).sum()
    }

    /// Ends the segment, begins `next`, and gives the results of the ended one. The caller holds
    /// the breaker's lock.
    pub(crate) fn collect(&self, next: u32) -> u64 {
        let fresh = u64::from(next) << 32;
        self.0
            .iter()
            .map(|stripe| stripe.0.swap(fresh, Ordering::AcqRel) & COUNT)
            .sum()
    }
}

#[cfg(test)]
impl Stripes {
    /// As if the current segment had `count` results, all in one stripe.
    pub(crate) fn preset(&self, count: u64) {
        for (place, stripe) in self.0.iter().enumerate() {
            let segment = stripe.0.load(Ordering::Relaxed) & !COUNT;
            let count = if place == 0 { count } else { 0 };
            stripe.0.store(segment | count, Ordering::Relaxed);
        }
    }
}

/// A small number of the calling thread, the same for its whole life.
#[cfg(not(loom))]
#[inline]
fn thread_number() -> usize {
    use std::cell::Cell;
    use std::sync::atomic::AtomicUsize;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local!(static NUMBER: Cell<usize> = const { Cell::new(usize::MAX) });
    NUMBER.with(|number| {
        if number.get() == usize::MAX {
            let fresh = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            // Never the mark for "no number yet".
            number.set(fresh & 0xFFFF);
        }
        number.get()
    })
}

/// Under the model checker all threads share a stripe: the harder case.
#[cfg(loom)]
fn thread_number() -> usize {
    0
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_full_stripe_and_a_past_segment_count_nothing() {
        let stripes = Stripes::new(1);
        assert!(stripes.add(0) && stripes.add(0));
        assert!(!stripes.add(1));
        assert_eq!(
            (stripes.sum(), stripes.collect(1), stripes.sum()),
            (2, 2, 0)
        );
        assert!(!stripes.add(0));
        assert!(stripes.add(1));
        stripes.0[0].0.store(1 << 32 | MOST, Ordering::SeqCst);
        assert!(!stripes.add(1));
        assert_eq!(stripes.collect(2), MOST);
    }

    #[test]
    fn threads_lose_nothing() {
        let stripes = Stripes::for_this_machine();
        let each = if cfg!(miri) { 20 } else { 1000 };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..each).for_each(|_| assert!(stripes.add(0))));
            }
        });
        assert_eq!(stripes.sum(), 8 * each);
    }

    #[test]
    fn each_thread_keeps_a_number_of_its_own() {
        let twice = || (thread_number(), thread_number());
        let mine = twice();
        let theirs = std::thread::spawn(twice).join().expect("no panic");
        assert_eq!((mine.0, theirs.0), (mine.1, theirs.1));
        assert_ne!(mine.0, theirs.0);
    }
}
