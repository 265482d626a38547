//! Quota, TAT and time → the next TAT, or the wait. Pure, in 128-bit units of `1/n'` ns.

use super::denied::{Denied, NotYet};
use super::quota::Quota;

/// The TAT after `cost` cells at `now`, or why they are refused.
///
/// A cost of zero passes always and changes nothing. A TAT beyond 128 bits is refused for ever:
/// the end of time never grants.
#[inline]
pub(crate) fn admit(quota: &Quota, tat: u128, now: u64, cost: u64) -> Result<u128, Denied> {
    if cost == 0 {
        return Ok(tat);
    }
    if cost > quota.burst() {
        return Err(Denied::TooLarge {
            cost,
            burst: quota.burst(),
        });
    }
    let now = quota.units(now);
    let price = u128::from(cost) * u128::from(quota.cell);
    // If the limit is past 128 bits then every TAT that fits is below it.
    let limit = now.saturating_add(quota.span());
    match tat.max(now).checked_add(price) {
        Some(next) if next <= limit => Ok(next),
        Some(next) => Err(Denied::NotYet(too_early(quota, next - limit))),
        None => Err(Denied::NotYet(NotYet::after(u64::MAX))),
    }
}

/// The TAT under `new` that leaves as many whole and part cells as `old` had at `now`, and at most
/// `new`'s burst. Rounded so that never more is left.
///
/// Cells are kept, not time: a bucket that was empty is empty after any change, so the cells
/// admitted around a change at `t` are at most `burst + rate·time` of each rate over its own part.
pub(crate) fn convert(old: &Quota, new: &Quota, tat: u128, now: u64) -> u128 {
    let debt = tat.saturating_sub(old.units(now));
    // After a step backwards of the clock the debt can exceed a bucket: then the change counts
    // from the moment at which the bucket was empty.
    let late = debt.saturating_sub(old.span());
    let now = now.saturating_add(nanos_up(old, late));
    let level = old.span().saturating_sub(debt);
    let (whole, part) = (level / u128::from(old.cell), level % u128::from(old.cell));
    // part < old.cell < 2^64, so the product fits.
    let part = part * u128::from(new.cell) / u128::from(old.cell);
    let level = whole
        .saturating_mul(u128::from(new.cell))
        .saturating_add(part)
        .min(new.span());
    new.units(now).saturating_add(new.span() - level)
}

/// The refusal of a check that is `excess` units early; divides only if 64 bits do not hold them.
fn too_early(quota: &Quota, excess: u128) -> NotYet {
    match u64::try_from(excess) {
        Ok(excess) => NotYet {
            excess,
            per_nano: quota.per_nano,
        },
        Err(_) => NotYet::after(nanos_up(quota, excess)),
    }
}

/// Least whole nanoseconds that refill `units`; `u64::MAX` if none does.
pub(crate) fn nanos_up(quota: &Quota, units: u128) -> u64 {
    match (units, quota.per_nano) {
        (0, _) => 0,
        (_, 0) => u64::MAX,
        (units, per_nano) => {
            u64::try_from(units.div_ceil(u128::from(per_nano))).unwrap_or(u64::MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_does_not_divide_a_nanosecond_keeps_its_fraction() {
        // 3 cells per 10 ns: from t = 0 cell k is due at ⌈10k/3⌉.
        let quota = Quota::new(3, 10, 1).unwrap();
        let (mut tat, mut admitted) = (0, Vec::new());
        for now in 0..=20 {
            if let Ok(next) = admit(&quota, tat, now, 1) {
                tat = next;
                admitted.push(now);
            }
        }
        // A late cell starts a new grid at its own time, as GCRA says.
        assert_eq!(admitted, [0, 4, 8, 12, 16, 20]);
    }

    #[test]
    fn ends_of_time_and_of_rates_refuse_instead_of_wrapping() {
        let quota = Quota::new(u64::MAX, 1, u64::MAX).unwrap();
        assert_eq!(
            admit(&quota, u128::MAX, u64::MAX, 1),
            Err(Denied::NotYet(NotYet::after(u64::MAX)))
        );
        let slow = Quota::new(1, u64::MAX, u64::MAX).unwrap();
        let tat = admit(&slow, 0, 0, u64::MAX).unwrap();
        assert_eq!(tat, slow.span());
        assert_eq!(admit(&slow, tat, 0, 1).unwrap_err().wait(), Some(u64::MAX));
        let never = Quota::new(0, 1, 2).unwrap();
        let tat = admit(&never, 0, 9, 2).unwrap();
        assert_eq!(
            admit(&never, tat, u64::MAX, 1).unwrap_err().wait(),
            Some(u64::MAX)
        );
    }

    #[test]
    fn a_change_keeps_cells_and_never_adds_any() {
        let old = Quota::new(10, 1000, 10).unwrap();
        let new = Quota::new(1, 1000, 20).unwrap();
        let empty = admit(&old, 0, 500, 10).unwrap();
        let tat = convert(&old, &new, empty, 500);
        assert_eq!(admit(&new, tat, 500, 1).unwrap_err().wait(), Some(1000));
        // Full before, full up to the old burst after.
        let tat = convert(&old, &new, 0, 500);
        assert!(admit(&new, tat, 500, 10).is_ok());
        assert!(admit(&new, tat, 500, 11).is_err());
        // A smaller burst caps.
        let small = Quota::new(1, 1000, 3).unwrap();
        let tat = convert(&old, &small, 0, 500);
        assert!(admit(&small, tat, 500, 3).is_ok());
    }

    #[test]
    fn a_change_after_a_backward_step_counts_from_when_the_bucket_was_empty() {
        let old = Quota::new(1, 10, 2).unwrap();
        let new = Quota::new(1, 5, 2).unwrap();
        let tat = admit(&old, 0, 1000, 2).unwrap();
        let tat = convert(&old, &new, tat, 100);
        assert_eq!(admit(&new, tat, 1000, 1).unwrap_err().wait(), Some(5));
        assert!(admit(&new, tat, 1005, 1).is_ok());
    }
}
