//! Key, number of buckets → bucket, by consistent jump hash.

use std::fmt;

/// The number of buckets is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoBuckets;

impl fmt::Display for NoBuckets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("buckets must be at least 1, got 0")
    }
}

impl std::error::Error for NoBuckets {}

/// The bucket of `key` among `0 .. buckets`: J. Lamping and E. Veach, "A fast, minimal memory,
/// consistent hash algorithm" (arXiv 1406.2294), the same mapping bit for bit.
///
/// Going from `n` to `n + 1` buckets moves a key only into the new bucket, with a chance of
/// `1/(n + 1)`. Takes about `ln(buckets)` steps. `key` should be well spread (see
/// [`mix`](super::mix)), or keys a power of two apart may go together.
///
/// # Errors
/// [`NoBuckets`] if `buckets` is zero.
#[inline]
pub fn jump_hash(key: u64, buckets: u32) -> Result<u32, NoBuckets> {
    if buckets == 0 {
        return Err(NoBuckets);
    }
    if buckets <= MOST_WHOLE {
        if let Some(bucket) = in_whole_numbers(key, buckets) {
            return Ok(bucket);
        }
    }
    Ok(in_doubles(key, buckets))
}

/// Most buckets for which whole numbers of 64 bits hold every step.
const MOST_WHOLE: u32 = 1 << 15;
/// Bits after the point of a step in whole numbers.
const POINT: u32 = 31;
const FRACTION: u64 = (1 << POINT) - 1;

/// The next state of the paper's generator.
#[inline]
fn next_state(key: u64) -> u64 {
    key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1)
}

/// The paper's divisor, 1 to 2^31: exact as a double.
#[inline]
fn divisor(state: u64) -> f64 {
    ((state >> 33) + 1) as i64 as f64
}

/// The paper's loop.
#[inline(never)]
fn in_doubles(key: u64, buckets: u32) -> u32 {
    let buckets = i64::from(buckets);
    let (mut key, mut last, mut next) = (key, 0_i64, 0_i64);
    while next < buckets {
        last = next;
        key = next_state(key);
        let share = (1_i64 << 31) as f64 / divisor(key);
        next = ((last + 1) as f64 * share) as i64;
    }
    last as u32
}

/// The same with the step from bucket to bucket in whole numbers: each step must wait for the one
/// before, and a product and a shift are sooner done than conversions to doubles and back. `None`
/// if it cannot be sure of the paper's rounding, less than once in 50,000 keys.
///
/// A share is cut to [`POINT`] bits after the point, so the product is too small by less than
/// `last + 1` units of the last bit. A double's product is rounded, by less than one unit where it
/// is below 2^16, and never past a whole number. So both have the same whole part if the fraction
/// is at least `last + 2` units below one.
#[inline]
fn in_whole_numbers(key: u64, buckets: u32) -> Option<u32> {
    let (mut key, mut last, mut nearest) = (key, 0_u64, 0);
    loop {
        key = next_state(key);
        let share = (1_i64 << (31 + POINT)) as f64 / divisor(key);
        let product = u128::from(last + 1) * u128::from(share as i64 as u64);
        // Looked at once at the end: one branch less in each step.
        nearest = nearest.max((product as u64 & FRACTION) + last + 2);
        let next = (product >> POINT) as u64;
        if next >= u64::from(buckets) {
            return (nearest <= FRACTION).then_some(last as u32);
        }
        last = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mapping_is_the_published_one() {
        // Worked out with the paper's C++ code.
        let cases = [
            (0, 1, 0),
            (1, 1, 0),
            (0, 60, 0),
            (1, 60, 55),
            (2, 60, 46),
            (10_863_919_174_838_991, 11, 6),
            (2_016_238_256_797_177_309, 11, 3),
            (1_673_758_223_894_951_030, 11, 5),
            (2, 100_001, 80_343),
            (2_201, 100_001, 22_152),
            (2_202, 100_001, 15_018),
        ];
        for (key, buckets, bucket) in cases {
            assert_eq!(jump_hash(key, buckets), Ok(bucket), "{key} of {buckets}");
        }
        assert_eq!(jump_hash(1, 0), Err(NoBuckets));
        assert!(jump_hash(u64::MAX, u32::MAX).is_ok());
    }

    #[test]
    fn whole_numbers_and_doubles_give_one_bucket() {
        let (mut sure, keys) = (0, if cfg!(miri) { 50 } else { 20_000 });
        for key in (0..keys).map(super::super::mix) {
            for buckets in [1, 2, 3, 64, 1000, MOST_WHOLE, key as u32 % MOST_WHOLE + 1] {
                let found = in_whole_numbers(key, buckets);
                assert!(found.is_none_or(|bucket| bucket == in_doubles(key, buckets)));
                sure += u64::from(found.is_some());
            }
        }
        assert!(sure * 1000 >= keys * 7 * 999, "{sure} of {keys} times 7");
    }

    /// A state of the generator that `steps` steps on from the key is `state`.
    fn key_before(state: u64, steps: u32) -> u64 {
        // The inverse of the generator's odd factor, by Newton's iteration.
        let factor = 2_862_933_555_777_941_757_u64;
        let halve =
            |inverse: u64| inverse.wrapping_mul(2_u64.wrapping_sub(factor.wrapping_mul(inverse)));
        let inverse = (0..6).fold(factor, |inverse, _| halve(inverse));
        (0..steps).fold(state, |state, _| {
            state.wrapping_sub(1).wrapping_mul(inverse)
        })
    }

    #[test]
    fn where_doubles_round_up_to_a_whole_number_whole_numbers_are_not_sure() {
        let (mut unsure, mut rounded) = (0, 0);
        for (odd, low) in [3_u64, 5, 7, 11, 49]
            .into_iter()
            .flat_map(|odd| (0..400).map(move |low| (odd, low)))
        {
            // Bucket `odd - 1` times 2^31 / (odd * 2^shift) is whole, and the share is not.
            let shift = 17 + low % 9;
            let state = ((odd << shift) - 1) << 33 | super::super::mix(low) >> 31;
            for steps in 2..5 {
                let key = key_before(state, steps);
                for buckets in [64, 1000, MOST_WHOLE] {
                    let (whole, double) =
                        (in_whole_numbers(key, buckets), in_doubles(key, buckets));
                    assert!(
                        whole.is_none_or(|bucket| bucket == double),
                        "{key} of {buckets}"
                    );
                    assert_eq!(jump_hash(key, buckets), Ok(double));
                    unsure += u32::from(whole.is_none());
                    rounded += 1;
                }
            }
        }
        assert!(unsure > 20, "{unsure} of {rounded}");
    }

    #[test]
    #[cfg_attr(miri, ignore = "statistics, no memory to check, hours under Miri")]
    fn growth_moves_keys_only_into_the_new_bucket() {
        for key in 0..200_u64 {
            let key = super::super::mix(key);
            let mut before = 0;
            for buckets in 1..=100 {
                let now = jump_hash(key, buckets).unwrap();
                assert!(now == before || now == buckets - 1);
                before = now;
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "statistics, no memory to check, hours under Miri")]
    fn buckets_are_even() {
        let mut counts = [0_u32; 10];
        for key in 0..100_000 {
            counts[jump_hash(super::super::mix(key), 10).unwrap() as usize] += 1;
        }
        // Chi-square, 9 degrees of freedom: 27.9 is passed by one in a thousand.
        let chi: f64 = counts
            .iter()
            .map(|&n| (f64::from(n) - 1e4).powi(2) / 1e4)
            .sum();
        assert!(chi < 27.9, "{chi}");
    }
}
