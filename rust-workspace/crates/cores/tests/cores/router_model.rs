//! Random tables and amounts → the routers and slow searches answer alike.

use crate::histories;
use cores::router::{hash_bytes, jump_hash, split, Part, Ranges, Rollout, Share, SplitError};
use proptest::prelude::*;

#[test]
fn ranges_find_what_a_walk_finds() {
    let table = (prop::collection::btree_set(0..500_u64, 1..20), 0..100_u64);
    let queries = prop::collection::vec((0..700_u64, 0..700_u64), 1..40);
    histories::compare(
        "ranges",
        &(table, queries),
        |((starts, beyond), queries), steps| {
            let starts: Vec<u64> = starts.into_iter().collect();
            let shards: Vec<u32> = (0..starts.len() as u32).map(|i| i * 7 % 5).collect();
            let last = starts[starts.len() - 1] + beyond;
            let ranges = Ranges::new(&starts, &shards, last).expect("ascending");
            let walk = |key: u64| {
                let place = (0..starts.len()).rev().find(|&i| starts[i] <= key);
                place.filter(|_| key <= last)
            };
            for (low, high) in queries {
                *steps += 1;
                prop_assert_eq!(ranges.shard(low), walk(low).map(|place| shards[place]));
                // Key by key, joined while the range stays the same.
                let mut expected: Vec<(usize, u64, u64)> = Vec::new();
                for key in low..=high {
                    match (walk(key), expected.last_mut()) {
                        (Some(place), Some(part)) if part.0 == place => part.2 = key,
                        (Some(place), _) => expected.push((place, key, key)),
                        (None, _) => {}
                    }
                }
                let touched: Vec<_> = ranges.touching(low..=high).collect();
                let expected: Vec<_> = expected
                    .into_iter()
                    .map(|(place, a, b)| (shards[place], a..=b))
                    .collect();
                prop_assert_eq!(touched, expected);
            }
            Ok(())
        },
    );
}

/// Parts by pouring: all levels rise together, one part at its cap at a time, in exact fractions.
fn pour(amount: u64, parts: &[Part]) -> Vec<u64> {
    let mut given = vec![0_u64; parts.len()];
    let mut open: Vec<usize> = (0..parts.len()).filter(|&i| parts[i].weight > 0).collect();
    loop {
        let taken: u64 = given.iter().sum();
        let left = u128::from(amount - taken);
        let weights: u128 = open.iter().map(|&i| u128::from(parts[i].weight)).sum();
        let over =
            |i: &usize| left * u128::from(parts[*i].weight) >= weights * u128::from(parts[*i].cap);
        let Some(place) = open.iter().position(over) else {
            break;
        };
        let part = open.remove(place);
        given[part] = parts[part].cap;
    }
    let left = amount - given.iter().sum::<u64>();
    let weights: u128 = open.iter().map(|&i| u128::from(parts[i].weight)).sum();
    let mut rest = left;
    for &i in &open {
        given[i] = (u128::from(left) * u128::from(parts[i].weight) / weights) as u64;
        rest -= given[i];
    }
    while rest > 0 {
        let remainder = |i: usize| u128::from(left) * u128::from(parts[i].weight) % weights;
        let mut best = open[0];
        for &i in &open {
            if remainder(i) > remainder(best) {
                best = i;
            }
        }
        open.retain(|&i| i != best);
        given[best] += 1;
        rest -= 1;
    }
    given
}

#[test]
fn splits_add_up_keep_the_caps_and_match_the_pouring() {
    let part = (0..12_u64, 0..60_u64).prop_map(|(weight, cap)| Part { weight, cap });
    let histories = prop::collection::vec((0..200_u64, prop::collection::vec(part, 0..9)), 1..20);
    histories::compare("split", &histories, |cases, steps| {
        for (amount, parts) in cases {
            *steps += 1;
            let room: u64 = parts.iter().filter(|p| p.weight > 0).map(|p| p.cap).sum();
            let answer = split(amount, &parts);
            if room < amount {
                prop_assert_eq!(answer, Err(SplitError::CapsTooLow { room, amount }));
                continue;
            }
            let given = answer.expect("room enough");
            prop_assert_eq!(given.iter().sum::<u64>(), amount);
            prop_assert!(given.iter().zip(&parts).all(|(&n, p)| n <= p.cap));
            prop_assert_eq!(given, pour(amount, &parts));
        }
        Ok(())
    });
}

#[test]
fn splits_hold_at_the_ends_of_u64() {
    let part = (any::<u64>(), any::<u64>()).prop_map(|(weight, cap)| Part { weight, cap });
    let histories = (any::<u64>(), prop::collection::vec(part, 1..9));
    histories::compare("wide split", &histories, |(amount, parts), steps| {
        *steps += 1;
        let room: u128 = parts
            .iter()
            .filter(|p| p.weight > 0)
            .map(|p| u128::from(p.cap))
            .sum();
        match split(amount, &parts) {
            Ok(given) => {
                prop_assert_eq!(
                    given.iter().map(|&n| u128::from(n)).sum::<u128>(),
                    amount.into()
                );
                prop_assert!(given.iter().zip(&parts).all(|(&n, p)| n <= p.cap));
            }
            Err(_) => prop_assert!(room < u128::from(amount)),
        }
        Ok(())
    });
}

/// The paper's loop in whole numbers: `(b + 1)·2^31 / k`, cut, without floating point. Doubles
/// round the quotient first, so the two may differ when the product is next to a whole number.
fn jump_in_integers(mut key: u64, buckets: u32) -> (u32, bool) {
    let (mut last, mut next, mut sharp) = (0_u64, 0_u64, true);
    while next < u64::from(buckets) {
        last = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        let divisor = (key >> 33) + 1;
        let product = (last + 1) << 31;
        next = product / divisor;
        sharp &= product % divisor > 1 && product % divisor + 1 < divisor;
    }
    (last as u32, sharp)
}

#[test]
fn jump_hash_is_the_integer_loop_away_from_rounding() {
    let histories = prop::collection::vec((any::<u64>(), 1..100_000_u32), 1..100);
    let mut sharp_ones = 0_u64;
    let counted = std::cell::RefCell::new(&mut sharp_ones);
    histories::compare("jump hash", &histories, |cases, steps| {
        for (key, buckets) in cases {
            *steps += 1;
            let (bucket, sharp) = jump_in_integers(key, buckets);
            let answer = jump_hash(key, buckets).expect("buckets above zero");
            prop_assert!(answer < buckets);
            if sharp {
                **counted.borrow_mut() += 1;
                prop_assert_eq!(answer, bucket);
            }
        }
        Ok(())
    });
    assert!(
        sharp_ones * 10 > histories::steps() * 9,
        "{sharp_ones} were told apart"
    );
}

#[test]
fn a_rollout_is_a_threshold_per_user() {
    let histories = (
        ".{0,12}",
        any::<u64>(),
        0..=1_000_000_u32,
        0..=1_000_000_u32,
    );
    histories::compare("rollout", &histories, |(name, user, a, b), steps| {
        *steps += 1;
        let rollout = Rollout::new(&name);
        let user_name = user.to_string();
        let side = |share| {
            let share = Share::millionths(share).expect("at most one");
            (
                rollout.includes_id(user, share),
                rollout.includes(&user_name, share),
            )
        };
        let (less, more) = (side(a.min(b)), side(a.max(b)));
        prop_assert!(less.0 <= more.0 && less.1 <= more.1);
        // The exact threshold, by the definition.
        let hash = hash_bytes(hash_bytes(0, name.as_bytes()), user_name.as_bytes());
        let fraction = u128::from(hash) * 1_000_000;
        prop_assert_eq!(side(a).1, fraction < u128::from(a) << 64);
        Ok(())
    });
}
