//! Histories of checks → the limiter and a slow bucket model answer alike.

use crate::bucket::Bucket;
use crate::histories;
use cores::limiter::{Limiter, Quota};
use proptest::prelude::*;

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
    histories::compare("limiter", &histories, |(quota, history), steps| {
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
