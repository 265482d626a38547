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
pub struct MonotonicClock {
    counter: quanta::Clock,
    /// 2^64ths of a nanosecond in a tick; 0 if a tick is a nanosecond or more.
    tick: u64,
}

/// So many ticks are asked for at once to learn a tick's length.
const MANY_TICKS: u64 = 1 << 62;

impl MonotonicClock {
    /// The process's clock. The first call calibrates the counter, which can take some
    /// milliseconds.
    pub fn new() -> Self {
        static SHARED: OnceLock<MonotonicClock> = OnceLock::new();
        let made = || {
            let counter = quanta::Clock::new();
            let tick = tick(counter.delta_as_nanos(0, MANY_TICKS));
            Self { counter, tick }
        };
        SHARED.get_or_init(made).clone()
    }

    /// Nanoseconds in so many ticks: one product where `quanta` needs a product and a long shift.
    #[inline]
    fn nanos(&self, ticks: u64) -> u64 {
        match self.tick {
            0 => self.counter.delta_as_nanos(0, ticks),
            tick => ((u128::from(ticks) * u128::from(tick)) >> 64) as u64,
        }
    }
}

/// 2^64ths of a nanosecond in a tick, if [`MANY_TICKS`] last `nanos`; 0 if that is a whole one.
fn tick(nanos: u64) -> u64 {
    match nanos {
        0..MANY_TICKS => nanos * 4,
        _ => 0,
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
        self.nanos(self.counter.raw())
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
    #[cfg_attr(miri, ignore = "Miri has no time stamp counter")]
    fn ticks_are_the_nanoseconds_of_the_calibration() {
        let clock = MonotonicClock::new();
        for ticks in (0..62).map(|bit| (1_u64 << bit) + 7 * bit) {
            let theirs = clock.counter.delta_as_nanos(0, ticks);
            let ours = clock.nanos(ticks);
            assert!(ours.abs_diff(theirs) <= 1, "{ours} and {theirs} ns");
        }
    }

    #[test]
    fn a_tick_is_a_fraction_of_a_nanosecond_or_left_to_the_counter() {
        assert_eq!(tick(MANY_TICKS / 4), 1 << 62);
        assert_eq!(tick(MANY_TICKS - 1), u64::MAX - 3);
        assert_eq!((tick(MANY_TICKS), tick(u64::MAX)), (0, 0));
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
