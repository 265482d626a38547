//! What Q20 states about time: five signers, hops of 90 ms, real FROST.

use super::*;
use frost_ed25519::rand_core::SeedableRng;
use probe::Bench;

struct Far<S>(S);

#[async_trait]
impl<S: Signer> Signer for Far<S> {
    async fn commit(&self) -> Result<SigningCommitments, String> {
        tokio::time::sleep(Duration::from_millis(90)).await;
        self.0.commit().await
    }
    async fn share(&self, package: &SigningPackage) -> Result<SignatureShare, String> {
        tokio::time::sleep(Duration::from_millis(90)).await;
        self.0.share(package).await
    }
}

/// One signature by any three of five: two rounds, each with one answer that took 90 ms.
fn sign(bench: &mut Bench) {
    let mut random = rand::rngs::StdRng::seed_from_u64(bench.seed());
    let (shares, group) =
        frost::keys::generate_with_dealer(5, 3, frost::keys::IdentifierList::Default, &mut random)
            .expect("three of five");
    let signers = shares.into_iter().map(|(id, share)| {
        let key = KeyPackage::try_from(share).expect("a share of this group");
        let random = rand::rngs::StdRng::from_rng(&mut random).expect("a generator gives seeds");
        (id, Arc::new(Far(LocalSigner::new(key, random))) as Arc<dyn Signer>)
    });
    let coordinator = Coordinator::new(signers.collect(), group, 3, Duration::from_millis(200));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without threads");
    bench.steps(|| {
        runtime.block_on(async {
            let begun = tokio::time::Instant::now();
            coordinator.sign(b"settle 17").await.expect("all five answer");
            begun.elapsed()
        })
    });
}
