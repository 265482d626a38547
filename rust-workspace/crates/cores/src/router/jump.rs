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
    let buckets = i64::from(buckets);
    let (mut key, mut last, mut next) = (key, 0_i64, 0_i64);
    while next < buckets {
        last = next;
        key = key.wrapping_mul(2_862_933_555_777_941_757).wrapping_add(1);
        // Both conversions are exact: 2^31 and a value of at most 2^31.
        let share = (1_i64 << 31) as f64 / ((key >> 33) + 1) as i64 as f64;
        next = ((last + 1) as f64 * share) as i64;
    }
    Ok(last as u32)
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
