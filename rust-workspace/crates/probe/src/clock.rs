//! Instants in, picoseconds out, with the cost of reading the clock known.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Picoseconds of a duration; 213 days fit.
pub(crate) fn picoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos().saturating_mul(1000)).unwrap_or(u64::MAX)
}

/// What one pair of clock readings costs, in picoseconds: the lower quartile of many pairs.
///
/// The lower quartile, not the mean: an interrupt between two readings is no cost of the clock,
/// and taking off too little is the safe side for every claim of the form "at most".
pub(crate) fn cost() -> u64 {
    let mut pairs: Vec<u64> = (0..4001)
        .map(|_| {
            let start = Instant::now();
            picoseconds(black_box(start).elapsed())
        })
        .collect();
    pairs.sort_unstable();
    pairs[pairs.len() / 4]
}

/// Waits until an instant: asleep while it is far, then spinning, since a sleep overshoots.
pub(crate) fn wait_until(planned: Instant) {
    const NEAR: Duration = Duration::from_micros(200);
    loop {
        let now = Instant::now();
        match planned.checked_duration_since(now) {
            None | Some(Duration::ZERO) => return,
            Some(left) if left > NEAR * 2 => std::thread::sleep(left - NEAR),
            Some(_) => std::hint::spin_loop(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_of_readings_costs_less_than_ten_microseconds() {
        assert!(cost() < 10_000_000);
    }

    #[test]
    fn waiting_never_ends_early() {
        for microseconds in [0, 50, 900] {
            let planned = Instant::now() + Duration::from_micros(microseconds);
            wait_until(planned);
            assert!(Instant::now() >= planned);
        }
    }
}
