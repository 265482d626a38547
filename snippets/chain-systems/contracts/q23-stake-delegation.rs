use super::*;
use proptest::prelude::*;

fn key(n: u8) -> VoteKey {
    VoteKey([n; 32])
}

fn standing(stake: u64, performance_bp: u32, skip_bp: u32) -> Standing {
    Standing { stake, performance_bp, skip_bp }
}

/// A table filled in the given order.
fn table(entries: &[(u8, Standing)]) -> StakeTable {
    let table = StakeTable::default();
    for (n, figures) in entries {
        table.report(key(*n), *figures).unwrap();
    }
    table
}

fn part(parts: &[Delegation], n: u8) -> u64 {
    parts.iter().find(|p| p.validator == key(n)).map_or(0, |p| p.amount)
}

fn weights() -> impl Strategy<Value = Vec<(VoteKey, u64)>> {
    let weight = prop_oneof![1u64..100, 1u64..(1 << 46), Just(1u64), Just((1 << 46) - 1)];
    proptest::collection::vec(weight, 6..40)
        .prop_map(|all| all.into_iter().zip(0u8..).map(|(w, n)| (key(n), w)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, rng_seed: proptest::test_runner::RngSeed::Fixed(23), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q23.1 the parts add up to the amount exactly
    #[test]
    fn parts_add_up(amount in prop_oneof![30u64..1_000, any::<u64>().prop_map(|a| a.max(30))], weights in weights()) {
        let parts = split(amount, &weights).unwrap();
        let sum: u128 = parts.iter().map(|p| u128::from(p.amount)).sum();
        prop_assert_eq!(sum, u128::from(amount));
    }

    /// Q23.2 no validator gets over 20 %
    #[test]
    fn nobody_above_a_fifth(amount in 0u64.., weights in weights(), few in 0usize..8) {
        let some = &weights[..few.min(weights.len())];
        match split(amount, some) {
            Ok(parts) => for p in parts {
                prop_assert!(u128::from(p.amount) * 5 <= u128::from(amount), "{p:?} of {amount}");
            },
            Err(DelegationError::CapTooTight { fit, cap }) =>
                prop_assert!(u128::from(cap) * (fit as u128) < u128::from(amount)),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    /// Q23.5 same input, same answer, in any order of arrival
    #[test]
    fn order_of_arrival_is_nothing(
        entries in proptest::collection::vec((1u64..5, 9_990u32..=10_000, 0u32..=1_000), 8..60),
        amount in 1_000u64..100_000,
        turn in 0usize..60,
    ) {
        let mut list: Vec<_> = entries.into_iter().zip(0u8..)
            .map(|((stake, p, s), n)| (n, standing(stake * 1_000_000_000, p, s))).collect();
        let first = table(&list).delegate(amount);
        let turn = turn % list.len();
        list.rotate_left(turn);
        list.reverse();
        // Each map hashes with keys of its own.
        prop_assert_eq!(first, table(&list).delegate(amount));
    }
}

/// Q23.3 skip rate over 10 % gets nothing
#[test]
fn skipping_gets_nothing() {
    let mut entries: Vec<_> = (0..6).map(|n| (n, standing(1_000_000, 10_000, 0))).collect();
    entries.push((6, standing(1_000_000_000, 10_000, 1_001)));
    entries.push((7, standing(1_000_000, 10_000, 1_000)));
    let parts = table(&entries).delegate(7_000).unwrap();
    assert_eq!(part(&parts, 6), 0, "10.01 % skipped");
    assert_eq!(part(&parts, 7), 1_000, "10 % skipped is still in");
}

/// Q23.4 weight is the root of the stake times performance
#[test]
fn weight_is_root_times_performance() {
    // Roots 3000 and 1000; weights 3 : 1 : 1/2 : 1 × 18, together 22.5.
    let mut entries = vec![
        (100, standing(9_000_000, 10_000, 0)),
        (101, standing(1_000_000, 10_000, 0)),
        (102, standing(1_000_000, 5_000, 0)),
    ];
    entries.extend((0..18).map(|n| (n, standing(1_000_000, 10_000, 0))));
    let parts = table(&entries).delegate(225_000).unwrap();
    assert_eq!((part(&parts, 100), part(&parts, 101), part(&parts, 102)), (30_000, 10_000, 5_000));
    assert_eq!(standing(u64::MAX, 10_000, 0).weight(), u64::from(u32::MAX) * 10_000);
    assert_eq!(
        StakeTable::default().report(key(1), standing(1, 10_001, 0)),
        Err(DelegationError::NotAShare(10_001))
    );
}

/// Q23.2 where the cap cannot hold there is an error
#[test]
fn too_few_validators_is_an_error() {
    let four: Vec<_> = (0..4).map(|n| (n, standing(1, 10_000, 0))).collect();
    assert_eq!(
        table(&four).delegate(1_000),
        Err(DelegationError::CapTooTight { fit: 4, cap: 200 })
    );
    let five: Vec<_> = (0..5).map(|n| (n, standing(1 << n, 10_000, 0))).collect();
    assert!(table(&five).delegate(1_000).unwrap().iter().all(|p| p.amount == 200));
}
