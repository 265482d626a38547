//! Quota, cost and time → admitted, or refused with the wait until it would be admitted.
//!
//! The algorithm is GCRA (ITU-T I.371, annex A): with `T` the time that one cell refills and `TAT`
//! the theoretical arrival time, `n` cells are admitted at `now` if and only if
//! `max(TAT, now) + n·T ≤ now + burst·T`, and then `TAT` becomes the left side. A refused check
//! changes nothing. All arithmetic is in units of `1/n'` ns (see [`Quota`]), so no rate is rounded.

mod denied;
mod direct;
mod exact;
mod keyed;
mod quota;
mod shard;
mod tiers;
mod word;

pub use denied::{Denied, KeyedDenied, NotYet};
pub use direct::Limiter;
pub use keyed::{BoundError, KeyedLimiter};
pub use quota::{Quota, QuotaError};
pub use tiers::{TierDenied, TierError, Tiers};
