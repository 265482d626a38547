//! Quotas and times → where the base lies, and what the word leaves to the lock.

use super::*;

#[test]
fn generations_go_round_without_zero() {
    let mut generation = 1;
    let seen: Vec<u64> = std::iter::repeat_with(|| {
        generation = next_generation(generation);
        generation
    })
    .take(8)
    .collect();
    assert_eq!(seen, [2, 3, 4, 5, 6, 7, 1, 2]);
}

#[test]
fn the_reach_is_what_leaves_room_for_a_bucket_and_more() {
    let reach = |count, period, burst| super::reach(&Quota::new(count, period, burst).unwrap());
    assert_eq!(reach(1, 1, 1), Some(1 << 58));
    assert_eq!(reach(0, 1, 1), None);
    // A reach of half a second is the least, a bucket of 2^58 units the largest.
    assert_eq!(reach(576_460_752, 1, 1), Some(500_000_000));
    assert_eq!(reach(576_460_753, 1, 1), None);
    assert_eq!(reach(1, 1, 1 << 58), Some(1 << 58));
    assert_eq!(reach(1, 1, (1 << 58) + 1), None);
    assert_eq!(reach(1, u64::MAX, u64::MAX), None);
}

#[test]
fn a_base_lies_before_now_and_before_an_empty_bucket() {
    let quota = Quota::new(1, 1, 5).unwrap();
    let half = 1 << 57;
    assert_eq!(base_for(&quota, 3, 0), Some(0));
    assert_eq!(base_for(&quota, half + 3, 0), Some(3));
    // Debts to the bucket's own span leave the base where now puts it.
    let tat = u128::from(half) + 9;
    assert_eq!(base_for(&quota, 7, tat), Some(4));
    assert_eq!(base_for(&quota, half + 6, tat), Some(6));
    let last = i64::MAX as u64;
    assert_eq!(base_for(&quota, last, 0), Some(last - half));
    assert_eq!(base_for(&quota, last + 1, 0), None);
    assert_eq!(base_for(&quota, 0, u128::from(last) + 5), Some(last - half));
    assert_eq!(base_for(&quota, 0, u128::from(last) + 6), None);
}

#[test]
fn sums_that_do_not_fit_are_left_to_the_lock() {
    let end = (1_u64 << 60) - 1;
    for (period, burst) in [(1 << 20, 1), (1 << 20, 9), (1, 1)] {
        let quota = Quota::new(1, period, burst).unwrap();
        let word = Word::new();
        let undecided = |now, cost| matches!(word.decide(now, cost), Answer::Undecided);
        assert!(undecided(5, 1), "taken");
        word.put(&quota, 0, 0, 1);
        let last = end - lead(&quota);
        // One nanosecond later the product does not fit; before that, the new TAT may not.
        assert!(undecided(last + 1, 1));
        assert_eq!(undecided(last, 1), burst == 1 && period > 1);
        assert!(!undecided(last - period, 1));
        assert!(undecided(last - period, burst + 1));
        assert!(undecided(1 << 63, 1) && undecided(u64::MAX, 1));
    }
}

#[test]
fn what_is_packed_is_unpacked() {
    for (count, period, burst) in [(1, 1, 1), (7, 10, 9), (3, 1_000, 1 << 40)] {
        let quota = Quota::new(count, period, burst).unwrap();
        for (units, generation) in [(0, 1), (1, 7), (1 << 40, 3)] {
            let word = pack(&quota, units, generation);
            assert_eq!(unpack(&quota, word), u128::from(units));
            assert_eq!(word & GENERATION as u64, generation);
        }
        // A full bucket at the base: its word is not above the time from the origin to there.
        let base = lead(&quota) * (quota.per_nano << GENERATION_BITS);
        assert_eq!(pack(&quota, 0, 1), base - slack(&quota) - 7);
    }
}

#[test]
fn a_taken_word_admits_nothing_at_any_time() {
    let quota = Quota::new(1, 10, 1).unwrap();
    let word = Word::new();
    word.put(&quota, 1_000, 0, 1);
    word.take(&quota);
    // Just before the origin a sum would wrap around to a good one.
    for now in [0, 900, 990, 997, 998, 999, 1_000, 1_001, 5_000] {
        assert!(matches!(word.decide(now, 1), Answer::Undecided), "{now}");
        assert_eq!(word.word.load(Ordering::Relaxed), TAKEN);
    }
}

#[test]
fn an_admitted_cell_moves_the_tat_and_keeps_the_generation() {
    let quota = Quota::new(1, 10, 3).unwrap();
    for generation in 1..=GENERATION as u64 {
        let word = Word::new();
        word.put(&quota, 0, 0, generation);
        // The first finds a full bucket, the second a debt.
        for tat in [15, 25] {
            assert!(matches!(word.decide(5, 1), Answer::Admitted));
            let seen = word.word.load(Ordering::Relaxed);
            assert_eq!(seen, pack(&quota, tat, generation));
        }
    }
}
