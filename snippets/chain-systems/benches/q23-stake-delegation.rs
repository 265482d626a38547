//! What Q23 states about time: 2,000 validators against 25 ms.

use super::*;
use probe::Bench;

const AMOUNT: u64 = 50_000_000_000_000_000;

fn table(validators: u64) -> StakeTable {
    let table = StakeTable::default();
    for number in 1..=validators {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_be_bytes());
        let standing = Standing {
            stake: number.wrapping_mul(7_919_000_000_000) % 9_000_000_000_000_000,
            performance_bp: 9_000 + (number % 1_000) as u32,
            skip_bp: (number % 1_100) as u32,
        };
        table.report(VoteKey(key), standing).expect("shares are below one");
    }
    table
}

/// The whole split, the shared table read included.
fn delegate_2000(bench: &mut Bench) {
    let table = table(2_000);
    bench.calls(|| table.delegate(AMOUNT));
}
