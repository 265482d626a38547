//! Key, range, amount → shard, shards, parts.
//!
//! Pure tables and functions: nothing here changes after it is made.

mod hash;
mod jump;
mod ranges;
mod rollout;
mod split;

pub use hash::{hash_bytes, mix};
pub use jump::{jump_hash, NoBuckets};
pub use ranges::{RangeError, Ranges, Touched};
pub use rollout::{Rollout, Share, ShareError};
pub use split::{split, Part, SplitError};
