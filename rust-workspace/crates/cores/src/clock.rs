//! Nothing → nanoseconds since a fixed, unknown start.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A source of time. Only differences of its values mean anything.
pub trait Clock {
    /// Nanoseconds since the clock's start.
    fn now(&self) -> u64;
}

/// The machine's monotonic clock, read from the time stamp counter where that is steady
/// (crate `quanta`), else from the system.
///
/// All values of this type in one process share their start and calibration.
#[derive(Clone, Debug)]
pub struct MonotonicClock(quanta::Clock);

impl MonotonicClock {
    /// The process's clock. The first call calibrates the counter, which can take some
    /// milliseconds.
    pub fn new() -> Self {
        static SHARED: OnceLock<quanta::Clock> = OnceLock::new();
        Self(SHARED.get_or_init(quanta::Clock::new).clone())
    }
}

impl Default for MonotonicClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for MonotonicClock {
    #[inline]
    fn now(&self) -> u64 {
        self.0.delta_as_nanos(0, self.0.raw())
    }
}

/// A clock that moves only when told, for tests. Clones share their time.
#[derive(Clone, Debug, Default)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// A clock that shows `now` nanoseconds.
    pub fn at(now: u64) -> Self {
        Self(Arc::new(AtomicU64::new(now)))
    }

    /// Shows `now` from here on; may go backwards.
    pub fn set(&self, now: u64) {
        self.0.store(now, Ordering::SeqCst);
    }

    /// Moves on by `nanos`; stays at the end of `u64` when that is passed.
    pub fn advance(&self, nanos: u64) {
        // The closure always gives a value, so the update cannot fail.
        let _ = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |t| {
                Some(t.saturating_add(nanos))
            });
    }
}

impl Clock for ManualClock {
    #[inline]
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "Miri has no time stamp counter")]
    fn monotonic_clock_moves_forward_at_the_speed_of_the_system_clock() {
        let clock = MonotonicClock::new();
        let (start, std_start) = (clock.now(), std::time::Instant::now());
        std::thread::sleep(std::time::Duration::from_millis(50));
        let (ours, system) = (clock.now() - start, std_start.elapsed().as_nanos() as u64);
        assert!(
            ours.abs_diff(system) < 5_000_000,
            "ours {ours} ns, system {system} ns"
        );
    }

    #[test]
    fn clones_of_a_manual_clock_share_time_and_stop_at_the_end() {
        let clock = ManualClock::at(5);
        let twin = clock.clone();
        twin.advance(7);
        assert_eq!(clock.now(), 12);
        twin.advance(u64::MAX);
        assert_eq!(clock.now(), u64::MAX);
        twin.set(3);
        assert_eq!(clock.now(), 3);
    }
}
