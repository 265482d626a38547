//! What Q21 states about time and shares: the cost of a check, and what ten times the load
//! throttles.

use super::*;
use governor::clock::{DefaultClock, FakeRelativeClock};
use probe::Bench;

/// A check of a caller that is not listed.
fn check(bench: &mut Bench) {
    let listed = (0..100).map(|n| format!("partner-{n}")).collect();
    let limiter = AdaptiveLimiter::new(DefaultClock::default(), listed);
    bench.batches(|| limiter.check("somebody"));
}

/// Calls throttled at ten times the mean load, 2,315 a second for two minutes, answers fast.
fn tenfold(bench: &mut Bench) {
    let clock = FakeRelativeClock::default();
    let limiter = AdaptiveLimiter::new(clock.clone(), HashSet::new());
    let (mut throttled, mut calls) = (0, 0);
    let mut random = bench.seed();
    for step in 0..1_200_000_u64 {
        clock.advance(Duration::from_micros(100));
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        if (random >> 33) % 10_000 < 2_315 {
            limiter.observe(Duration::from_millis(20));
            calls += 1;
            throttled += u64::from(limiter.check("somebody").is_err());
        }
        let _ = step;
    }
    bench.share(throttled, calls);
}
