use super::*;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An exchange with a fixed delay and a fixed answer; counts the calls that ended by themselves.
struct Fake {
    name: String,
    delay: Duration,
    answer: Result<Quote, String>,
    finished: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
}

struct Guard(Arc<AtomicUsize>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Exchange for Fake {
    fn name(&self) -> &str {
        &self.name
    }
    async fn price(&self, _: &Swap) -> Result<Quote, String> {
        let _guard = Guard(Arc::clone(&self.dropped));
        tokio::time::sleep(self.delay).await;
        self.finished.fetch_add(1, Ordering::SeqCst);
        self.answer.clone()
    }
}

fn fake(name: &str, ms: u64, answer: Result<(u128, u128), &str>) -> Arc<Fake> {
    Arc::new(Fake {
        name: name.to_owned(),
        delay: Duration::from_millis(ms),
        answer: answer
            .map(|(amount_out, chain_fee)| Quote { amount_out, chain_fee })
            .map_err(str::to_owned),
        finished: Arc::default(),
        dropped: Arc::default(),
    })
}

fn swap() -> Swap {
    Swap { sell: "ETH".into(), buy: "USDC".into(), amount_in: 1_000 }
}

/// Runs one request in virtual time: the answer and the milliseconds it took.
fn ask(fakes: &[Arc<Fake>]) -> (Result<Best, NoQuote>, u128) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let list = fakes.iter().map(|f| Arc::clone(f) as Arc<dyn Exchange>).collect();
        let start = Instant::now();
        let answer = Aggregator::new(list, LIMIT).best(&swap()).await;
        (answer, start.elapsed().as_millis())
    })
}

/// Q25.1 the best quote of those that answer in time
#[test]
fn best_and_not_first() {
    let (answer, ms) = ask(&[
        fake("quick", 10, Ok((100, 1))),
        fake("dear", 20, Ok((300, 250))),
        fake("best", 350, Ok((200, 20))),
        fake("twin", 5, Ok((180, 0))),
    ]);
    let best = answer.unwrap();
    assert_eq!((best.exchange.as_str(), best.quote.net()), ("best", Some(180)));
    assert_eq!((best.failures, ms), (vec![], 350));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, rng_seed: proptest::test_runner::RngSeed::Fixed(25), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q25.1 the best quote of those that answer in time, for every list of prices and delays
    #[test]
    fn best_for_every_list(offers in proptest::collection::vec((1u64..=390, 30u128..80, 0u128..20), 1..8)) {
        let fakes: Vec<_> = offers.iter().enumerate()
            .map(|(i, (ms, out, fee))| fake(&format!("x{i}"), *ms, Ok((*out, *fee)))).collect();
        let mut top: Option<(usize, u128)> = None;
        for (i, (_, out, fee)) in offers.iter().enumerate() {
            if out > fee && top.is_none_or(|(_, net)| out - fee > net) {
                top = Some((i, out - fee));
            }
        }
        let got = ask(&fakes).0.ok().map(|b| (b.exchange.clone(), b.quote.net().unwrap()));
        prop_assert_eq!(got, top.map(|(i, net)| (format!("x{i}"), net)));
    }

    /// Q25.2 one failing exchange changes nothing, wherever it stands
    #[test]
    fn a_failure_anywhere_changes_nothing(
        offers in proptest::collection::vec((1u64..=390, 30u128..50, 0u128..20), 1..6),
        place in 0usize..6,
        worthless in any::<bool>(),
    ) {
        let fakes: Vec<_> = offers.iter().enumerate()
            .map(|(i, (ms, out, fee))| fake(&format!("x{i}"), *ms, Ok((*out, *fee)))).collect();
        let mut with = fakes.clone();
        let bad = if worthless { Ok((7, 7)) } else { Err("503") };
        with.insert(place.min(fakes.len()), fake("bad", 1, bad));
        let ((plain, plain_ms), (mixed, mixed_ms)) = (ask(&fakes), ask(&with));
        let (plain, mixed) = (plain.unwrap(), mixed.map_err(|e| TestCaseError::fail(e.to_string()))?);
        prop_assert_eq!((plain.exchange, plain.quote, plain_ms), (mixed.exchange, mixed.quote, mixed_ms));
        prop_assert_eq!(mixed.failures.len(), 1);
    }
}

/// Q25.3 all failing is one error that names each
#[test]
fn all_failing_names_each() {
    let (answer, _) = ask(&[
        fake("curve", 3, Err("503")),
        fake("orca", 900, Ok((9, 0))),
        fake("pancake", 1, Ok((5, 6))),
    ]);
    let error = answer.unwrap_err();
    assert_eq!(
        error,
        NoQuote::AllFailed(vec![
            ("curve".into(), Failure::Refused("503".into())),
            ("orca".into(), Failure::TooSlow),
            ("pancake".into(), Failure::Worthless),
        ])
    );
    let text = error.to_string();
    assert!(["curve: 503", "orca: too slow", "pancake: "].iter().all(|part| text.contains(part)), "{text}");
    assert_eq!(ask(&[]).0.unwrap_err(), NoQuote::NoExchanges);
}

/// Q25.4 a slow exchange (>400 ms) is cut off
#[test]
fn slow_exchange_is_cut_off() {
    let (late, in_time) = (fake("late", 401, Ok((900, 0))), fake("in time", 399, Ok((10, 0))));
    let (answer, ms) = ask(&[Arc::clone(&late), Arc::clone(&in_time)]);
    assert_eq!(ms, 400, "returned at the deadline");
    let best = answer.unwrap();
    assert_eq!(best.exchange, "in time");
    assert_eq!(best.failures, vec![("late".to_owned(), Failure::TooSlow)]);
    let seen = |f: &Fake| (f.finished.load(Ordering::SeqCst), f.dropped.load(Ordering::SeqCst));
    assert_eq!((seen(&late), seen(&in_time)), ((0, 1), (1, 1)), "the open call was dropped");
}
