//! What Q6 states about time: the bookkeeping around the log, SQLite left out.

use super::*;
use probe::Bench;

/// A log in memory that answers at once.
#[derive(Default)]
struct InMemory(Mutex<Vec<NonceEvent>>);

#[async_trait]
impl EventLog for InMemory {
    async fn read(&self, _: Address, after: u64) -> Result<Vec<NonceEvent>, NonceError> {
        Ok(self.0.lock().expect("no panic")[after as usize..].to_vec())
    }
    async fn append(&self, _: Address, at: u64, event: NonceEvent) -> Result<bool, NonceError> {
        let mut events = self.0.lock().expect("no panic");
        if at != events.len() as u64 + 1 {
            return Ok(false);
        }
        events.push(event);
        Ok(true)
    }
    async fn erase(&self, _: Address) -> Result<(), NonceError> {
        self.0.lock().expect("no panic").clear();
        Ok(())
    }
}

/// A nonce reserved and mined: two events; an address a core.
fn events(bench: &mut Bench) {
    bench.rate(
        |thread| (Address([thread as u8; 20]), Nonces::new(InMemory::default()), 0),
        |(address, nonces, count): &mut (Address, Nonces<InMemory>, u64)| {
            if *count == 100_000 {
                (*nonces, *count) = (Nonces::new(InMemory::default()), 0);
            }
            let nonce = futures::FutureExt::now_or_never(nonces.reserve(*address));
            let nonce = nonce.expect("at once").expect("the log takes it");
            let mined = nonces.report(*address, NonceEvent::Mined(nonce));
            futures::FutureExt::now_or_never(mined).expect("at once").expect("it was open");
            *count += 2;
            2
        },
    );
}
