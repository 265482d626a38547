//! Probes and their results → permits while half-open, and the decision.

use super::window::{Counts, Mark};

/// The half-open state. Probes under way plus probes done never exceed the permits.
pub(crate) struct HalfOpen {
    permits: usize,
    lease_nanos: u64,
    leases: Vec<Lease>,
    last_id: u32,
    pub(crate) entered: u64,
    pub(crate) done: Counts,
}

struct Lease {
    id: u32,
    /// Last nanosecond at which the result counts.
    until: u64,
}

impl HalfOpen {
    pub(crate) fn new(permits: u32, lease_nanos: u64) -> Self {
        Self {
            permits: permits as usize,
            lease_nanos,
            leases: Vec::with_capacity(permits as usize),
            last_id: 0,
            entered: 0,
            done: Counts::default(),
        }
    }

    /// Begins the state at `now` with all permits free.
    pub(crate) fn enter(&mut self, now: u64) {
        self.leases.clear();
        self.entered = now;
        self.done = Counts::default();
    }

    fn expire(&mut self, now: u64) {
        self.leases.retain(|lease| now <= lease.until);
    }

    /// Probes under way whose lease has not expired at `now`.
    pub(crate) fn under_way(&self, now: u64) -> usize {
        self.leases
            .iter()
            .filter(|lease| now <= lease.until)
            .count()
    }

    /// Whether a probe would be permitted at `now`.
    pub(crate) fn has_room(&self, now: u64) -> bool {
        self.under_way(now) + (self.done.calls as usize) < self.permits
    }

    /// A lease for a probe, or the nanoseconds until the first lease expires.
    pub(crate) fn lease(&mut self, now: u64) -> Result<u32, u64> {
        self.expire(now);
        if !self.has_room(now) {
            return Err(self.wait(now));
        }
        // 0 marks a permit that is no probe.
        self.last_id = self.last_id.wrapping_add(1).max(1);
        self.leases.push(Lease {
            id: self.last_id,
            until: now.saturating_add(self.lease_nanos),
        });
        Ok(self.last_id)
    }

    /// Nanoseconds until the first lease expires; `u64::MAX` if none does.
    pub(crate) fn wait(&self, now: u64) -> u64 {
        let first = self.leases.iter().map(|lease| lease.until).min();
        match first {
            None | Some(u64::MAX) => u64::MAX,
            Some(until) => until.saturating_sub(now).saturating_add(1),
        }
    }

    /// Ends a lease; `false` if it has expired or was ended before.
    pub(crate) fn give_back(&mut self, id: u32, now: u64) -> bool {
        self.expire(now);
        let place = self.leases.iter().position(|lease| lease.id == id);
        place.map(|place| self.leases.swap_remove(place)).is_some()
    }

    pub(crate) fn record(&mut self, mark: Mark) {
        self.done.add(mark);
    }
}
