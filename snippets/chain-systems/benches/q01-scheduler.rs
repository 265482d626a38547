//! What Q1 states about time: the port's indirection, and signatures verified a second.

use super::*;
use ed25519_dalek::{Signer, SigningKey};
use probe::Bench;

struct Empty;

#[async_trait]
impl TransactionSource for Empty {
    async fn pending(&self) -> Result<Vec<Transaction>, SourceError> {
        Ok(Vec::new())
    }
}

/// The same answer without the port.
async fn direct() -> Result<Vec<Transaction>, SourceError> {
    Ok(Vec::new())
}

fn run<T>(answer: impl Future<Output = T>) -> T {
    futures::executor::block_on(answer)
}

/// A call through `dyn`, with its boxed future, against a direct call.
fn port(bench: &mut Bench) {
    let source: Box<dyn TransactionSource> = Box::new(Empty);
    bench.paired(|| run(direct()), || run(source.pending()));
}

fn signed(seed: u64) -> Vec<Transaction> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let key = SigningKey::from_bytes(&bytes);
    (0..64)
        .map(|nonce: u64| {
            let mut message = vec![7; 200];
            message[..8].copy_from_slice(&nonce.to_be_bytes());
            Transaction {
                sender: Sender(key.verifying_key().to_bytes()),
                nonce,
                priority_fee: nonce % 11,
                received: Instant::now(),
                signature: key.sign(&message).to_bytes(),
                message,
            }
        })
        .collect()
}

/// Signatures that the scheduler's own check verifies.
fn verify(bench: &mut Bench) {
    let seed = bench.seed();
    bench.rate(
        |thread| signed(seed ^ thread as u64).into_iter().cycle(),
        |pending| {
            let next = pending.next().expect("a cycle has no end");
            assert!(is_signed(&next));
            1
        },
    );
}
