//! A refused check → why, and how long to wait.

use std::fmt;

/// Why cells were not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The rate does not allow them at this time.
    NotYet(NotYet),
    /// More cells than the burst: they would never be admitted together.
    TooLarge {
        /// Cells asked for.
        cost: u64,
        /// Most that can be asked for.
        burst: u64,
    },
}

/// A refusal for the moment. The wait is worked out only when asked for: it needs a division, and
/// most callers drop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotYet {
    pub(crate) excess: u64,
    pub(crate) per_nano: u64,
}

impl NotYet {
    /// A refusal with the wait already known.
    pub(crate) fn after(nanos: u64) -> Self {
        match nanos {
            u64::MAX => Self {
                excess: 1,
                per_nano: 0,
            },
            known => Self {
                excess: known,
                per_nano: 1,
            },
        }
    }

    /// Least whole nanoseconds after the refused check at which the same check passes, if no other
    /// is admitted meanwhile; they may end behind the last time there is. `u64::MAX` means never (a
    /// quota that does not refill, or a wait that `u64` cannot hold).
    pub fn wait(&self) -> u64 {
        match self.per_nano {
            0 => u64::MAX,
            per_nano => self.excess.div_ceil(per_nano),
        }
    }
}

impl Denied {
    /// [`NotYet::wait`], or `None` if the cost is larger than the burst.
    pub fn wait(&self) -> Option<u64> {
        match self {
            Self::NotYet(not_yet) => Some(not_yet.wait()),
            Self::TooLarge { .. } => None,
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYet(not_yet) => write!(f, "not before {} ns from now", not_yet.wait()),
            Self::TooLarge { cost, burst } => {
                write!(f, "cost must be at most the burst of {burst}, got {cost}")
            }
        }
    }
}

impl std::error::Error for Denied {}

/// Why a keyed limiter did not admit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyedDenied {
    /// The key's own quota says no.
    Key(Denied),
    /// The key is new, its shard holds as many keys as it may, and each of them still owes time,
    /// so that none can be forgotten. The new key is refused, not admitted unseen.
    Full {
        /// Nanoseconds until the first of the shard's keys can be forgotten.
        wait: u64,
    },
}

impl KeyedDenied {
    /// Nanoseconds until a retry can pass; `None` if the cost is larger than the burst.
    pub fn wait(&self) -> Option<u64> {
        match self {
            Self::Key(denied) => denied.wait(),
            Self::Full { wait } => Some(*wait),
        }
    }
}

impl fmt::Display for KeyedDenied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(denied) => denied.fmt(f),
            Self::Full { wait } => {
                write!(f, "no room for a new key; the first frees in {wait} ns")
            }
        }
    }
}

impl std::error::Error for KeyedDenied {}
