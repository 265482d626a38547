//! What Q25 states about time: five exchanges of 150 ms.

use super::*;
use probe::Bench;

struct Answers(String, u64);

#[async_trait]
impl Exchange for Answers {
    fn name(&self) -> &str {
        &self.0
    }
    async fn price(&self, swap: &Swap) -> Result<Quote, String> {
        tokio::time::sleep(Duration::from_millis(self.1)).await;
        Ok(Quote { amount_out: swap.amount_in + u128::from(self.1), chain_fee: 2 })
    }
}

/// The best of five quotes, each exchange after its assumed 150 ms.
fn best_of_five(bench: &mut Bench) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without threads");
    let exchanges =
        (0..5).map(|n| Arc::new(Answers(format!("exchange-{n}"), 150)) as Arc<dyn Exchange>);
    let aggregator = Aggregator::new(exchanges.collect(), LIMIT);
    let swap = Swap { sell: "ETH".to_owned(), buy: "USDC".to_owned(), amount_in: 1_000_000 };
    bench.steps(|| {
        runtime.block_on(async {
            let begun = tokio::time::Instant::now();
            aggregator.best(&swap).await.expect("five quotes");
            begun.elapsed()
        })
    });
}
