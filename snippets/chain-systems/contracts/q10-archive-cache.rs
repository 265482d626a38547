use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;
use tokio::time::sleep;

const LIMIT: Duration = Duration::from_millis(150);

/// Answers after 100 ms with the slot's own number; slot 13 fails, 66 hangs, 99 panics.
#[derive(Default)]
struct Node {
    asked: Arc<AtomicUsize>,
    healthy: Arc<std::sync::atomic::AtomicBool>,
    release: Arc<Notify>,
}

#[async_trait]
impl StateSource for Node {
    async fn read(&self, slot: Slot) -> Result<Word, RpcError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let ill = !self.healthy.load(Ordering::SeqCst);
        match slot.position[30..] {
            [0, 13] if ill => Err(RpcError("missing trie node".into())),
            [0, 66] if ill => std::future::pending().await,
            [0, 77] => {
                self.release.notified().await;
                Ok(slot.position)
            }
            [0, 99] if ill => panic!("a defect of the client"),
            _ => {
                sleep(Duration::from_millis(100)).await;
                Ok(slot.position)
            }
        }
    }
}

fn slot(number: u64) -> Slot {
    let mut position = [0; 32];
    position[24..].copy_from_slice(&number.to_be_bytes());
    Slot { contract: [1; 20], position, block: 7 }
}

fn cache(entries: usize) -> (Arc<StateCache<Node>>, Arc<AtomicUsize>) {
    let node = Node::default();
    let asked = node.asked.clone();
    (Arc::new(StateCache::new(node, entries * ENTRY_BYTES, LIMIT)), asked)
}

/// Q10.1 a hit asks nobody
#[tokio::test(start_paused = true)]
async fn a_hit_asks_nobody() {
    let (cache, asked) = cache(10);
    for _ in 0..5 {
        assert_eq!(cache.get(slot(1)).await, Ok(slot(1).position));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let other_block = Slot { block: 8, ..slot(1) };
    assert_eq!(cache.get(other_block).await, Ok(slot(1).position));
    assert_eq!(asked.load(Ordering::SeqCst), 2, "another block is another slot");
}

async fn hundred(cache: &Arc<StateCache<Node>>, number: u64) -> Vec<Answer> {
    let reads = (0..100).map(|_| {
        let cache = cache.clone();
        tokio::spawn(async move { cache.get(slot(number)).await })
    });
    let reads: Vec<_> = reads.collect();
    futures::future::join_all(reads).await.into_iter().map(|read| read.unwrap()).collect()
}

/// Q10.2 concurrent misses of one key ask once
#[tokio::test(start_paused = true)]
async fn concurrent_misses_ask_once() {
    let (cache, asked) = cache(10);
    assert_eq!(hundred(&cache, 1).await, vec![Ok(slot(1).position); 100]);
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    let failed = Err(ReadError::Failed(RpcError("missing trie node".into())));
    assert_eq!(hundred(&cache, 13).await, vec![failed; 100]);
    assert_eq!(asked.load(Ordering::SeqCst), 2, "an error is shared too");
}

/// Q10.2 the first caller's departure neither stops nor repeats the question
#[tokio::test(start_paused = true)]
async fn a_caller_that_leaves_does_not_stop_the_others() {
    let (cache, asked) = cache(10);
    let mut first = Box::pin(cache.get(slot(1)));
    assert!(futures::poll!(first.as_mut()).is_pending());
    let mut second = Box::pin(cache.get(slot(1)));
    assert!(futures::poll!(second.as_mut()).is_pending());
    drop(first);
    assert_eq!(second.await, Ok(slot(1).position));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// Q10.3 memory stays within the stated bound; part: an entry's bytes are counted, not measured
#[tokio::test(start_paused = true)]
async fn memory_stays_within_the_bound() {
    let bound = 32 * ENTRY_BYTES + ENTRY_BYTES / 2;
    let cache = StateCache::new(Node::default(), bound, LIMIT);
    for number in 1_000..1_200 {
        assert!(cache.get(slot(number)).await.is_ok());
        // Slot 1,000 is used all the time and stays.
        assert!(cache.get(slot(1_000)).await.is_ok());
        assert!(lock(&cache.inner).kept.iter().count() <= 32);
        assert!(cache.kept_bytes() <= bound, "{} bytes", cache.kept_bytes());
    }
    assert!(lock(&cache.inner).asked.is_empty(), "questions pile up");
    assert!(lock(&cache.inner).kept.contains(&slot(1_000)));
    assert!(size_of::<(Slot, Word)>() < ENTRY_BYTES);
}

/// Q10.4 no lock is held across an await
#[tokio::test(start_paused = true)]
async fn a_slow_read_holds_up_nobody() {
    fn sent_between_threads<T: Send>(future: T) -> T {
        future
    }
    let node = Node::default();
    let release = node.release.clone();
    let cache = Arc::new(StateCache::new(node, 10 * ENTRY_BYTES, LIMIT));
    assert!(cache.get(slot(1)).await.is_ok());

    let mut slow = Box::pin(sent_between_threads(cache.get(slot(77))));
    assert!(futures::poll!(slow.as_mut()).is_pending());
    assert!(cache.inner.try_lock().is_ok());
    let hit = timeout(Duration::from_millis(1), cache.get(slot(1))).await;
    assert_eq!(hit, Ok(Ok(slot(1).position)), "a hit waited");
    let miss = timeout(Duration::from_millis(110), cache.get(slot(2))).await;
    assert_eq!(miss, Ok(Ok(slot(2).position)), "a miss waited for another slot");
    assert!(futures::poll!(slow.as_mut()).is_pending());
    release.notify_one();
    assert_eq!(slow.await, Ok(slot(77).position));
}

/// Q10.5 an RPC error is not cached
#[tokio::test(start_paused = true)]
async fn failures_are_not_kept() {
    let node = Node::default();
    let (asked, healthy) = (node.asked.clone(), node.healthy.clone());
    let cache = StateCache::new(node, 10 * ENTRY_BYTES, LIMIT);
    let failed = Err(ReadError::Failed(RpcError("missing trie node".into())));
    assert_eq!(cache.get(slot(13)).await, failed);
    assert_eq!(cache.get(slot(66)).await, Err(ReadError::TimedOut(LIMIT)));
    assert_eq!(cache.get(slot(99)).await, Err(ReadError::Lost));
    assert_eq!(asked.load(Ordering::SeqCst), 3);

    healthy.store(true, Ordering::SeqCst);
    for number in [13, 66, 99] {
        assert_eq!(cache.get(slot(number)).await, Ok(slot(number).position));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 6);
}
