//! What the kernel says of the calling thread and of the process: cores, time run, time waited.

use std::fs::read_to_string;

/// Nanoseconds that the calling thread ran, and that it waited for a core while it could run.
///
/// `None` where the kernel does not tell; the harness then knows that nothing was seen.
pub(crate) fn ran_and_waited() -> Option<(u64, u64)> {
    let text = read_to_string("/proc/thread-self/schedstat").ok()?;
    let mut fields = text.split_whitespace().map(str::parse);
    Some((fields.next()?.ok()?, fields.next()?.ok()?))
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
pub(crate) fn since(before: Option<(u64, u64)>, after: Option<(u64, u64)>) -> Option<(u64, u64)> {
    let (before, after) = (before?, after?);
    Some((
        after.0.saturating_sub(before.0),
        after.1.saturating_sub(before.1),
    ))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn work_is_seen_as_time_run() {
        let before = ran_and_waited();
        let start = std::time::Instant::now();
        while start.elapsed().as_millis() < 30 {
            std::hint::spin_loop();
        }
        let (ran, _) = since(before, ran_and_waited()).expect("Linux has schedstat");
        assert!(ran > 1_000_000, "{ran}");
        assert!(!allowed_cores().is_empty());
    }
}
