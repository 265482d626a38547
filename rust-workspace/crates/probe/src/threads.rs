//! What the kernel says of the calling thread and of the process: cores, time run, time waited.

use std::fs::read_to_string;

/// What the scheduler counted of a thread, or of several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scheduled {
    /// Nanoseconds that it ran.
    pub ran: u64,
    /// Nanoseconds that it waited for a core while it could run.
    pub waited: u64,
    /// How often it was put on a core: no more calls than these were interrupted by others.
    pub slices: u64,
}

impl Scheduled {
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            ran: self.ran + other.ran,
            waited: self.waited + other.waited,
            slices: self.slices + other.slices,
        }
    }
}

/// What the scheduler has counted of the calling thread so far.
///
/// `None` where the kernel does not tell; the harness then knows that nothing was seen.
pub(crate) fn scheduled() -> Option<Scheduled> {
    let text = read_to_string("/proc/thread-self/schedstat").ok()?;
    let mut fields = text.split_whitespace().map(str::parse);
    Some(Scheduled {
        ran: fields.next()?.ok()?,
        waited: fields.next()?.ok()?,
        slices: fields.next()?.ok()?,
    })
}

/// The cores that the process may run on, as the kernel lists them: `0-1,4`.
pub(crate) fn allowed_cores() -> String {
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))
        .map(|list| list.trim().to_owned())
        .unwrap_or_default()
}

/// Difference of two readings, where both could be made.
pub(crate) fn since(before: Option<Scheduled>, after: Option<Scheduled>) -> Option<Scheduled> {
    let (before, after) = (before?, after?);
    Some(Scheduled {
        ran: after.ran.saturating_sub(before.ran),
        waited: after.waited.saturating_sub(before.waited),
        slices: after.slices.saturating_sub(before.slices),
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn work_is_seen_as_time_run() {
        let before = scheduled();
        let start = std::time::Instant::now();
        while start.elapsed().as_millis() < 30 {
            std::hint::spin_loop();
        }
        let ran = since(before, scheduled()).expect("Linux has schedstat").ran;
        assert!(ran > 1_000_000, "{ran}");
        assert!(!allowed_cores().is_empty());
    }
}
