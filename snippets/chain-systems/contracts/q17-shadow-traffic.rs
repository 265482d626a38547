use super::*;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use std::collections::BTreeSet;
use tower::ServiceExt;

/// What a rule does when asked.
#[derive(Clone, Copy)]
enum Does {
    Pays(u64),
    Fails,
    Panics,
    Hangs,
}

struct Rule {
    does: Does,
    asked: Mutex<BTreeSet<u64>>,
}

fn rule(does: Does) -> Arc<Rule> {
    Arc::new(Rule { does, asked: Mutex::default() })
}

#[async_trait]
impl Pricing for Rule {
    async fn quote(&self, swap: &Swap) -> Result<u64, String> {
        self.asked.lock().unwrap().insert(swap.id);
        match self.does {
            Does::Pays(amount) => Ok(amount),
            Does::Fails => Err("broken".into()),
            Does::Panics => panic!("the rule on trial panics"),
            Does::Hangs => std::future::pending().await,
        }
    }
}

/// Sends one swap; status, body and the time it took.
async fn send(desk: &Desk, id: u64) -> (StatusCode, String, Duration) {
    let start = Instant::now();
    let body = serde_json::to_vec(&Swap { id, amount_in: 5 }).unwrap();
    let request = Request::post("/swap").header("content-type", "application/json");
    let response =
        routes(desk.clone()).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap(), start.elapsed())
}

/// Lets the tasks of the shadow run to their end or their limit.
async fn settle() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

/// Q17.1 an error, a panic or a hang in the shadow never changes the live answer
#[tokio::test(start_paused = true)]
async fn shadow_never_changes_the_answer() {
    let quick = |amount: &str| (StatusCode::OK, amount.to_owned(), Duration::ZERO);
    for does in [Does::Pays(1), Does::Fails, Does::Panics, Does::Hangs] {
        let trial = rule(does);
        let desk =
            Desk { live: rule(Does::Pays(1_000)), shadow: Shadow::new(trial.clone(), 100) };
        for id in 0..100 {
            assert_eq!(send(&desk, id).await, quick("1000"));
        }
        settle().await;
        assert_eq!(send(&desk, 100).await, quick("1000"));
        settle().await;
        assert!(trial.asked.lock().unwrap().contains(&0));
        assert_eq!(desk.shadow.slots.available_permits(), SHADOW_SLOTS, "slots come back");
    }
    let down = Desk { live: rule(Does::Fails), shadow: Shadow::new(rule(Does::Pays(1)), 100) };
    assert_eq!(send(&down, 1).await.0, StatusCode::BAD_GATEWAY);
}

/// Q17.2 a zero quote does not divide by zero
#[tokio::test(start_paused = true)]
async fn zero_quotes() {
    assert_eq!((difference_ppm(0, 0), difference_ppm(0, 1)), (0, u64::MAX));
    assert_eq!((difference_ppm(1, 0), difference_ppm(1, u64::MAX)), (1_000_000, u64::MAX));
    let desk = Desk { live: rule(Does::Pays(0)), shadow: Shadow::new(rule(Does::Pays(9)), 100) };
    assert_eq!(send(&desk, 1).await.1, "0");
    settle().await;
    let seen = desk.shadow.differences.lock().unwrap().seen.len();
    assert_eq!(seen, 1, "the comparison came to its end");
}

/// A subscriber that keeps the fields of each event as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl tracing::Subscriber for Log {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }
    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}
    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}
    fn event(&self, event: &tracing::Event<'_>) {
        struct Fields(String);
        impl tracing::field::Visit for Fields {
            fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
                self.0 += &format!("{}={value:?} ", field.name());
            }
        }
        let mut fields = Fields(String::new());
        event.record(&mut fields);
        self.0.lock().unwrap().push(fields.0);
    }
    fn enter(&self, _: &tracing::span::Id) {}
    fn exit(&self, _: &tracing::span::Id) {}
}

/// Q17.3 a difference over 0.1 % is logged
#[test]
fn differences_are_logged() {
    let log = Log::default();
    let shadow = Shadow::new(rule(Does::Pays(0)), 100);
    tracing::subscriber::with_default(log.clone(), || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let _inside = runtime.enter();
        for quote in [100_000, 100_100, 99_900, 100_101, 99_899] {
            shadow.record(&Swap { id: 4, amount_in: 1 }, 100_000, quote);
        }
    });
    let lines = log.0.lock().unwrap().clone();
    let about = |quote: &str| lines.iter().filter(|l| l.contains("shadow differs") && l.contains(quote)).count();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((about("quote=100101 ppm=1010"), about("quote=99899 ppm=1010")), (1, 1), "{lines:?}");
}

/// Q17.4 5 % of traffic is shadowed, ± 0.5 points
#[tokio::test(start_paused = true)]
async fn five_percent_are_sampled() {
    let trial = rule(Does::Pays(1_000));
    let desk = Desk { live: rule(Does::Pays(1_000)), shadow: Shadow::new(trial.clone(), 5) };
    let sampled = (0..100_000).filter(|id| desk.shadow.samples(*id)).count();
    assert!((4_500..=5_500).contains(&sampled), "{sampled}");
    let strided = (0..100_000u64).filter(|id| desk.shadow.samples(id * 1_000)).count();
    assert!((4_500..=5_500).contains(&strided), "{strided}");
    for id in 0..2_000 {
        send(&desk, id).await;
        tokio::task::yield_now().await;
    }
    settle().await;
    let expected = (0..2_000).filter(|id| desk.shadow.samples(*id)).collect();
    assert_eq!(*trial.asked.lock().unwrap(), expected, "asked for just the sampled ones");
    let none = Shadow::new(rule(Does::Pays(1)), 0);
    assert!(!(0..1_000).any(|id| none.samples(id)));
}

/// Q17.5 a 10-minute p95 over 0.5 % stops the shadow
#[tokio::test(start_paused = true)]
async fn a_bad_p95_stops_the_shadow() {
    let trial = rule(Does::Pays(0));
    let shadow = Shadow::new(trial.clone(), 100);
    let swap = Swap { id: 1, amount_in: 1 };
    // 200 comparisons of which 10 are 0.6 % apart: the p95 is still good.
    for n in 0..200 {
        shadow.record(&swap, 1_000, if n >= 190 { 1_006 } else { 1_000 });
    }
    assert!(shadow.is_on());
    // Ten minutes later the good ones are gone from the window, and few samples decide nothing.
    tokio::time::advance(SPAN + Duration::from_millis(1)).await;
    for _ in 0..LEAST_SAMPLES - 1 {
        shadow.record(&swap, 1_000, 1_006);
        assert!(shadow.is_on());
    }
    shadow.record(&swap, 1_000, 1_006);
    assert!(!shadow.is_on());
    let desk = Desk { live: rule(Does::Pays(7)), shadow };
    assert_eq!(send(&desk, 1).await.1, "7");
    settle().await;
    assert!(trial.asked.lock().unwrap().is_empty(), "no more requests");
}
