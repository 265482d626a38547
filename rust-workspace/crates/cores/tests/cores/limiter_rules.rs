//! Quotas at their ends, clocks that go back, keys at their bound, tiers → what the README says.

use crate::histories;
use cores::limiter::{Denied, KeyedDenied, KeyedLimiter, Limiter, Quota, Tiers};

#[test]
fn a_billion_cells_later_the_rate_has_not_drifted() {
    // 700,000,007 per second: no nanosecond divides it. Jump cell by cell in large bites.
    let quota = Quota::per_second(700_000_007, 700_000_007).unwrap();
    let limiter = Limiter::with_clock(quota, ());
    let (mut admitted, second) = (0_u64, 1_000_000_000_u64);
    limiter.check_n_at(0, 700_000_007).unwrap();
    for step in 1..=1_000_u64 {
        let now = step * second / 7;
        let cells = limiter.available_at(now);
        limiter.check_n_at(now, cells).unwrap();
        admitted += cells;
        assert_eq!(
            admitted,
            (u128::from(now) * 700_000_007 / 1_000_000_000) as u64
        );
    }
    assert!(admitted > 100_000_000_000);
}

#[test]
fn single_cells_do_not_drift_either() {
    // The long run does all of the billion.
    let steps: u64 = match histories::steps() {
        10_000_000.. => 1_000_000_000,
        few => few,
    };
    // 3 cells per 10 ns, asked for at each due time: cell k passes at ⌈10k/3⌉ and not before.
    let limiter = Limiter::with_clock(Quota::new(3, 10, 3).unwrap(), ());
    limiter.check_n_at(0, 3).unwrap();
    for cell in 1..=steps {
        let due = (10 * cell).div_ceil(3);
        if cell % 1024 == 1 {
            assert!(limiter.check_at(due - 1).is_err(), "cell {cell} early");
        }
        assert!(limiter.check_at(due).is_ok(), "cell {cell} late");
    }
}

#[test]
fn the_ends_of_time_are_refusals_not_wraps() {
    let end = u64::MAX;
    for quota in [
        Quota::new(1, 10, 2).unwrap(),
        Quota::new(u64::MAX, 1, 2).unwrap(),
        Quota::new(1, u64::MAX, 2).unwrap(),
        Quota::new(0, 1, 2).unwrap(),
    ] {
        let limiter = Limiter::with_clock(quota, ());
        assert!(limiter.check_n_at(end, 2).is_ok());
        if quota.count() < 2 {
            assert_eq!(
                limiter.check_at(end).unwrap_err().wait().map(|w| w > 0),
                Some(true)
            );
        }
        assert!(matches!(
            limiter.check_n_at(end, 3),
            Err(Denied::TooLarge { cost: 3, burst: 2 })
        ));
        assert!(limiter.check_n_at(0, 0).is_ok());
    }
    // A huge rate admits its burst at each nanosecond.
    let fast = Limiter::with_clock(Quota::new(u64::MAX, 1, 3).unwrap(), ());
    for now in [0, 1, 2, end - 1, end] {
        assert!(fast.check_n_at(now, 3).is_ok(), "at {now}");
    }
}

#[test]
fn a_clock_that_goes_back_grants_nothing_new() {
    for quota in [
        Quota::new(1, 10, 3).unwrap(),
        Quota::new(999_983, 86_400_000_000_000, 999_983).unwrap(),
    ] {
        let limiter = Limiter::with_clock(quota, ());
        limiter.check_n_at(1 << 60, quota.burst()).unwrap();
        for now in [0, 1, 1 << 40, (1 << 60) - 1, 1 << 60] {
            assert!(limiter.check_at(now).is_err(), "at {now}");
        }
        let wait = limiter.check_at(5).unwrap_err().wait().unwrap();
        assert!(limiter.check_at(5 + wait - 1).is_err());
        assert!(limiter.check_at(5 + wait).is_ok());
    }
}

#[test]
fn the_end_of_time_is_not_followed_by_its_beginning() {
    for burst in [1, 1_000_003] {
        let quota = Quota::per_second(1, burst).unwrap();
        let limiter = Limiter::with_clock(quota, ());
        limiter.check_n_at(u64::MAX, burst).unwrap();
        // Whatever is added to the end wraps around to one of these.
        for now in (0..64).map(|bit| (1_u64 << bit) - 1) {
            assert!(limiter.check_at(now).is_err(), "at {now}, burst {burst}");
        }
        // A length, although no time is so much later.
        let refusal = limiter.check_at(u64::MAX).unwrap_err();
        assert_eq!(refusal.wait(), Some(1_000_000_000));
    }
}

#[test]
fn keyed_bound_is_stated_and_a_throttled_key_is_never_forgotten() {
    let quota = Quota::new(1, 100, 1).unwrap();
    let keys: KeyedLimiter<String, ()> =
        KeyedLimiter::with_clock(quota, 2, (), Default::default()).unwrap();
    assert!(keys.check_at("a", 0).is_ok());
    assert!(keys.check_at("b", 50).is_ok());
    assert_eq!(keys.check_at("c", 60), Err(KeyedDenied::Full { wait: 40 }));
    assert_eq!(keys.check_at("c", 60).unwrap_err().wait(), Some(40));
    assert!(keys.check_at("a", 60).is_err() && keys.check_at("b", 60).is_err());
    assert!(
        keys.check_at("c", 100).is_ok(),
        "a is forgotten, c has its place"
    );
    assert_eq!(keys.len(), 2);
    // The clock goes back to before a was forgotten: a is new, and starts where it was forgotten.
    assert!(keys.check_at("a", 150).is_ok(), "b forgotten");
    assert!(keys.check_at("b", 120).is_err());
    keys.list("b".to_owned());
    assert!((0..9).all(|_| keys.check_at("b", 120).is_ok()));
    assert!(keys.unlist("b") && !keys.unlist("b") && !keys.unlist("z"));
    assert!(!keys.is_empty() && keys.forget_idle_at(10_000) == 3 && keys.is_empty());
    assert!(KeyedLimiter::<u8>::new(quota, 0).is_err());
}

#[test]
fn a_forgotten_key_leaves_no_debt_under_a_larger_burst() {
    let quota = |burst| Quota::new(1, 100, burst).unwrap();
    // At the moment when it is full again, and long after.
    for now in [100, 150, 5_000] {
        let keys: KeyedLimiter<u8, ()> =
            KeyedLimiter::with_clock(quota(1), 9, (), Default::default()).unwrap();
        assert!(keys.check_at(&1, 0).is_ok());
        assert_eq!(keys.forget_idle_at(now), 1);
        keys.set_quota_at(now, quota(3));
        assert!(
            keys.check_n_at(&2, now, 3).is_ok(),
            "a new key has the new burst at {now}"
        );
    }
}

#[test]
fn a_change_at_a_time_before_a_key_was_forgotten_forgives_nothing() {
    let quota = |period| Quota::new(1, period, 1).unwrap();
    let keys: KeyedLimiter<u8, ()> =
        KeyedLimiter::with_clock(quota(100), 9, (), Default::default()).unwrap();
    assert!(keys.check_at(&1, 0).is_ok());
    assert_eq!(keys.forget_idle_at(100), 1);
    // The clock goes back to where the key would still be refused.
    keys.set_quota_at(50, quota(10));
    assert!(keys.check_at(&1, 50).is_err());
}

#[test]
fn only_full_buckets_are_forgotten_and_counted() {
    let keys: KeyedLimiter<u8, ()> =
        KeyedLimiter::with_clock(Quota::new(1, 100, 1).unwrap(), 9, (), Default::default())
            .unwrap();
    assert!(keys.check_at(&1, 0).is_ok() && keys.check_at(&2, 50).is_ok());
    assert_eq!((keys.forget_idle_at(120), keys.len()), (1, 1));
    assert!(keys.check_at(&2, 120).is_err());
}

#[test]
fn a_large_bound_is_spread_over_shards_and_holds_in_total() {
    let quota = Quota::new(1, u64::MAX, 1).unwrap();
    for bound in [1_000, 1_001, 1_535] {
        let keys: KeyedLimiter<u32, ()> =
            KeyedLimiter::with_clock(quota, bound, (), Default::default()).unwrap();
        let admitted = (0..9_000_u32)
            .filter(|key| keys.check_at(key, 0).is_ok())
            .count();
        assert_eq!((admitted, keys.len()), (bound, bound));
        assert!((0..9_000_u32).all(|key| keys.check_at(&key, 0).is_err()));
    }
}

#[test]
fn tiers_share_nothing_and_know_their_names() {
    let quotas = [
        ("premium", Quota::per_second(2, 2).unwrap()),
        ("free", Quota::per_second(1, 1).unwrap()),
    ];
    let tiers = Tiers::with_clock(quotas, ()).unwrap();
    assert_eq!(tiers.names().collect::<Vec<_>>(), ["premium", "free"]);
    assert!(tiers.check_n_at("free", 0, 1).is_ok() && tiers.check_n_at("free", 0, 1).is_err());
    assert!(tiers.check_n_at("premium", 0, 2).is_ok());
    let unknown = tiers.check_n_at("gold", 0, 1).unwrap_err();
    assert!(unknown.to_string().contains("gold"));
    assert!(Tiers::with_clock([quotas[0], quotas[0]], ())
        .unwrap_err()
        .to_string()
        .contains("twice"));
    // A lower rate at run time: what was used stays used.
    tiers
        .get("premium")
        .unwrap()
        .set_quota_at(0, Quota::per_second(1, 1).unwrap());
    assert!(tiers.check_n_at("premium", 999_999_999, 1).is_err());
    assert!(tiers.check_n_at("premium", 1_000_000_000, 1).is_ok());
}
