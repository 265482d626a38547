//! What Q4 states about time: what routing adds to a query, the databases left out.

use super::*;
use probe::Bench;

struct Nothing;

#[async_trait]
impl EventShard for Nothing {
    async fn events(&self, _: BlockRange) -> Result<Vec<Event>, Box<dyn Error + Send + Sync>> {
        Ok(Vec::new())
    }
}

/// A range that crosses all of eight shards, which answer at once with nothing.
fn route_8(bench: &mut Bench) {
    let shards = (0..8).map(|n| (n * 1_000_000, Box::new(Nothing) as Box<dyn EventShard>));
    let router = ShardRouter::new(shards.collect(), Duration::from_millis(200)).expect("bounds");
    let range = BlockRange::new(5, 7_900_000).expect("ascending");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    bench.calls(|| runtime.block_on(router.query_range(range)).expect("no shard fails").len());
}
