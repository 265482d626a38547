//! Histories of checks → the limiter and a slow bucket model answer alike.

mod common;

use cores::limiter::{Denied, KeyedDenied, KeyedLimiter, Limiter, Quota, Tiers};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A token bucket that counts refill in exact fractions of a cell. It knows no TAT below zero and
/// searches for its wait instead of dividing.
#[derive(Clone)]
struct Bucket {
    /// One nanosecond refills `num / den` cells.
    num: u128,
    den: u128,
    burst: u128,
    /// Time times `num` at which the bucket is full.
    full_at: u128,
}

impl Bucket {
    fn new(quota: Quota) -> Self {
        let (mut a, mut b) = (u128::from(quota.count()), u128::from(quota.period()));
        while a != 0 {
            (a, b) = (b % a, a);
        }
        Self {
            num: u128::from(quota.count()) / b,
            den: u128::from(quota.period()) / b,
            burst: quota.burst().into(),
            full_at: 0,
        }
    }

    /// Cells times `den` at `now`; negative before a clock that went back.
    fn level(&self, now: u64) -> i128 {
        let missing = self.full_at.saturating_sub(u128::from(now) * self.num);
        (self.burst * self.den) as i128 - missing as i128
    }

    fn passes(&self, now: u64, cost: u64) -> bool {
        self.level(now) >= (u128::from(cost) * self.den) as i128
    }

    fn take(&mut self, now: u64, cost: u64) {
        self.full_at = self.full_at.max(u128::from(now) * self.num) + u128::from(cost) * self.den;
    }

    fn check(&mut self, now: u64, cost: u64) -> Result<(), Option<u64>> {
        if cost == 0 {
            return Ok(());
        }
        if u128::from(cost) > self.burst {
            return Err(None);
        }
        if self.passes(now, cost) {
            self.take(now, cost);
            return Ok(());
        }
        Err(Some(least(|wait| match now.checked_add(wait) {
            Some(later) => self.passes(later, cost),
            None => false,
        })))
    }

    fn change(&mut self, now: u64, quota: Quota) {
        let mut next = Self::new(quota);
        // After a step back: from the moment at which the bucket was empty.
        let now = now.saturating_add(least(|wait| match now.checked_add(wait) {
            Some(later) => self.level(later) >= 0,
            None => false,
        }));
        let level = self.level(now).max(0) as u128;
        let cells = (level / self.den, level % self.den);
        let kept = cells.0 * next.den + cells.1 * next.den / self.den;
        let level = kept.min(next.burst * next.den);
        next.full_at = u128::from(now) * next.num + next.burst * next.den - level;
        *self = next;
    }
}

/// The least number for which `test` holds, `u64::MAX` if none; `test` never goes back to false.
fn least(test: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0_u64, u64::MAX);
    while low < high {
        let middle = low + (high - low) / 2;
        if test(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[derive(Clone, Debug)]
enum Step {
    Check { ahead: u64, back: u64, cost: u64 },
    Available { ahead: u64 },
    Change { ahead: u64, quota: Quota },
}

fn quota() -> impl Strategy<Value = Quota> {
    let count = prop_oneof![
        Just(0_u64),
        1..20_u64,
        Just(1_500_000),
        Just(999_983),
        Just(700_000_000),
        Just(999_999_937),
        Just(4_000_000_007),
    ];
    let period = prop_oneof![
        Just(1_000_000_000_u64),
        1..100_u64,
        Just(86_400_000_000_000),
        Just(999_999_999_989),
    ];
    let burst = prop_oneof![1..6_u64, Just(1000), Just(1_000_003)];
    (count, period, burst).prop_map(|(count, period, burst)| {
        Quota::new(count, period, burst).expect("no zero period, no zero burst")
    })
}

fn ahead() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => 0..50_u64,
        3 => 0..5_000_u64,
        2 => 0..3_000_000_000_u64,
        1 => Just(700_000_000_000_u64),
        1 => Just(100_000_000_000_000_u64),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    // Steps back stay below a quarter of the least reach of a base, where the answer is exact.
    let back = prop_oneof![8 => Just(0_u64), 1 => 1..100_u64, 1 => 1..200_000_000_u64];
    let cost = prop_oneof![6 => Just(1_u64), 2 => 0..8_u64, 1 => 900..1_100_u64];
    prop_oneof![
        12 => (ahead(), back, cost)
            .prop_map(|(ahead, back, cost)| Step::Check { ahead, back, cost }),
        1 => ahead().prop_map(|ahead| Step::Available { ahead }),
        1 => (ahead(), quota()).prop_map(|(ahead, quota)| Step::Change { ahead, quota }),
    ]
}

#[test]
fn the_limiter_answers_like_the_bucket() {
    let histories = (quota(), prop::collection::vec(step(), 1..200));
    common::compare("limiter", &histories, |(quota, history), steps| {
        let (limiter, mut bucket) = (Limiter::with_clock(quota, ()), Bucket::new(quota));
        let mut latest = 0_u64;
        for step in history {
            *steps += 1;
            match step {
                Step::Check { ahead, back, cost } => {
                    latest += ahead;
                    let now = latest.saturating_sub(back);
                    let answer = match cost {
                        1 => limiter.check_at(now),
                        cost => limiter.check_n_at(now, cost),
                    };
                    prop_assert_eq!(answer.map_err(|e| e.wait()), bucket.check(now, cost));
                }
                Step::Available { ahead } => {
                    latest += ahead;
                    let cells = bucket.level(latest).max(0) as u128 / bucket.den;
                    prop_assert_eq!(u128::from(limiter.available_at(latest)), cells);
                }
                Step::Change { ahead, quota } => {
                    latest += ahead;
                    limiter.set_quota_at(latest, quota);
                    bucket.change(latest, quota);
                    prop_assert_eq!(limiter.quota(), quota);
                }
            }
        }
        Ok(())
    });
}

#[derive(Clone, Debug)]
enum KeyStep {
    Check { ahead: u64, key: u8, cost: u64 },
    List { key: u8 },
    Unlist { key: u8 },
    ForgetIdle { ahead: u64 },
    Rate { ahead: u64, count: u64 },
}

fn key_step() -> impl Strategy<Value = KeyStep> {
    let ahead = || prop_oneof![3 => Just(0_u64), 3 => 0..40_u64, 1 => 0..1000_u64];
    let cost = prop_oneof![6 => Just(1_u64), 1 => 0..5_u64];
    prop_oneof![
        20 => (ahead(), 0..12_u8, cost)
            .prop_map(|(ahead, key, cost)| KeyStep::Check { ahead, key, cost }),
        1 => (0..12_u8).prop_map(|key| KeyStep::List { key }),
        1 => (0..12_u8).prop_map(|key| KeyStep::Unlist { key }),
        1 => ahead().prop_map(|ahead| KeyStep::ForgetIdle { ahead }),
        1 => (ahead(), 0..30_u64).prop_map(|(ahead, count)| KeyStep::Rate { ahead, count }),
    ]
}

/// Buckets that are never forgotten, and the rule for the bound: a key that owes something counts.
struct Keys {
    quota: Quota,
    bound: usize,
    buckets: BTreeMap<u8, Bucket>,
    listed: BTreeSet<u8>,
    now: u64,
}

impl Keys {
    fn owing(&self) -> impl Iterator<Item = u64> + '_ {
        let now = self.now;
        self.buckets.values().filter_map(move |bucket| {
            let full = (bucket.burst * bucket.den) as i128;
            (bucket.level(now) < full).then(|| {
                least(|wait| match now.checked_add(wait) {
                    Some(later) => bucket.level(later) >= full,
                    None => false,
                })
            })
        })
    }

    fn check(&mut self, key: u8, cost: u64) -> Result<(), KeyedAnswer> {
        if self.listed.contains(&key) || cost == 0 {
            return Ok(());
        }
        if cost > self.quota.burst() {
            return Err(KeyedAnswer::TooLarge);
        }
        let owes = |bucket: &Bucket| bucket.level(self.now) < (bucket.burst * bucket.den) as i128;
        let known = self.buckets.get(&key).is_some_and(owes);
        if !known && self.owing().count() >= self.bound {
            return Err(KeyedAnswer::Full(
                self.owing().min().expect("bound above zero"),
            ));
        }
        let fresh = Bucket::new(self.quota);
        let bucket = self.buckets.entry(key).or_insert(fresh);
        bucket
            .check(self.now, cost)
            .map_err(|wait| KeyedAnswer::NotYet(wait.expect("the cost is at most the burst")))
    }
}

#[derive(Debug, PartialEq)]
enum KeyedAnswer {
    NotYet(u64),
    TooLarge,
    Full(u64),
}

#[test]
fn the_keyed_limiter_answers_like_buckets_that_are_never_forgotten() {
    let start = (0..9_u64, 1..5_u64, 1..14_usize);
    let histories = (start, prop::collection::vec(key_step(), 1..200));
    common::compare(
        "keyed limiter",
        &histories,
        |((count, burst, bound), history), steps| {
            // One burst throughout: a bucket that is full under one rate is full under the next, so
            // the model need not know which full buckets were forgotten.
            let quota = |count| Quota::new(count, 100, burst).expect("valid");
            let limiter: KeyedLimiter<u8, ()> =
                KeyedLimiter::with_clock(quota(count), bound, (), Default::default())
                    .expect("bound above zero");
            let mut keys = Keys {
                quota: quota(count),
                bound,
                buckets: BTreeMap::new(),
                listed: BTreeSet::new(),
                now: 0,
            };
            let mut unlisted_over = 0;
            for step in history {
                *steps += 1;
                match step {
                    KeyStep::Check { ahead, key, cost } => {
                        keys.now += ahead;
                        let answer =
                            limiter
                                .check_n_at(&key, keys.now, cost)
                                .map_err(|e| match e {
                                    KeyedDenied::Key(Denied::NotYet(n)) => {
                                        KeyedAnswer::NotYet(n.wait())
                                    }
                                    KeyedDenied::Key(Denied::TooLarge { .. }) => {
                                        KeyedAnswer::TooLarge
                                    }
                                    KeyedDenied::Full { wait } => KeyedAnswer::Full(wait),
                                });
                        // A known key without debt is as new to the model, and known to the limiter:
                        // it may be admitted where a new key has no room.
                        let room = limiter.len() < bound || answer.is_err();
                        let model = keys.check(key, cost);
                        if let (Ok(()), Err(KeyedAnswer::Full(_)), false) = (&answer, &model, room)
                        {
                            keys.buckets
                                .entry(key)
                                .or_insert(Bucket::new(keys.quota))
                                .check(keys.now, cost)
                                .expect("a full bucket admits");
                            continue;
                        }
                        prop_assert_eq!(answer, model);
                    }
                    KeyStep::List { key } => {
                        limiter.list(key);
                        keys.listed.insert(key);
                    }
                    KeyStep::Unlist { key } => {
                        unlisted_over += 1;
                        prop_assert_eq!(limiter.unlist(&key), keys.listed.remove(&key));
                    }
                    KeyStep::ForgetIdle { ahead } => {
                        keys.now += ahead;
                        limiter.forget_idle_at(keys.now);
                        let owing = keys.owing().count();
                        prop_assert_eq!(limiter.len(), owing);
                    }
                    KeyStep::Rate { ahead, count } => {
                        keys.now += ahead;
                        limiter.set_quota_at(keys.now, quota(count));
                        keys.quota = quota(count);
                        for bucket in keys.buckets.values_mut() {
                            bucket.change(keys.now, quota(count));
                        }
                    }
                }
                prop_assert!(limiter.len() <= bound + unlisted_over);
            }
            Ok(())
        },
    );
}

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
    let steps: u64 = match common::steps() {
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
        assert!(limiter.check_at(u64::MAX).is_err());
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
fn a_large_bound_is_spread_over_shards_and_holds_in_total() {
    let quota = Quota::new(1, u64::MAX, 1).unwrap();
    let keys: KeyedLimiter<u32, ()> =
        KeyedLimiter::with_clock(quota, 1_000, (), Default::default()).unwrap();
    let admitted = (0..5_000_u32)
        .filter(|key| keys.check_at(key, 0).is_ok())
        .count();
    assert_eq!((admitted, keys.len()), (1_000, 1_000));
    assert!((0..5_000_u32).all(|key| keys.check_at(&key, 0).is_err()));
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
