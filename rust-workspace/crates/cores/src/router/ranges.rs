//! Key or range of keys → the shards that hold it, in key order.

use std::fmt;
use std::ops::RangeInclusive;

/// Consecutive ranges of `u64` keys, each with its shard, without gap or overlap.
///
/// Range `i` holds the keys from `starts[i]` up to, not including, `starts[i + 1]`; the last one
/// holds all keys up to and including `last`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges {
    starts: Box<[u64]>,
    shards: Box<[u32]>,
    last: u64,
}

/// Why ranges cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// There is no range.
    Empty,
    /// `starts[index]` is not above the start before it.
    NotAscending {
        /// Place of the wrong start.
        index: usize,
    },
    /// `last` is below the last start.
    LastBelowStart,
    /// Not as many shards as starts.
    ShardsMismatch {
        /// Number of starts.
        starts: usize,
        /// Number of shards.
        shards: usize,
    },
    /// Ranges of equal width: the width is zero, or the last range would pass the end of `u64`.
    Width,
}

impl fmt::Display for RangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("starts must hold at least 1 start, got 0"),
            Self::NotAscending { index } => {
                write!(f, "starts must ascend, but starts[{index}] does not")
            }
            Self::LastBelowStart => f.write_str("last must be at least the last start"),
            Self::ShardsMismatch { starts, shards } => {
                write!(
                    f,
                    "shards must have one entry per start, {starts}, got {shards}"
                )
            }
            Self::Width => {
                f.write_str("width must be at least 1 and all ranges must end within u64")
            }
        }
    }
}

impl std::error::Error for RangeError {}

impl Ranges {
    /// Ranges that begin at `starts`, held by `shards` in the same order, up to `last`.
    ///
    /// # Errors
    /// [`RangeError`] names what is wrong.
    pub fn new(starts: &[u64], shards: &[u32], last: u64) -> Result<Self, RangeError> {
        let Some(&top) = starts.last() else {
            return Err(RangeError::Empty);
        };
        if starts.len() != shards.len() {
            return Err(RangeError::ShardsMismatch {
                starts: starts.len(),
                shards: shards.len(),
            });
        }
        if let Some(index) = (1..starts.len()).find(|&i| starts[i] <= starts[i - 1]) {
            return Err(RangeError::NotAscending { index });
        }
        if last < top {
            return Err(RangeError::LastBelowStart);
        }
        Ok(Self {
            starts: starts.into(),
            shards: shards.into(),
            last,
        })
    }

    /// `count` ranges of `width` keys each from `first`, held by shards `0 .. count`.
    ///
    /// # Errors
    /// [`RangeError::Empty`] if `count` is zero, [`RangeError::Width`] if `width` is zero or the
    /// last key would pass the end of `u64`.
    pub fn even(first: u64, width: u64, count: u32) -> Result<Self, RangeError> {
        if count == 0 {
            return Err(RangeError::Empty);
        }
        // The last key, not the one after it: the ranges may end with u64.
        let before_last = width
            .checked_sub(1)
            .and_then(|rest| width.checked_mul(u64::from(count) - 1)?.checked_add(rest));
        let last = before_last
            .and_then(|keys| first.checked_add(keys))
            .ok_or(RangeError::Width)?;
        Ok(Self {
            starts: (0..u64::from(count)).map(|i| first + i * width).collect(),
            shards: (0..count).collect(),
            last,
        })
    }

    /// The place among the ranges of the one that holds `key`.
    #[inline]
    fn place(&self, key: u64) -> Option<usize> {
        if key > self.last {
            return None;
        }
        self.starts
            .partition_point(|&start| start <= key)
            .checked_sub(1)
    }

    /// The shard that holds `key`, or `None` if no range does.
    #[inline]
    pub fn shard(&self, key: u64) -> Option<u32> {
        self.place(key).map(|place| self.shards[place])
    }

    /// The shards that hold keys of `keys`, in key order, each with the part it holds. Keys that
    /// no range holds are left out; an empty range touches nothing.
    pub fn touching(&self, keys: RangeInclusive<u64>) -> Touched<'_> {
        let (low, high) = (*keys.start(), (*keys.end()).min(self.last));
        let first = self.starts[0];
        let places = if low > high || high < first {
            0..0
        } else {
            let from = self.place(low).unwrap_or(0);
            from..self.place(high).map_or(0, |place| place + 1)
        };
        Touched {
            ranges: self,
            places,
            low,
            high,
        }
    }

    /// Number of ranges.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: there is at least one range.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
}

/// Iterator of [`Ranges::touching`].
#[derive(Clone, Debug)]
pub struct Touched<'a> {
    ranges: &'a Ranges,
    places: std::ops::Range<usize>,
    low: u64,
    high: u64,
}

impl Iterator for Touched<'_> {
    /// The shard, and the keys of the query that it holds.
    type Item = (u32, RangeInclusive<u64>);

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.next()?;
        let ranges = self.ranges;
        let from = ranges.starts[place].max(self.low);
        // A next start is above some start, so it is not zero.
        let end = ranges
            .starts
            .get(place + 1)
            .map_or(ranges.last, |next| next - 1);
        Some((ranges.shards[place], from..=end.min(self.high)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl ExactSizeIterator for Touched<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_half_open_and_the_ends_are_covered() {
        let ranges = Ranges::new(&[10, 20, u64::MAX], &[7, 8, 9], u64::MAX).unwrap();
        let shards = [9, 10, 19, 20, u64::MAX - 1, u64::MAX].map(|key| ranges.shard(key));
        assert_eq!(shards, [None, Some(7), Some(7), Some(8), Some(8), Some(9)]);
        let limited = Ranges::new(&[0], &[1], 5).unwrap();
        assert_eq!([limited.shard(5), limited.shard(6)], [Some(1), None]);
        assert_eq!((ranges.len(), limited.len()), (3, 1));
        assert!(!limited.is_empty());
    }

    #[test]
    fn a_query_touches_only_the_shards_it_crosses() {
        let ranges = Ranges::even(0, 10, 4).unwrap();
        let touched = |low, high| ranges.touching(low..=high).collect::<Vec<_>>();
        assert_eq!(touched(12, 18), [(1, 12..=18)]);
        assert_eq!(touched(9, 20), [(0, 9..=9), (1, 10..=19), (2, 20..=20)]);
        assert_eq!(touched(35, 99), [(3, 35..=39)]);
        assert_eq!(touched(40, 99), []);
        assert_eq!(touched(5, 4), []);
        let late = Ranges::even(100, 10, 2).unwrap();
        assert_eq!(late.touching(0..=99).count(), 0);
        assert_eq!(late.touching(0..=100).collect::<Vec<_>>(), [(0, 100..=100)]);
        assert_eq!(late.touching(0..=u64::MAX).len(), 2);
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Ranges::new(&[], &[], 0), Err(RangeError::Empty));
        assert_eq!(
            Ranges::new(&[1, 2, 2], &[0, 1, 2], 9),
            Err(RangeError::NotAscending { index: 2 })
        );
        assert_eq!(Ranges::new(&[5], &[0], 4), Err(RangeError::LastBelowStart));
        assert_eq!(
            Ranges::new(&[5], &[], 9),
            Err(RangeError::ShardsMismatch {
                starts: 1,
                shards: 0
            })
        );
        assert_eq!(Ranges::even(0, 0, 1), Err(RangeError::Width));
        assert_eq!(Ranges::even(0, 1, 0), Err(RangeError::Empty));
        assert_eq!(Ranges::even(2, u64::MAX, 1), Err(RangeError::Width));
        let whole = Ranges::even(1, u64::MAX, 1).unwrap();
        assert_eq!(whole.shard(u64::MAX), Some(0));
        for error in [
            RangeError::Empty,
            RangeError::Width,
            RangeError::LastBelowStart,
        ] {
            assert!(!error.to_string().is_empty());
        }
    }
}
