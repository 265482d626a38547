//! What Q5 states about time: building a batch of 100.

use super::*;
use probe::Bench;

/// The input of one multicall of 100 mints, and its bid.
fn build_100(bench: &mut Bench) {
    let mints: Vec<Mint> =
        (0..BATCH as u8).map(|n| Mint { to: [n; 20], token: [n.wrapping_mul(3); 32] }).collect();
    bench.calls(|| (multicall(&mints), bid(31_000_000_000)));
}
