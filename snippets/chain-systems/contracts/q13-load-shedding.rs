use super::*;
use governor::clock::FakeRelativeClock;
use std::sync::Barrier;
use std::sync::atomic::AtomicU64;
use std::thread;

const MS: Duration = Duration::from_millis(1);

fn rate(per_second: u32, burst: u32) -> Rate {
    Rate {
        per_second: NonZeroU32::new(per_second).unwrap(),
        ahead: NonZeroU32::new(burst - 1).unwrap(),
    }
}

fn shedder() -> (LoadShedder<FakeRelativeClock>, FakeRelativeClock) {
    let clock = FakeRelativeClock::default();
    let rates = Rates {
        premium: rate(500, 50),
        free: rate(500, 50),
        free_when_slow: rate(350, 10),
        slow_above: Duration::from_millis(500),
    };
    let shedder = LoadShedder::new(rates, clock.clone());
    // First requests and a pause: after it a burst is whole.
    assert_eq!((shedder.check(Tier::Premium), shedder.check(Tier::Free)), (Ok(()), Ok(())));
    clock.advance(1_000 * MS);
    (shedder, clock)
}

/// As many as are admitted at this moment, at most 2,000.
fn flood(shedder: &LoadShedder<FakeRelativeClock>, tier: Tier) -> u64 {
    (0..2_000).take_while(|_| shedder.check(tier).is_ok()).map(|_| 1).sum()
}

/// Admitted when flooded at every millisecond of `seconds`.
fn admitted_in(
    shedder: &LoadShedder<FakeRelativeClock>,
    clock: &FakeRelativeClock,
    seconds: u64,
) -> u64 {
    let each = (0..seconds * 1_000).map(|_| {
        clock.advance(MS);
        flood(shedder, Tier::Free)
    });
    each.sum()
}

/// The long-run rate: bursts are spent in the first 3 s, which do not count.
fn per_second(shedder: &LoadShedder<FakeRelativeClock>, clock: &FakeRelativeClock) -> u64 {
    admitted_in(shedder, clock, 3);
    admitted_in(shedder, clock, 10) / 10
}

/// Q13.1 premium within its rate is never shed, whatever free does
#[test]
fn premium_within_its_rate_is_never_shed() {
    let (shedder, clock) = shedder();
    shedder.observe_block_time(Duration::from_secs(2));
    for n in 0..5_000 {
        flood(&shedder, Tier::Free);
        assert_eq!(shedder.check(Tier::Premium), Ok(()), "request {n}");
        clock.advance(2 * MS);
    }
    for n in 0..50 {
        assert_eq!(shedder.check(Tier::Premium), Ok(()), "request {n} of a burst");
    }
}

/// Q13.2 the free rate falls above 500 ms and recovers
#[test]
fn the_free_rate_falls_and_recovers() {
    let (shedder, clock) = shedder();
    assert_eq!(per_second(&shedder, &clock), 500);
    shedder.observe_block_time(Duration::from_millis(500));
    assert_eq!(per_second(&shedder, &clock), 500, "500 ms is not above 500 ms");
    shedder.observe_block_time(Duration::from_millis(501));
    assert_eq!(per_second(&shedder, &clock), 350);
    shedder.observe_block_time(Duration::from_millis(400));
    assert_eq!(per_second(&shedder, &clock), 500);
}

/// Q13.2 a shed request is told when it will conform
#[test]
fn a_shed_request_knows_when_to_return() {
    let (shedder, clock) = shedder();
    shedder.observe_block_time(Duration::from_millis(501));
    flood(&shedder, Tier::Free);
    let Shed { retry_after } = shedder.check(Tier::Free).unwrap_err();
    assert_eq!(retry_after, Duration::from_nanos(2_857_142));
    clock.advance(retry_after);
    assert_eq!(shedder.check(Tier::Free), Ok(()));
}

/// Q13.3 an unknown tier is an error
#[test]
fn an_unknown_tier_is_an_error() {
    assert_eq!("premium".parse(), Ok(Tier::Premium));
    assert_eq!("free".parse(), Ok(Tier::Free));
    for word in ["", "Premium", "gold", "free "] {
        assert_eq!(word.parse::<Tier>(), Err(UnknownTier(word.into())));
    }
}

/// Q13.4 admitted never exceeds rate × time + burst, by any number of threads
#[test]
fn threads_together_stay_within_the_rate() {
    for (threads, tier) in [(1, Tier::Free), (2, Tier::Free), (8, Tier::Free), (8, Tier::Premium)] {
        let (shedder, clock) = shedder();
        let admitted = AtomicU64::new(0);
        let (begin, end) = (Barrier::new(threads + 1), Barrier::new(threads + 1));
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    for _ in 0..=200 {
                        begin.wait();
                        admitted.fetch_add(flood(&shedder, tier), Ordering::Relaxed);
                        end.wait();
                    }
                });
            }
            for round in 0..=200 {
                if round > 0 {
                    clock.advance(10 * MS);
                }
                begin.wait();
                end.wait();
            }
        });
        // 2 s of the fake clock; all asked for more, so the bound is also reached.
        assert_eq!(admitted.into_inner(), 500 * 2 + 50, "{threads} threads");
    }
}

/// Q13.4 a block time that flaps does not hand out more
#[test]
fn flapping_stays_within_the_rate() {
    let (shedder, clock) = shedder();
    let mut admitted = 0;
    for ms in 0..10_000 {
        shedder.observe_block_time(Duration::from_millis(if ms % 2 == 0 { 501 } else { 400 }));
        admitted += flood(&shedder, Tier::Free);
        clock.advance(MS);
    }
    assert!(admitted <= 500 * 10 + 50, "{admitted}");
}
