//! User, share → whether the user takes part; stable per user, and a growing share only adds.

use std::fmt;

use super::hash::{hash_bytes, mix};

/// Millionths in one.
const MILLION: u32 = 1_000_000;

/// A share of users in whole millionths, from none to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

/// A share above one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareError(pub u32);

impl fmt::Display for ShareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "share must be in 0 ..= {MILLION} millionths, got {}",
            self.0
        )
    }
}

impl std::error::Error for ShareError {}

impl Share {
    /// Nobody.
    pub const NONE: Self = Self(0);
    /// Everybody.
    pub const ALL: Self = Self(MILLION);

    /// `millionths` of all users.
    ///
    /// # Errors
    /// [`ShareError`] above 1,000,000.
    pub fn millionths(millionths: u32) -> Result<Self, ShareError> {
        if millionths > MILLION {
            return Err(ShareError(millionths));
        }
        Ok(Self(millionths))
    }
}

/// One gradual change, told apart from others by its name: two rollouts pick independent users.
///
/// A user takes part at a share `p` if and only if the hash of name and user, as a fraction of
/// 2^64, is below `p`. So a user keeps its side while `p` stays, and a growing `p` only adds users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollout {
    seed: u64,
}

impl Rollout {
    /// The rollout with this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            seed: hash_bytes(0, name.as_bytes()),
        }
    }

    /// Whether the user with this number takes part.
    #[inline]
    #[must_use]
    pub fn includes_id(&self, user: u64, share: Share) -> bool {
        below(mix(mix(user) ^ self.seed), share)
    }

    /// Whether the user with this name takes part.
    #[inline]
    #[must_use]
    pub fn includes(&self, user: &str, share: Share) -> bool {
        below(hash_bytes(self.seed, user.as_bytes()), share)
    }
}

/// Whether `hash / 2^64 < share`, exactly.
#[inline]
fn below(hash: u64, share: Share) -> bool {
    u128::from(hash) * u128::from(MILLION) < u128::from(share.0) << 64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_nobody_and_all_is_everybody() {
        assert!(!below(0, Share::NONE));
        assert!(below(u64::MAX, Share::ALL));
        assert!(below(0, Share(1)));
        assert_eq!(Share::millionths(1_000_001), Err(ShareError(1_000_001)));
        assert_eq!(Share::millionths(1_000_000), Ok(Share::ALL));
        assert!(ShareError(2_000_000).to_string().contains("2000000"));
    }

    #[test]
    fn a_user_has_one_side_in_all_versions() {
        let rollout = Rollout::new("new-checkout");
        let half = Share::millionths(500_000).unwrap();
        let side = |user| rollout.includes_id(user, half);
        let first: Vec<u64> = (0..40).filter(|&user| side(user)).collect();
        assert_eq!(
            first,
            [
                0, 1, 2, 3, 5, 6, 11, 13, 14, 15, 17, 18, 22, 26, 27, 28, 30, 31, 32, 33, 34, 35,
                36, 38, 39
            ]
        );
        assert!(!side(u64::MAX));
    }

    #[test]
    #[cfg_attr(miri, ignore = "statistics, no memory to check, hours under Miri")]
    fn a_growing_share_only_adds_and_hits_the_mark() {
        let rollout = Rollout::new("new-path");
        for percent in [1_u32, 10, 50, 90] {
            let share = Share::millionths(percent * 10_000).unwrap();
            let more = Share::millionths(percent * 10_000 + 5_000).unwrap();
            let (mut ids, mut names) = (0_u32, 0_u32);
            for user in 0..100_000_u64 {
                let name = format!("user-{user}");
                ids += u32::from(rollout.includes_id(user, share));
                names += u32::from(rollout.includes(&name, share));
                assert!(!rollout.includes_id(user, share) || rollout.includes_id(user, more));
                assert!(!rollout.includes(&name, share) || rollout.includes(&name, more));
            }
            for hits in [ids, names] {
                assert!(hits.abs_diff(percent * 1000) < 500, "{hits} at {percent} %");
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "statistics, no memory to check, hours under Miri")]
    fn two_rollouts_pick_independent_users() {
        let (a, b) = (Rollout::new("a"), Rollout::new("b"));
        let half = Share::millionths(500_000).unwrap();
        let both = (0..100_000)
            .filter(|&user| a.includes_id(user, half) && b.includes_id(user, half))
            .count();
        assert!(both.abs_diff(25_000) < 700, "{both}");
    }
}
