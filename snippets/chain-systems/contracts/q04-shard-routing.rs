use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::{Arc, Mutex};

/// Which shards were asked, in order.
type Asked = Arc<Mutex<Vec<usize>>>;

/// Server needed: PostgreSQL takes this list's place behind the port.
struct ListShard {
    number: usize,
    events: Vec<Event>,
    delay: Duration,
    fails: bool,
    asked: Asked,
}

#[async_trait]
impl EventShard for ListShard {
    async fn events(&self, range: BlockRange) -> Result<Vec<Event>, Box<dyn Error + Send + Sync>> {
        self.asked.lock().unwrap().push(self.number);
        tokio::time::sleep(self.delay).await;
        if self.fails {
            return Err("disk full".into());
        }
        Ok(self.events.iter().filter(|event| range.contains(event.block)).cloned().collect())
    }
}

fn event(block: u64, position: u32) -> Event {
    Event { block, position, payload: vec![1, 2, 3] }
}

fn range(first: u64, last: u64) -> BlockRange {
    BlockRange::new(first, last).unwrap()
}

/// Shards over `table`, which is sorted; the first shard is the slowest to answer.
fn shards(bounds: &[u64], table: &[Event]) -> (Vec<ListShard>, Asked) {
    let asked = Asked::default();
    let ends = bounds[1..].iter().copied().chain([u64::MAX]);
    let shards = bounds.iter().zip(ends).enumerate().map(|(number, (start, end))| ListShard {
        number,
        events: table.iter().filter(|e| (*start..end).contains(&e.block)).cloned().collect(),
        delay: Duration::from_millis((bounds.len() - number) as u64),
        fails: false,
        asked: asked.clone(),
    });
    (shards.collect(), asked)
}

fn router(bounds: &[u64], shards: Vec<ListShard>) -> ShardRouter {
    let boxed = shards.into_iter().map(|shard| Box::new(shard) as Box<dyn EventShard>);
    let limit = Duration::from_millis(200);
    ShardRouter::new(bounds.iter().copied().zip(boxed).collect(), limit).unwrap()
}

/// Eight shards of 100 blocks with two events each.
fn eight() -> (ShardRouter, Asked) {
    let bounds: Vec<u64> = (0..8).map(|n| n * 100).collect();
    let table: Vec<Event> = (0..800).flat_map(|b| [event(b, 0), event(b, 1)]).collect();
    let (shards, asked) = shards(&bounds, &table);
    (router(&bounds, shards), asked)
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q4.1 rows equal a single-table oracle for every range; server needed
    #[test]
    fn every_range_equals_the_single_table(
        widths in prop::collection::vec(1u64..6, 0..8),
        events in prop::collection::btree_set((0u64..45, 0u32..3), 0..80),
        first in 0u64..45,
        width in 0u64..45,
    ) {
        let mut bounds = vec![0];
        for width in widths {
            bounds.push(bounds[bounds.len() - 1] + width);
        }
        let table: Vec<Event> = events.iter().map(|(block, at)| event(*block, *at)).collect();
        let range = range(first, first + width);
        let oracle: Vec<Event> =
            table.iter().filter(|e| first <= e.block && e.block <= first + width).cloned().collect();

        let (shards, _) = shards(&bounds, &table);
        let router = router(&bounds, shards);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let mut rows = runtime.block_on(router.query_range(range)).unwrap();
        rows.sort(); // which rows, not in which order
        prop_assert_eq!(rows, oracle);
    }
}

/// Q4.2 a range within one shard's bounds asks exactly one shard; server needed
#[tokio::test(start_paused = true)]
async fn a_range_within_bounds_asks_one_shard() {
    let (router, asked) = eight();
    for (first, last, shard) in [(10, 20, 0), (250, 250, 2), (301, 399, 3), (701, 90_000, 7)] {
        router.query_range(range(first, last)).await.unwrap();
        assert_eq!(asked.lock().unwrap().split_off(0), [shard], "{first} to {last}");
    }
}

/// Q4.3 a crossing range asks only the shards it crosses, results in block order; server needed
#[tokio::test(start_paused = true)]
async fn a_crossing_range_asks_the_crossed_shards_in_order() {
    let (router, asked) = eight();
    let rows = router.query_range(range(350, 610)).await.unwrap();
    let mut crossed = asked.lock().unwrap().split_off(0);
    crossed.sort();
    assert_eq!(crossed, [3, 4, 5, 6]);
    assert_eq!(rows.len(), 2 * 261);
    assert!(rows.is_sorted(), "the slower shards of lower blocks came later");
}

/// Q4.3 a crossed shard that fails or is late fails the query and is named
#[tokio::test(start_paused = true)]
async fn a_missing_shard_is_not_a_shorter_answer() {
    let bounds = [0, 100, 200];
    let (mut list, _) = shards(&bounds, &[event(50, 0), event(250, 0)]);
    list[1].fails = true;
    let failed = router(&bounds, list).query_range(range(50, 250)).await;
    assert!(matches!(failed, Err(QueryError::ShardFailed(1, _))), "{failed:?}");

    let (mut list, _) = shards(&bounds, &[]);
    list[2].delay = Duration::from_secs(9);
    let start = tokio::time::Instant::now();
    let late = router(&bounds, list).query_range(range(50, 250)).await;
    assert!(matches!(late, Err(QueryError::TimedOut(2, _))), "{late:?}");
    assert!(start.elapsed() < Duration::from_millis(210));
}

/// Q4.1 bounds that leave a block without a shard are refused
#[test]
fn bounds_must_cover_the_chain() {
    let build = |bounds: &[u64]| {
        let shards = shards(bounds, &[]).0.into_iter();
        let boxed = shards.map(|shard| Box::new(shard) as Box<dyn EventShard>);
        ShardRouter::new(bounds.iter().copied().zip(boxed).collect(), Duration::ZERO).map(drop)
    };
    assert_eq!(build(&[0, 5, 9]), Ok(()));
    assert_eq!(build(&[1, 5]), Err(BoundsError::NoGenesis));
    assert_eq!(build(&[0, 5, 5]), Err(BoundsError::NotAscending(5)));
    let none = ShardRouter::new(Vec::new(), Duration::ZERO).map(drop);
    assert_eq!(none, Err(BoundsError::NoGenesis));
    assert_eq!(BlockRange::new(2, 1), None);
}
