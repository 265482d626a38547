//! Hash, key, time → the key's TAT in one shard of a keyed limiter, within a bound.
//!
//! Keys wait for their turn to be forgotten in a heap ordered by TAT. A TAT only grows, so a heap
//! entry is at most the key's TAT: it is corrected when it surfaces, not when the key is used.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hashbrown::HashTable;

use super::denied::{Denied, KeyedDenied};
use super::exact;
use super::quota::Quota;

/// One shard; the caller holds its lock.
pub(crate) struct Shard<K> {
    quota: Quota,
    bound: usize,
    /// Hash → index into `entries`.
    table: HashTable<usize>,
    entries: Vec<Option<Entry<K>>>,
    free: Vec<usize>,
    /// One item per key that counts towards the bound.
    queue: BinaryHeap<Reverse<(u128, usize)>>,
    /// Largest TAT that was forgotten: where a new key starts, so that a clock that goes
    /// backwards finds no fresh bucket.
    forgotten: u128,
}

struct Entry<K> {
    hash: u64,
    key: K,
    tat: u128,
    listed: bool,
    queued: bool,
}

impl<K> Shard<K> {
    pub(crate) fn new(quota: Quota, bound: usize) -> Self {
        Self {
            quota,
            bound,
            table: HashTable::new(),
            entries: Vec::new(),
            free: Vec::new(),
            queue: BinaryHeap::new(),
            forgotten: 0,
        }
    }

    /// Keys that count towards the bound.
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    fn find(&self, hash: u64, same: impl Fn(&K) -> bool) -> Option<usize> {
        let entries = &self.entries;
        self.table
            .find(hash, |&index| {
                entries[index].as_ref().is_some_and(|e| same(&e.key))
            })
            .copied()
    }

    /// Admits `cost` cells of the key at `now`, or says why not.
    #[inline]
    pub(crate) fn check(
        &mut self,
        hash: u64,
        same: impl Fn(&K) -> bool,
        make: impl FnOnce() -> K,
        now: u64,
        cost: u64,
    ) -> Result<(), KeyedDenied> {
        let found = self.find(hash, same);
        if let Some(entry) = found.and_then(|index| self.entries[index].as_mut()) {
            if !entry.listed {
                entry.tat =
                    exact::admit(&self.quota, entry.tat, now, cost).map_err(KeyedDenied::Key)?;
            }
            return Ok(());
        }
        self.admit_new(hash, make, now, cost)
    }

    /// The first cells of a key. Costs of zero or above the burst leave no trace.
    fn admit_new(
        &mut self,
        hash: u64,
        make: impl FnOnce() -> K,
        now: u64,
        cost: u64,
    ) -> Result<(), KeyedDenied> {
        if cost == 0 {
            return Ok(());
        }
        if cost > self.quota.burst() {
            return Err(KeyedDenied::Key(Denied::TooLarge {
                cost,
                burst: self.quota.burst(),
            }));
        }
        while self.queue.len() >= self.bound {
            self.need_forgettable(now)?;
            self.forget_first();
        }
        // What was forgotten may lie ahead of a clock that went backwards.
        let tat = exact::admit(&self.quota, self.forgotten, now, cost).map_err(KeyedDenied::Key)?;
        let index = self.insert(hash, make(), tat, false);
        self.enqueue(index);
        Ok(())
    }

    /// Fails unless some key's bucket is full again at `now`.
    fn need_forgettable(&mut self, now: u64) -> Result<(), KeyedDenied> {
        self.settle_first();
        let units = self.quota.units(now);
        match self.queue.peek() {
            Some(Reverse((tat, _))) if *tat > units => Err(KeyedDenied::Full {
                wait: exact::nanos_up(&self.quota, tat - units),
            }),
            _ => Ok(()),
        }
    }

    /// Corrects the heap until its first item shows its key's own TAT.
    fn settle_first(&mut self) {
        while let Some(mut first) = self.queue.peek_mut() {
            let Reverse((shown, index)) = *first;
            let actual = self.entries[index].as_ref().map_or(shown, |e| e.tat);
            if actual == shown {
                return;
            }
            *first = Reverse((actual, index));
        }
    }

    /// Drops the key at the head of the queue; a listed key only leaves the queue.
    fn forget_first(&mut self) {
        let Some(Reverse((tat, index))) = self.queue.pop() else {
            return;
        };
        if let Some(entry) = self.entries[index].as_mut() {
            if entry.listed {
                entry.queued = false;
                return;
            }
        }
        self.forgotten = self.forgotten.max(tat);
        self.remove(index);
    }

    fn insert(&mut self, hash: u64, key: K, tat: u128, listed: bool) -> usize {
        let entry = Some(Entry {
            hash,
            key,
            tat,
            listed,
            queued: false,
        });
        let index = match self.free.pop() {
            Some(index) => {
                self.entries[index] = entry;
                index
            }
            None => {
                self.entries.push(entry);
                self.entries.len() - 1
            }
        };
        let entries = &self.entries;
        self.table.insert_unique(hash, index, |&other| {
            entries[other].as_ref().map_or(0, |e| e.hash)
        });
        index
    }

    fn enqueue(&mut self, index: usize) {
        if let Some(entry) = self.entries[index].as_mut() {
            if !entry.queued {
                entry.queued = true;
                self.queue.push(Reverse((entry.tat, index)));
            }
        }
    }

    fn remove(&mut self, index: usize) {
        let Some(entry) = self.entries[index].take() else {
            return;
        };
        if let Ok(slot) = self.table.find_entry(entry.hash, |&other| other == index) {
            slot.remove();
        }
        self.free.push(index);
    }

    /// Lets a known key pass always from here on; says whether it is known. Its debt is kept for
    /// [`unlist`](Self::unlist).
    pub(crate) fn list_known(&mut self, hash: u64, same: impl Fn(&K) -> bool) -> bool {
        let found = self.find(hash, same);
        match found.and_then(|index| self.entries[index].as_mut()) {
            Some(entry) => {
                entry.listed = true;
                true
            }
            None => false,
        }
    }

    /// Keeps a new key that always passes.
    pub(crate) fn list_new(&mut self, hash: u64, key: K) {
        self.insert(hash, key, self.forgotten, true);
    }

    /// Ends [`list_known`](Self::list_known). The key counts towards the bound again, which the shard may
    /// exceed by it until a key is forgotten. Says whether the key was listed.
    pub(crate) fn unlist(&mut self, hash: u64, same: impl Fn(&K) -> bool) -> bool {
        let Some(index) = self.find(hash, same) else {
            return false;
        };
        let listed = self.entries[index]
            .as_mut()
            .is_some_and(|e| std::mem::take(&mut e.listed));
        self.enqueue(index);
        listed
    }

    /// Forgets every key whose bucket is full again at `now`; says how many.
    pub(crate) fn forget_idle(&mut self, now: u64) -> usize {
        let units = self.quota.units(now);
        let before = self.queue.len();
        loop {
            self.settle_first();
            match self.queue.peek() {
                Some(Reverse((tat, _))) if *tat <= units => self.forget_first(),
                _ => return before - self.queue.len(),
            }
        }
    }

    /// Changes the quota of every key, as [`exact::convert`] says.
    pub(crate) fn set_quota(&mut self, now: u64, quota: Quota) {
        let old = std::mem::replace(&mut self.quota, quota);
        for entry in self.entries.iter_mut().flatten() {
            entry.tat = exact::convert(&old, &quota, entry.tat, now);
        }
        self.forgotten = if self.forgotten > old.units(now) {
            exact::convert(&old, &quota, self.forgotten, now)
        } else {
            // Nothing owed at `now`: nothing is owed under the new quota either.
            quota.units(now)
        };
        let entries = &self.entries;
        self.queue = entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| {
                let entry = entry.as_ref().filter(|e| e.queued)?;
                Some(Reverse((entry.tat, index)))
            })
            .collect();
    }
}
