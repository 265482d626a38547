//! Histories of keys → the keyed limiter and buckets that are never forgotten answer alike.

use crate::bucket::{least, Bucket};
use crate::histories;
use cores::limiter::{Denied, KeyedDenied, KeyedLimiter, Quota};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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
    histories::compare(
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
