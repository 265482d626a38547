//! Key, cost, time → admitted or refused, one quota per key, in bounded memory.

use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};

use super::denied::KeyedDenied;
use super::quota::Quota;
use super::shard::Shard;
use crate::clock::{Clock, MonotonicClock};
use crate::sync::{lock, Mutex};

/// Most shards; more would only spread few keys thin.
const MOST_SHARDS: usize = 64;
/// Keys that a shard holds at least, so that the bound per shard is near the bound over all.
const KEYS_PER_SHARD: usize = 256;

/// The bound on the number of keys is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundError;

impl fmt::Display for BoundError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("max_keys must be at least 1, got 0")
    }
}

impl std::error::Error for BoundError {}

/// The same quota for each of many keys, at most `max_keys` of them in memory.
///
/// Promise: each key is limited as by a [`Limiter`](super::Limiter) of its own. A key is forgotten
/// only when its bucket is full again, so forgetting changes no answer. When a new key comes, the
/// shard it falls into is at its bound and no key there can be forgotten, the new key is refused
/// ([`KeyedDenied::Full`]) with the wait until one can. The bound is split evenly over the shards
/// and holds in each. Keys on the list ([`list`](Self::list)) always pass and do not count.
///
/// A check of a known key allocates nothing; it takes the lock of one shard.
pub struct KeyedLimiter<K, C = MonotonicClock, S = RandomState> {
    shards: Box<[Aligned<K>]>,
    hasher: S,
    clock: C,
}

/// A shard's lock on cache lines of its own.
#[repr(align(128))]
struct Aligned<K>(Mutex<Shard<K>>);

impl<K: Hash + Eq> KeyedLimiter<K> {
    /// A limiter on the machine's monotonic clock, hashed with the standard library's hasher.
    ///
    /// # Errors
    /// [`BoundError`] if `max_keys` is zero.
    pub fn new(quota: Quota, max_keys: usize) -> Result<Self, BoundError> {
        Self::with_clock(quota, max_keys, MonotonicClock::new(), RandomState::new())
    }
}

impl<K, C, S> KeyedLimiter<K, C, S> {
    /// A limiter on `clock` (`()` if every time is passed by the caller), hashed with `hasher`.
    ///
    /// # Errors
    /// [`BoundError`] if `max_keys` is zero.
    pub fn with_clock(
        quota: Quota,
        max_keys: usize,
        clock: C,
        hasher: S,
    ) -> Result<Self, BoundError> {
        if max_keys == 0 {
            return Err(BoundError);
        }
        let wanted = (max_keys / KEYS_PER_SHARD).clamp(1, MOST_SHARDS);
        // Rounded down to a power of two, to pick a shard with a mask.
        let count = 1_usize << wanted.ilog2();
        let shard = |index: usize| {
            let bound = max_keys / count + usize::from(index < max_keys % count);
            Aligned(Mutex::new(Shard::new(quota, bound)))
        };
        Ok(Self {
            shards: (0..count).map(shard).collect(),
            hasher,
            clock,
        })
    }

    #[inline]
    fn shard(&self, hash: u64) -> &Mutex<Shard<K>> {
        // The table uses the low bits for its buckets and the top seven as tags.
        &self.shards[(hash >> 40) as usize & (self.shards.len() - 1)].0
    }

    /// [`check_n_at`](Self::check_n_at) for a caller that has the key's hash, and makes a key to
    /// keep only if it is new. `same` must say whether a kept key is this key; equal keys must
    /// have equal hashes, well spread over all 64 bits.
    ///
    /// # Errors
    /// As [`check_n_at`](Self::check_n_at).
    #[inline]
    pub fn check_hashed_at(
        &self,
        hash: u64,
        same: impl Fn(&K) -> bool,
        make: impl FnOnce() -> K,
        now: u64,
        cost: u64,
    ) -> Result<(), KeyedDenied> {
        lock(self.shard(hash)).check(hash, same, make, now, cost)
    }

    /// [`list`](Self::list) for a caller that has the key's hash.
    pub fn list_hashed(&self, hash: u64, same: impl Fn(&K) -> bool, make: impl FnOnce() -> K) {
        let mut shard = lock(self.shard(hash));
        if !shard.list_known(hash, same) {
            shard.list_new(hash, make());
        }
    }

    /// [`unlist`](Self::unlist) for a caller that has the key's hash.
    pub fn unlist_hashed(&self, hash: u64, same: impl Fn(&K) -> bool) -> bool {
        lock(self.shard(hash)).unlist(hash, same)
    }

    /// Keys in memory that count towards the bound.
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| lock(&shard.0).len()).sum()
    }

    /// Whether no key is in memory.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets every key whose bucket is full again at `now` (ns); says how many. Never needed for
    /// correctness or for the bound.
    pub fn forget_idle_at(&self, now: u64) -> usize {
        self.shards
            .iter()
            .map(|shard| lock(&shard.0).forget_idle(now))
            .sum()
    }

    /// Changes the quota of every key at `now` (ns), shard by shard, each key as
    /// [`Limiter::set_quota_at`](super::Limiter::set_quota_at) says. Walks all keys.
    pub fn set_quota_at(&self, now: u64, quota: Quota) {
        for shard in &self.shards {
            lock(&shard.0).set_quota(now, quota);
        }
    }

    /// The clock given at the start.
    pub fn clock(&self) -> &C {
        &self.clock
    }
}

impl<K: Hash + Eq, C, S: BuildHasher> KeyedLimiter<K, C, S> {
    /// Admits one cell of `key` at `now` (ns).
    ///
    /// # Errors
    /// As [`check_n_at`](Self::check_n_at).
    #[inline]
    pub fn check_at<Q>(&self, key: &Q, now: u64) -> Result<(), KeyedDenied>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.check_n_at(key, now, 1)
    }

    /// Admits `cost` cells of `key` at `now` (ns), all or none.
    ///
    /// # Errors
    /// [`KeyedDenied::Key`] if the key's quota refuses, [`KeyedDenied::Full`] if the key is new and
    /// there is no room. Neither changes anything.
    #[inline]
    pub fn check_n_at<Q>(&self, key: &Q, now: u64, cost: u64) -> Result<(), KeyedDenied>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        let hash = self.hasher.hash_one(key);
        self.check_hashed_at(
            hash,
            |kept| kept.borrow() == key,
            || key.to_owned(),
            now,
            cost,
        )
    }

    /// Lets `key` pass always from here on.
    pub fn list(&self, key: K) {
        let hash = self.hasher.hash_one(&key);
        let mut shard = lock(self.shard(hash));
        if !shard.list_known(hash, |kept| *kept == key) {
            shard.list_new(hash, key);
        }
    }

    /// Ends [`list`](Self::list); says whether the key was listed. It owes what it owed before.
    pub fn unlist<Q>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.unlist_hashed(self.hasher.hash_one(key), |kept| kept.borrow() == key)
    }
}

impl<K: Hash + Eq, C: Clock, S: BuildHasher> KeyedLimiter<K, C, S> {
    /// [`check_at`](Self::check_at) the clock's time.
    ///
    /// # Errors
    /// As [`check_n_at`](Self::check_n_at).
    #[inline]
    pub fn check<Q>(&self, key: &Q) -> Result<(), KeyedDenied>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        self.check_n_at(key, self.clock.now(), 1)
    }
}

impl<K, C, S> fmt::Debug for KeyedLimiter<K, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedLimiter")
            .field("keys", &self.len())
            .finish_non_exhaustive()
    }
}
