use super::*;
use proptest::prelude::*;
use std::sync::Mutex;

const LIMIT: Duration = Duration::from_millis(200);

type Calls = Arc<Mutex<Vec<(String, &'static str, u128)>>>;

struct Fake {
    name: &'static str,
    offer: (u64, Result<u128, &'static str>),
    confirm: (u64, Result<(), &'static str>),
    start: Instant,
    calls: Calls,
}

impl Fake {
    fn note(&self, what: &'static str) {
        let at = self.start.elapsed().as_millis();
        self.calls.lock().unwrap().push((self.name.to_owned(), what, at));
    }
}

#[async_trait]
impl Builder for Fake {
    fn name(&self) -> &str {
        self.name
    }
    async fn offer(&self, _: &[Pending]) -> Result<Offer, String> {
        self.note("offer");
        tokio::time::sleep(Duration::from_millis(self.offer.0)).await;
        self.offer.1.map(|value| Offer { header: 7, value }).map_err(str::to_owned)
    }
    async fn confirm(&self, _: &Offer) -> Result<(), String> {
        self.note("confirm");
        tokio::time::sleep(Duration::from_millis(self.confirm.0)).await;
        self.confirm.1.map_err(str::to_owned)
    }
}

struct Node;

#[async_trait]
impl OwnNode for Node {
    async fn build(&self, _: &[Pending]) -> LocalBlock {
        tokio::time::sleep(Duration::from_millis(120)).await;
        LocalBlock { header: 1, value: 1_000 }
    }
}

/// Name, offer after ms, confirmation after ms.
type Plan = (&'static str, (u64, Result<u128, &'static str>), (u64, Result<(), &'static str>));

/// Chooses among builders, each with its plan.
async fn choose(
    builders: &[Plan],
) -> (Choice, Vec<(String, PassedOver)>, Duration, Vec<(String, &'static str, u128)>) {
    let (start, calls) = (Instant::now(), Calls::default());
    let list = builders
        .iter()
        .map(|(name, offer, confirm)| {
            let calls = Arc::clone(&calls);
            Arc::new(Fake { name, offer: *offer, confirm: *confirm, start, calls }) as Arc<dyn Builder>
        })
        .collect();
    let (choice, passed_over) = Proposer::new(list, Arc::new(Node)).choose(&[]).await;
    let calls = calls.lock().unwrap().clone();
    (choice, passed_over, start.elapsed(), calls)
}

fn outside(builder: &str, value: u128) -> Choice {
    Choice::Outside { builder: builder.into(), offer: Offer { header: 7, value } }
}

fn local() -> Choice {
    Choice::Local(LocalBlock { header: 1, value: 1_000 })
}

/// The plain loop: of all transactions that are next for their sender, the dearest, `limit` times.
fn oracle(pool: &[Pending], limit: usize) -> Vec<Pending> {
    let mut batch: Vec<Pending> = Vec::new();
    while batch.len() < limit {
        let next = |p: &&Pending| {
            let sent = batch.iter().filter(|b| b.sender == p.sender).count() as u64;
            let first = pool.iter().filter(|q| q.sender == p.sender).map(|q| q.nonce).min().unwrap();
            p.nonce == first + sent
        };
        let best = pool.iter().filter(next).max_by_key(|p| (p.priority_fee, Reverse(p.sender)));
        let Some(best) = best else { break };
        // Of several with one nonce the dearest stands for that nonce.
        batch.push(best.clone());
    }
    batch
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, rng_seed: proptest::test_runner::RngSeed::Fixed(27), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q27.1 the highest priority fees, nonce order kept
    #[test]
    fn picks_the_dearest_in_nonce_order(
        pool in proptest::collection::vec((0u64..12, 0u64..9, 0u128..50), 0..120),
        limit in 0usize..40,
    ) {
        let pool: Vec<_> = pool.into_iter()
            .map(|(sender, nonce, priority_fee)| Pending { sender, nonce, priority_fee }).collect();
        prop_assert_eq!(pick(&pool, limit), oracle(&pool, limit));
    }
}

/// Q27.1 a hundred of many, none lost when senders are independent
#[test]
fn picks_a_hundred() {
    let fee = |sender: u64| u128::from(sender * 7_919 % 5_000);
    let pool: Vec<_> =
        (0..5_000).map(|sender| Pending { sender, nonce: 3, priority_fee: fee(sender) }).collect();
    let fees: Vec<_> = pick(&pool, BATCH).iter().map(|p| p.priority_fee).collect();
    assert_eq!(fees, (4_900..5_000).rev().collect::<Vec<u128>>());
}

/// Q27.2 a failing builder → the next → local building
#[tokio::test(start_paused = true)]
async fn failing_builders_give_way() {
    let ok = (5, Ok(()));
    let (choice, passed_over, ..) = choose(&[
        ("down", (1, Err("503")), ok),
        ("empty", (10, Ok(3_000)), (1, Err("no payload"))),
        ("second", (20, Ok(2_000)), ok),
        ("third", (1, Ok(1_500)), ok),
    ])
    .await;
    assert_eq!(choice, outside("second", 2_000));
    assert_eq!(
        passed_over,
        vec![
            ("down".to_owned(), PassedOver::Failed("503".into())),
            ("empty".to_owned(), PassedOver::Failed("no payload".into())),
        ]
    );
    let all_down =
        choose(&[("a", (1, Err("x")), ok), ("b", (1, Ok(9_000)), (1, Err("y")))]).await;
    assert_eq!((all_down.0, all_down.1.len()), (local(), 2));
    assert_eq!(choose(&[]).await.0, local());
}

/// Q27.3 profit under +15 % builds locally
#[tokio::test(start_paused = true)]
async fn small_gain_builds_locally() {
    let (choice, passed_over, ..) = choose(&[("cheap", (1, Ok(1_149)), (1, Ok(())))]).await;
    assert_eq!(choice, local());
    assert_eq!(passed_over, vec![("cheap".to_owned(), PassedOver::Unprofitable)]);
    assert_eq!(choose(&[("just", (1, Ok(1_150)), (1, Ok(())))]).await.0, outside("just", 1_150));
    assert_eq!(choose(&[("absurd", (1, Ok(u128::MAX)), (1, Ok(())))]).await.0, local());
}

/// Q27.4 builders are asked side by side within the deadline
#[tokio::test(start_paused = true)]
async fn asked_side_by_side_within_the_deadline() {
    let (choice, passed_over, took, calls) = choose(&[
        ("hangs", (9_999, Ok(9_000)), (1, Ok(()))),
        ("late", (81, Ok(8_000)), (1, Ok(()))),
        ("on time", (79, Ok(2_000)), (1, Ok(()))),
    ])
    .await;
    assert_eq!(choice, outside("on time", 2_000));
    assert!(passed_over.iter().all(|(_, why)| *why == PassedOver::TooSlow) && passed_over.len() == 2);
    assert!(calls.iter().filter(|c| c.1 == "offer").all(|c| c.2 == 0), "{calls:?}");
    assert_eq!(took.as_millis(), 121);
    let hanging = (9_999, Ok(()));
    let worst = choose(&[("a", (79, Ok(3_000)), hanging), ("b", (79, Ok(3_000)), hanging), ("c", (79, Ok(3_000)), hanging)]).await;
    assert_eq!(worst.0, local());
    assert!(worst.2 <= LIMIT, "{:?}", worst.2);
}

/// Q27.4 however many relays hang, the choice is made in time
#[tokio::test(start_paused = true)]
async fn many_hanging_relays_end_in_time() {
    let hanging = |name| (name, (79, Ok(3_000)), (9_999, Ok(())));
    let (choice, _, took, _) = choose(&["a", "b", "c", "d", "e", "f", "g"].map(hanging)).await;
    assert_eq!(choice, local());
    assert!(took <= LIMIT, "{took:?}");
}
