//! What Q14 states about time: the approval of a rotation, and a rotation on the HSM's stated
//! times.

use super::*;
use ed25519_dalek::{Signer, SigningKey};
use probe::Bench;

fn officers() -> ([VerifyingKey; 3], [SigningKey; 3]) {
    let keys = [1, 2, 3].map(|n| SigningKey::from_bytes(&[n; 32]));
    (std::array::from_fn(|n| keys[n].verifying_key()), keys)
}

const REQUEST: Request = Request { address: [5; 20], generation: 3 };

fn approvals(keys: &[SigningKey; 3]) -> [(usize, Signature); 2] {
    [0, 2].map(|n| (n, keys[n].sign(&REQUEST.to_bytes())))
}

/// Two signatures checked, by real Ed25519.
fn approval(bench: &mut Bench) {
    let (officers, keys) = officers();
    let approvals = approvals(&keys);
    bench.calls(|| assert!(is_approved(&officers, REQUEST, &approvals)));
}

/// An HSM that needs 10 ms for each command; a chain and a journal that answer at once.
struct Simulated;

#[async_trait]
impl Hsm for Simulated {
    async fn key(&self, _: Label) -> Result<PublicKey, Failure> {
        sleep(Duration::from_millis(10)).await;
        Ok([8; 32])
    }
    async fn sign(&self, _: Label, bytes: &[u8]) -> Result<Vec<u8>, Failure> {
        sleep(Duration::from_millis(10)).await;
        Ok(bytes.to_vec())
    }
    async fn destroy(&self, _: Label) -> Result<(), Failure> {
        sleep(Duration::from_millis(10)).await;
        Ok(())
    }
}

#[async_trait]
impl Chain for Simulated {
    async fn authorise(&self, _: [u8; 20], _: PublicKey, _: &[u8]) -> Result<(), Failure> {
        Ok(())
    }
    async fn revoke(&self, _: [u8; 20], _: u32) -> Result<(), Failure> {
        Ok(())
    }
}

#[async_trait]
impl Journal for Simulated {
    async fn read(&self, _: Request) -> Result<Option<Done>, Failure> {
        Ok(None)
    }
    async fn note(&self, _: Request, _: Done) -> Result<(), Failure> {
        Ok(())
    }
}

/// A whole rotation: four commands to the HSM.
fn rotation(bench: &mut Bench) {
    let (officers, keys) = officers();
    let approvals = approvals(&keys);
    let rotator = Rotator {
        hsms: [Simulated, Simulated],
        chain: Simulated,
        journal: Simulated,
        officers,
        attempts: 3,
        limit: Duration::from_millis(50),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without threads");
    bench.steps(|| {
        runtime.block_on(async {
            let begun = tokio::time::Instant::now();
            rotator.rotate(REQUEST, &approvals).await.expect("nothing fails");
            begun.elapsed()
        })
    });
}
