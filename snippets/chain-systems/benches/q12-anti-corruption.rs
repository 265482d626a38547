//! What Q12 states about time: legacy rows turned into events, the database left out.

use super::*;
use probe::Bench;

fn rows(seed: u64) -> Vec<LegacyRow> {
    (0..1_000)
        .map(|id| {
            let number = seed.wrapping_add(id).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
            LegacyRow {
                id: id as i64,
                user: format!("U{number}"),
                amount: format!("{number}.{:04}", number % 10_000),
                side: if id % 2 == 0 { "BUY" } else { "s" }.to_owned(),
            }
        })
        .collect()
}

/// Well-formed rows; each must become an event.
fn convert(bench: &mut Bench) {
    let seed = bench.seed();
    bench.rate(
        |thread| rows(seed ^ thread as u64),
        |rows| rows.iter().filter(|row| OrderPlaced::try_from(*row).is_ok()).count() as u64,
    );
}
