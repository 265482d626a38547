//! What Q28 states about time: what the lease and the lag add to a transfer, the database left
//! out.

use super::*;
use probe::Bench;
use std::hint::black_box;

struct AtOnce(u64);

impl Ledger for AtOnce {
    fn lag(&mut self) -> Result<Duration, BridgeError> {
        Ok(Duration::from_secs(3))
    }
    fn append(&mut self, transfer: &Transfer, _: u64) -> Result<(), BridgeError> {
        self.0 += transfer.amount;
        Ok(())
    }
    fn position(&mut self) -> Result<u64, BridgeError> {
        Ok(self.0)
    }
    fn totals(&mut self, up_to: u64) -> Result<Totals, BridgeError> {
        Ok(Totals { rows: up_to, amount: 0 })
    }
}

/// A transfer through the checks against one that is only appended.
fn checks(bench: &mut Bench) {
    let mut leadership = Leadership::default();
    leadership.note(Duration::ZERO, LeaseRecord::default().ask(1, Duration::ZERO));
    let transfer = Transfer { seq: 1, amount: 5 };
    let (mut bare, mut checked) = (AtOnce(0), AtOnce(0));
    bench.paired(
        || bare.append(black_box(&transfer), black_box(1)),
        || {
            let now = black_box(Duration::from_secs(1));
            accept(&mut checked, black_box(&leadership), now, black_box(&transfer))
        },
    );
}
