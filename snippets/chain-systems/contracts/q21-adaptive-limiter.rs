use super::*;
use governor::clock::FakeRelativeClock;
use proptest::prelude::*;

const QUICK: Duration = Duration::from_millis(20);
const LATE: Duration = Duration::from_millis(400);

fn limiter() -> (FakeRelativeClock, AdaptiveLimiter<FakeRelativeClock>) {
    let clock = FakeRelativeClock::default();
    (clock.clone(), AdaptiveLimiter::new(clock, HashSet::from(["supervisor".to_owned()])))
}

/// A window in which the last `late` answers are slow.
fn window(limiter: &AdaptiveLimiter<FakeRelativeClock>, late: usize) -> Rate {
    let mut rate = Rate::Baseline;
    for n in 0..WINDOW {
        rate = limiter.observe(if n + late >= WINDOW { LATE } else { QUICK });
    }
    rate
}

/// Requests that pass when `tries` come at once.
fn passed(limiter: &AdaptiveLimiter<FakeRelativeClock>, tries: usize) -> usize {
    (0..tries).filter(|_| limiter.check("anyone").is_ok()).count()
}

/// Q21.1 burst rate while p95 < 100 ms, baseline otherwise
#[test]
fn rate_follows_latency() {
    let (clock, limiter) = limiter();
    let second = |limiter: &AdaptiveLimiter<_>| {
        passed(limiter, 1_000); // empties the bucket
        let mut sum = 0;
        for _ in 0..100 {
            clock.advance(Duration::from_millis(10));
            sum += passed(limiter, 1_000);
        }
        sum
    };
    assert_eq!(second(&limiter), 1_000, "starts at the baseline");
    assert_eq!(window(&limiter, 10), Rate::Burst, "5 % slow: the p95 is quick");
    assert_eq!(second(&limiter), 5_000);
    clock.advance(COOL_DOWN);
    assert_eq!(window(&limiter, 11), Rate::Baseline, "over 5 % slow");
    assert_eq!(second(&limiter), 1_000);
    let mut exact = LatencyWindow::default();
    let p95 = (1..=WINDOW as u64).filter_map(|ms| exact.add(Duration::from_millis(ms))).next();
    assert_eq!(p95, Some(Duration::from_millis(190)));
}

/// Q21.2 10 s cool-down: no second switch within it
#[test]
fn no_second_change_within_ten_seconds() {
    let (clock, limiter) = limiter();
    assert_eq!(window(&limiter, 0), Rate::Burst);
    for _ in 0..99 {
        clock.advance(Duration::from_millis(101));
        assert_eq!(window(&limiter, WINDOW), Rate::Burst, "at {:?}", clock.now());
    }
    clock.advance(Duration::from_millis(1));
    assert_eq!(clock.now(), Duration::from_secs(10).into());
    assert_eq!(window(&limiter, WINDOW), Rate::Baseline, "ten seconds are over");
    assert_eq!(window(&limiter, 0), Rate::Baseline, "and begin again");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: proptest::test_runner::RngSeed::Fixed(21), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q21.3 a rate change never grants more than both rates allow
    #[test]
    fn changes_grant_nothing(steps in proptest::collection::vec((0u64..30_000, any::<bool>(), 0usize..900), 1..40)) {
        let (clock, limiter) = limiter();
        // (milliseconds, rate, admitted) of each moment
        let mut log = Vec::new();
        let mut now = 0u64;
        for (wait, slow, tries) in steps {
            let wait = if wait < 20_000 { wait % 120 } else { wait - 10_000 };
            now += wait;
            clock.advance(Duration::from_millis(wait));
            let before = limiter.observe(QUICK);
            log.push((now, before, passed(&limiter, tries)));
            let after = window(&limiter, if slow { WINDOW } else { 0 });
            log.push((now, after, passed(&limiter, tries)));
        }
        for first in 0..log.len() {
            let (mut all, mut same_rate) = (0, true);
            for (at, rate, admitted) in &log[first..] {
                all += admitted;
                same_rate &= *rate == Rate::Baseline;
                let ms = usize::try_from(at - log[first].0).unwrap();
                prop_assert!(all <= 5 * ms + 500, "{all} in {ms} ms");
                prop_assert!(!same_rate || all <= ms + 100, "{all} in {ms} ms at the baseline");
            }
        }
    }
}

/// Q21.4 listed callers pass
#[test]
fn listed_callers_pass() {
    let (clock, limiter) = limiter();
    assert_eq!(passed(&limiter, 1), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(passed(&limiter, 500), 100, "after a rest");
    assert!((0..10_000).all(|_| limiter.check("supervisor").is_ok()));
    let refused = limiter.check("anyone").unwrap_err();
    assert_eq!(refused.retry_after, Duration::from_millis(1));
    clock.advance(refused.retry_after);
    assert_eq!(limiter.check("anyone"), Ok(()), "the supervisor took nothing of theirs");
}
