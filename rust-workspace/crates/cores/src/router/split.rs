//! Amount, weights, caps → parts that add up to the amount exactly.

use std::fmt;

/// One receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its share in proportion to the other weights; 0 receives nothing.
    pub weight: u64,
    /// Most that it may receive.
    pub cap: u64,
}

/// Why an amount cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SplitError {
    /// The caps of the parts with a weight add up to less than the amount.
    CapsTooLow {
        /// What they add up to.
        room: u64,
        /// The amount.
        amount: u64,
    },
}

impl fmt::Display for SplitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::CapsTooLow { room, amount } = self;
        write!(
            f,
            "amount must be at most {room}, the sum of the caps of parts with a weight, got {amount}"
        )
    }
}

impl std::error::Error for SplitError {}

/// Splits `amount` in proportion to the weights, no part above its cap; the parts add up to the
/// amount exactly. The same input gives the same answer.
///
/// First, parts whose proportional share of what is left reaches their cap are fixed at it, until
/// none does. Then each other part gets its share rounded down, and the units left over go one
/// each to the largest remainders (Hamilton's method), the earlier part first among equals. If
/// those parts have no room for a unit, it goes to the next.
///
/// # Errors
/// [`SplitError::CapsTooLow`] if the caps leave no room for the amount.
pub fn split(amount: u64, parts: &[Part]) -> Result<Vec<u64>, SplitError> {
    let weighted = |part: &&Part| part.weight > 0;
    let room: u128 = parts
        .iter()
        .filter(weighted)
        .map(|part| u128::from(part.cap))
        .sum();
    if room < u128::from(amount) {
        return Err(SplitError::CapsTooLow {
            // Below the amount, so it fits.
            room: room as u64,
            amount,
        });
    }
    let mut given = vec![0; parts.len()];
    let (open, left) = fill_caps(amount, parts, &mut given);
    share_out(left, parts, &open, &mut given);
    Ok(given)
}

/// Fixes parts at their caps; gives the places of the others and the amount left for them.
///
/// A part is at its cap if and only if the water level (units per weight) passes `cap / weight`,
/// so one pass in that order finds all of them.
fn fill_caps(amount: u64, parts: &[Part], given: &mut [u64]) -> (Vec<usize>, u64) {
    let mut order: Vec<usize> = (0..parts.len()).filter(|&i| parts[i].weight > 0).collect();
    let cross = |a: usize, b: usize| u128::from(parts[a].cap) * u128::from(parts[b].weight);
    order.sort_by(|&a, &b| cross(a, b).cmp(&cross(b, a)).then(a.cmp(&b)));
    let mut weights: u128 = order.iter().map(|&i| u128::from(parts[i].weight)).sum();
    let mut left = amount;
    let mut fixed = 0;
    for &i in &order {
        let Part { weight, cap } = parts[i];
        if !reaches(left, weight, weights, cap) {
            break;
        }
        given[i] = cap;
        left -= cap;
        weights -= u128::from(weight);
        fixed += 1;
    }
    let mut open = order.split_off(fixed);
    open.sort_unstable();
    (open, left)
}

/// Whether `left · weight / weights ≥ cap`. `left` is never below the cap then.
fn reaches(left: u64, weight: u64, weights: u128, cap: u64) -> bool {
    let share = u128::from(left) * u128::from(weight);
    // cap · weights can pass 128 bits only if it is larger than any share.
    u128::from(cap)
        .checked_mul(weights)
        .is_some_and(|due| share >= due)
}

/// Shares `left` out among the `open` parts, none of which reaches its cap by its share.
fn share_out(left: u64, parts: &[Part], open: &[usize], given: &mut [u64]) {
    let weights: u128 = open.iter().map(|&i| u128::from(parts[i].weight)).sum();
    let mut rest = left;
    let mut remainders: Vec<(u128, usize)> = Vec::with_capacity(open.len());
    for &i in open {
        let share = u128::from(left) * u128::from(parts[i].weight);
        // At most `left`, since the weight is at most the sum.
        given[i] = (share / weights) as u64;
        rest -= given[i];
        remainders.push((share % weights, i));
    }
    remainders.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // Each share is strictly below its cap, so each part has room for the one unit.
    for (_, i) in remainders.into_iter().take(rest as usize) {
        given[i] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(list: &[(u64, u64)]) -> Vec<Part> {
        list.iter()
            .map(|&(weight, cap)| Part { weight, cap })
            .collect()
    }

    #[test]
    fn parts_add_up_and_remainders_go_to_the_largest() {
        let free = u64::MAX;
        assert_eq!(split(10, &parts(&[(1, free); 3])), Ok(vec![4, 3, 3]));
        assert_eq!(
            split(7, &parts(&[(2, free), (3, free), (0, free)])),
            Ok(vec![3, 4, 0])
        );
        assert_eq!(split(0, &[]), Ok(vec![]));
        assert_eq!(split(0, &parts(&[(1, 0)])), Ok(vec![0]));
    }

    #[test]
    fn caps_hold_and_push_the_rest_to_others() {
        assert_eq!(
            split(100, &parts(&[(98, 20), (1, 90), (1, 90)])),
            Ok(vec![20, 40, 40])
        );
        assert_eq!(
            split(100, &parts(&[(5, 20), (5, 20), (0, 99), (1, 60)])),
            Ok(vec![20, 20, 0, 60])
        );
        assert_eq!(
            split(41, &parts(&[(1, 20), (1, 20), (0, 100)])),
            Err(SplitError::CapsTooLow {
                room: 40,
                amount: 41
            })
        );
        let huge = parts(&[(u64::MAX, u64::MAX); 3]);
        let third = u64::MAX / 3;
        assert_eq!(split(u64::MAX, &huge), Ok(vec![third; 3]));
    }
}
