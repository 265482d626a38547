use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::oneshot;
use tokio::time::advance;

fn settings() -> Settings {
    Settings {
        threshold: NonZeroUsize::new(5).unwrap(),
        window: Duration::from_secs(30),
        open_for: Duration::from_secs(60),
        call_limit: Duration::from_millis(150),
    }
}

/// Calls may outlive an open phase, as they do where no time limit is set.
fn patient() -> Settings {
    Settings { call_limit: Duration::from_secs(3_600), ..settings() }
}

async fn succeed(breaker: &Breaker) -> Result<u8, CallError<RpcError>> {
    breaker.call(|| async { Ok(7) }).await
}

async fn fail(breaker: &Breaker) -> Result<u8, CallError<RpcError>> {
    breaker.call(|| async { Err(RpcError("down".into())) }).await
}

/// Opens the breaker, however many failures that takes.
async fn trip(breaker: &Breaker) {
    for _ in 0..20 {
        if breaker.phase() == Phase::Open {
            return;
        }
        let _ = fail(breaker).await;
    }
    panic!("20 failures did not open the breaker");
}

/// Opens the breaker and waits until a probe is due, clear of the boundary.
async fn make_half_open(breaker: &Breaker) {
    trip(breaker).await;
    advance(Duration::from_secs(61)).await;
    assert_eq!(breaker.phase(), Phase::HalfOpen);
}

/// Q7.1 opens on the fifth failure within 30 s, not on the fourth
#[tokio::test(start_paused = true)]
async fn opens_on_the_fifth_failure() {
    let breaker = Breaker::new(settings());
    for n in 1..=4 {
        assert_eq!(fail(&breaker).await, Err(CallError::Failed(RpcError("down".into()))));
        assert_eq!(breaker.phase(), Phase::Closed, "failure {n}");
        advance(Duration::from_secs(7)).await;
    }
    // 28 s after the first failure; a success in between forgives nothing.
    assert_eq!(succeed(&breaker).await, Ok(7));
    let _ = fail(&breaker).await;
    assert_eq!(breaker.phase(), Phase::Open);
    assert_eq!(succeed(&breaker).await, Err(CallError::Refused));
}

struct Counted {
    asked: Arc<AtomicUsize>,
    answer: Result<u64, RpcError>,
}

#[async_trait]
impl SlotSource for Counted {
    async fn slot(&self) -> Result<u64, RpcError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.answer.clone()
    }
}

/// Q7.1 once open, the provider is not asked and the next one answers
#[tokio::test(start_paused = true)]
async fn an_open_provider_is_passed_over() {
    let asked = [Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0))];
    let answers = [Err(RpcError("down".into())), Ok(42)];
    let providers = asked.iter().zip(answers).map(|(asked, answer)| {
        let source = Counted { asked: asked.clone(), answer };
        (Box::new(source) as Box<dyn SlotSource>, Breaker::new(settings()))
    });
    let failover = Failover { providers: providers.collect(), limit: Duration::from_millis(500) };
    for _ in 0..12 {
        assert_eq!(failover.slot().await, Ok(42));
    }
    assert_eq!(asked[0].load(Ordering::SeqCst), 5);
    assert_eq!(asked[1].load(Ordering::SeqCst), 12);
}

/// Q7.2 failures older than 30 s do not count
#[tokio::test(start_paused = true)]
async fn old_failures_do_not_count() {
    let breaker = Breaker::new(settings());
    for _ in 0..4 {
        let _ = fail(&breaker).await;
    }
    advance(Duration::from_millis(30_001)).await;
    for n in 1..=4 {
        let _ = fail(&breaker).await;
        assert_eq!(breaker.phase(), Phase::Closed, "failure {n} after the pause");
    }
}

/// Q7.3 half-open after 60 s, and then for one probe at a time
#[tokio::test(start_paused = true)]
async fn half_open_after_sixty_seconds() {
    let breaker = Breaker::new(patient());
    trip(&breaker).await;
    advance(Duration::from_millis(59_999)).await;
    assert_eq!(breaker.phase(), Phase::Open);
    assert_eq!(succeed(&breaker).await, Err(CallError::Refused));

    advance(Duration::from_millis(1)).await;
    let (answer, wait) = oneshot::channel::<()>();
    let probe = breaker.call(|| async {
        let _ = wait.await;
        Ok::<u8, RpcError>(1)
    });
    tokio::pin!(probe);
    assert!(futures::poll!(probe.as_mut()).is_pending(), "the probe was refused");
    assert_eq!(succeed(&breaker).await, Err(CallError::Refused), "a second probe was admitted");
    answer.send(()).unwrap();
    assert_eq!(probe.await, Ok(1));
}

/// Q7.4 a probe's success closes
#[tokio::test(start_paused = true)]
async fn a_good_probe_closes() {
    let breaker = Breaker::new(settings());
    make_half_open(&breaker).await;
    assert_eq!(succeed(&breaker).await, Ok(7));
    assert_eq!(breaker.phase(), Phase::Closed);
    // The failures of before are gone: one more does not open it again.
    let _ = fail(&breaker).await;
    assert_eq!(breaker.phase(), Phase::Closed);
}

/// Q7.4 a probe's failure reopens, for the full time, and so does its time limit
#[tokio::test(start_paused = true)]
async fn a_bad_probe_reopens() {
    let breaker = Breaker::new(settings());
    make_half_open(&breaker).await;
    let _ = fail(&breaker).await;
    assert_eq!(breaker.phase(), Phase::Open);
    advance(Duration::from_secs(59)).await;
    assert_eq!(succeed(&breaker).await, Err(CallError::Refused));

    advance(Duration::from_secs(2)).await;
    let hung = breaker.call(std::future::pending::<Result<u8, RpcError>>).await;
    assert_eq!(hung, Err(CallError::TimedOut(Duration::from_millis(150))));
    assert_eq!(breaker.phase(), Phase::Open);
}

/// Q7.5 stale outcomes of an earlier era change nothing
#[tokio::test(start_paused = true)]
async fn stale_outcomes_change_nothing() {
    let breaker = Breaker::new(patient());
    let (good, wait_good) = oneshot::channel::<()>();
    let (bad, wait_bad) = oneshot::channel::<()>();
    let stale_success = breaker.call(|| async {
        let _ = wait_good.await;
        Ok::<u8, RpcError>(1)
    });
    let stale_failure = breaker.call(|| async {
        let _ = wait_bad.await;
        Err::<u8, _>(RpcError("late".into()))
    });
    tokio::pin!(stale_success, stale_failure);
    assert!(futures::poll!(stale_success.as_mut()).is_pending());
    assert!(futures::poll!(stale_failure.as_mut()).is_pending());

    make_half_open(&breaker).await;
    let probe = breaker.call(std::future::pending::<Result<u8, RpcError>>);
    let mut probe = Box::pin(probe);
    assert!(futures::poll!(probe.as_mut()).is_pending());

    good.send(()).unwrap();
    assert_eq!(stale_success.await, Ok(1), "the caller still gets its answer");
    assert_eq!(breaker.phase(), Phase::HalfOpen, "a stale success closed the breaker");
    bad.send(()).unwrap();
    assert!(stale_failure.await.is_err());
    assert_eq!(breaker.phase(), Phase::HalfOpen, "a stale failure opened the breaker");
}

/// Q7.6 an abandoned probe gives its permit back
#[tokio::test(start_paused = true)]
async fn an_abandoned_probe_returns_its_permit() {
    let breaker = Breaker::new(patient());
    make_half_open(&breaker).await;
    {
        let mut probe = Box::pin(breaker.call(std::future::pending::<Result<u8, RpcError>>));
        assert!(futures::poll!(probe.as_mut()).is_pending(), "the probe was refused");
    }
    assert_eq!(breaker.phase(), Phase::HalfOpen);
    assert_eq!(succeed(&breaker).await, Ok(7));
}
