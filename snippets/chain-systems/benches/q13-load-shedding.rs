//! What Q13 states about time and shares: the cost of a check, and what a peak sheds.

use super::*;
use governor::clock::{DefaultClock, FakeRelativeClock};
use probe::Bench;

fn rates(premium: u32, free: u32) -> Rates {
    let rate = |n| {
        let above = |n| NonZeroU32::new(n).expect("above zero");
        Rate { per_second: above(n), ahead: above(n - 1) }
    };
    Rates {
        premium: rate(premium),
        free: rate(free),
        free_when_slow: rate(free / 2),
        slow_above: Duration::from_millis(500),
    }
}

/// A premium call within its rate.
fn check(bench: &mut Bench) {
    let shedder = LoadShedder::new(rates(1_000_000_000, 500), DefaultClock::default());
    bench.batches(|| shedder.check(Tier::Premium));
}

/// Checks that pass on all cores, all against one limiter.
fn checks(bench: &mut Bench) {
    let shedder = LoadShedder::new(rates(1_000_000_000, 500), DefaultClock::default());
    bench.rate(
        |_| (),
        |()| (0..64).filter(|_| shedder.check(Tier::Premium).is_ok()).count() as u64,
    );
}

/// Calls shed in a simulated peak: 500 premium and 700 free calls a second for five minutes
/// against 500 a second for each tier, after the bursts are used up.
fn peak(bench: &mut Bench) {
    let clock = FakeRelativeClock::default();
    let shedder = LoadShedder::new(rates(500, 500), clock.clone());
    let (mut shed, mut calls) = (0, 0);
    let mut random = bench.seed();
    for millisecond in 0..310_000_u64 {
        clock.advance(Duration::from_millis(1));
        for (tier, per_second) in [(Tier::Premium, 500), (Tier::Free, 700)] {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if (random >> 33) % 1_000 < per_second {
                let refused = shedder.check(tier).is_err();
                if millisecond >= 10_000 {
                    calls += 1;
                    shed += u64::from(refused);
                }
            }
        }
    }
    bench.share(shed, calls);
}
