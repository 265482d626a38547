//! What Q27 states about time: choosing a batch, and a proposal on the stated times.

use super::*;
use probe::Bench;

fn pool(seed: u64) -> Vec<Pending> {
    (0..50_000_u64)
        .map(|number| {
            let random = seed.wrapping_add(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            Pending {
                sender: random >> 51,
                nonce: number / 8_192,
                priority_fee: u128::from(random % 1_000_000),
            }
        })
        .collect()
}

/// The 100 best of 50,000 waiting transactions.
fn pick_100(bench: &mut Bench) {
    let pool = pool(bench.seed());
    bench.calls(|| pick(&pool, BATCH));
}

struct Outside(String, u64);

#[async_trait]
impl Builder for Outside {
    fn name(&self) -> &str {
        &self.0
    }
    async fn offer(&self, _: &[Pending]) -> Result<Offer, String> {
        tokio::time::sleep(Duration::from_millis(60)).await;
        Ok(Offer { header: self.1, value: 2_000 + u128::from(self.1) })
    }
    async fn confirm(&self, _: &Offer) -> Result<(), String> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(())
    }
}

struct Own;

#[async_trait]
impl OwnNode for Own {
    async fn build(&self, _: &[Pending]) -> LocalBlock {
        tokio::time::sleep(Duration::from_millis(40)).await;
        LocalBlock { header: 0, value: 1_000 }
    }
}

/// Three builders that offer after 60 ms and confirm after 20 ms, the batch picked first.
fn propose(bench: &mut Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without threads");
    let pool = pool(bench.seed());
    let builders = (1..4).map(|n| Arc::new(Outside(format!("builder-{n}"), n)) as Arc<dyn Builder>);
    let proposer = Proposer::new(builders.collect(), Arc::new(Own));
    bench.steps(|| {
        runtime.block_on(async {
            let begun = tokio::time::Instant::now();
            let batch = pick(&pool, BATCH);
            let (choice, _) = proposer.choose(&batch).await;
            assert!(matches!(choice, Choice::Outside { .. }));
            begun.elapsed()
        })
    });
}
