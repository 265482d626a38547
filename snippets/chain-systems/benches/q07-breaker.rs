//! What Q7 states about time: what a breaker adds to a call, and how long a change of provider
//! takes on the stated times.

use super::*;
use probe::Bench;

fn settings() -> Settings {
    Settings {
        threshold: NonZeroUsize::new(5).expect("five"),
        window: Duration::from_secs(30),
        open_for: Duration::from_secs(60),
        call_limit: Duration::from_millis(150),
    }
}

fn runtime(is_paused: bool) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(is_paused).build().expect("a runtime without threads")
}

/// A call through a closed breaker against the bare call; both answer at once.
fn overhead(bench: &mut Bench) {
    let breaker = Breaker::new(settings());
    let answer = || async { Ok::<u64, RpcError>(7) };
    runtime(false).block_on(async {
        bench.paired(
            || futures::FutureExt::now_or_never(answer()),
            || futures::FutureExt::now_or_never(breaker.call(answer)),
        );
    });
}

/// A call that an open breaker refuses.
fn refusal(bench: &mut Bench) {
    let breaker = Breaker::new(settings());
    runtime(false).block_on(async {
        for _ in 0..5 {
            let failed = breaker.call(|| async { Err::<u64, _>(RpcError(String::new())) }).await;
            assert!(failed.is_err());
        }
        bench.batches(|| {
            let refused = breaker.call(|| async { Ok::<u64, RpcError>(7) });
            futures::FutureExt::now_or_never(refused)
        });
    });
    assert_eq!(breaker.phase(), Phase::Open);
}

struct Provider(Option<u64>);

#[async_trait]
impl SlotSource for Provider {
    async fn slot(&self) -> Result<u64, RpcError> {
        tokio::time::sleep(Duration::from_millis(self.0.unwrap_or(10_000))).await;
        Ok(1)
    }
}

/// Two providers hang for the call's limit of 150 ms each, the third answers after 100 ms.
fn change_of_provider(bench: &mut Bench) {
    let runtime = runtime(true);
    bench.steps(|| {
        runtime.block_on(async {
            let guarded = [None, None, Some(100)].map(|after| {
                (Box::new(Provider(after)) as Box<dyn SlotSource>, Breaker::new(settings()))
            });
            let failover =
                Failover { providers: guarded.into(), limit: Duration::from_millis(500) };
            let begun = tokio::time::Instant::now();
            assert_eq!(failover.slot().await, Ok(1));
            begun.elapsed()
        })
    });
}
