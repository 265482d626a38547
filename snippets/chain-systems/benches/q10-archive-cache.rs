//! What Q10 states about time and hits: a word that is kept, and a Zipf load.

use super::*;
use probe::Bench;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

struct Archive;

#[async_trait]
impl StateSource for Archive {
    async fn read(&self, slot: Slot) -> Result<Word, RpcError> {
        Ok([slot.block as u8; 32])
    }
}

fn slot(number: u64) -> Slot {
    let mut position = [0; 32];
    position[..8].copy_from_slice(&number.to_be_bytes());
    Slot { contract: [4; 20], position, block: 19_000_000 }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
}

/// A read of one of 100,000 kept words.
fn hit(bench: &mut Bench) {
    let runtime = runtime();
    let cache = StateCache::new(Archive, 100_000 * ENTRY_BYTES, Duration::from_secs(1));
    runtime.block_on(async {
        for number in 0..100_000 {
            cache.get(slot(number)).await.expect("the archive answers");
        }
    });
    let mut random = StdRng::seed_from_u64(bench.seed());
    bench.calls_with(
        || slot(random.gen_range(0..100_000)),
        |slot| futures::FutureExt::now_or_never(cache.get(slot)).expect("it is kept"),
    );
}

/// The share of reads that are kept: exponent 1, a million words, one in ten of them kept.
fn zipf(bench: &mut Bench) {
    const WORDS: usize = 1_000_000;
    let runtime = runtime();
    let cache = StateCache::new(Archive, WORDS / 10 * ENTRY_BYTES, Duration::from_secs(1));
    let mut random = StdRng::seed_from_u64(bench.seed());
    let mut sums = Vec::with_capacity(WORDS);
    let mut sum = 0.0;
    for rank in 1..=WORDS {
        sum += 1.0 / rank as f64;
        sums.push(sum);
    }
    let _inside = runtime.enter();
    let mut read = || {
        let at = random.gen_range(0.0..sum);
        let number = sums.partition_point(|below| *below < at) as u64;
        match futures::FutureExt::now_or_never(cache.get(slot(number))) {
            Some(_) => true,
            None => {
                runtime.block_on(cache.get(slot(number))).expect("the archive answers");
                false
            }
        }
    };
    (0..200_000).for_each(|_| {
        read();
    });
    let trials = 100_000;
    let hits = (0..trials).filter(|_| read()).count();
    bench.share(hits as u64, trials);
}
