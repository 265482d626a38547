//! What Q18 states about time: a look over a month's hours, the engine left out.

use super::*;
use probe::Bench;

struct Counted;

#[async_trait]
impl Events for Counted {
    async fn hour(&self, hour: i64) -> Result<Vec<HourTotal>, BatchError> {
        Ok((0..50).map(|pair| HourTotal { hour, pair, rows: 20, volume: 7 }).collect())
    }
}

/// A refresh that finds none of 721 hours changed, 50 pairs an hour.
fn refresh_720(bench: &mut Bench) {
    let mut written: BTreeMap<i64, u64> = (0..720).map(|hour| (hour, 1_000)).collect();
    let mut board = Dashboard::default();
    let mut refresh = |written: &BTreeMap<i64, u64>| {
        futures::FutureExt::now_or_never(board.refresh(&Counted, written)).expect("at once")
    };
    assert_eq!(refresh(&written), Ok(720));
    written.insert(720, 1_000);
    assert_eq!(refresh(&written), Ok(1));
    bench.calls(|| refresh(&written));
}
