//! A fixed piece of work: how fast the machine is just now, whatever the bench does.

use std::hint::black_box;
use std::time::Instant;

use crate::clock::picoseconds;

const ROUNDS: usize = 24;

/// The median time of one round of the kernel, in picoseconds.
///
/// Half of the work is arithmetic and half is reads spread over 256 KiB, so that both a slower
/// clock and a neighbour in the cache show.
pub(crate) fn round_time() -> u64 {
    let table: Vec<u64> = (0..1 << 15)
        .map(|n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .collect();
    let mut times: Vec<u64> = (0..ROUNDS)
        .map(|round| {
            let start = Instant::now();
            black_box(kernel(&table, round as u64 + 1));
            picoseconds(start.elapsed())
        })
        .collect();
    times.sort_unstable();
    times[ROUNDS / 2]
}

fn kernel(table: &[u64], seed: u64) -> u64 {
    let mut state = seed;
    let mut sum = 0_u64;
    for _ in 0..50_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let at = usize::try_from(state >> 49).unwrap_or(0) % table.len();
        sum = sum.wrapping_add(table[at]).rotate_left(5);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_does_the_same_work_each_time() {
        let table = vec![1; 1 << 15];
        assert_eq!(kernel(&table, 7), kernel(&table, 7));
        assert_ne!(kernel(&table, 7), 0);
        assert!(round_time() > 0);
    }
}
