use super::*;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::any::type_name_of_val;

/// A signed transaction; `received` counts milliseconds from `epoch`.
fn signed(epoch: Instant, seed: u8, nonce: u64, priority_fee: u64, received: u64) -> Transaction {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let message = [nonce.to_be_bytes(), priority_fee.to_be_bytes()].concat();
    Transaction {
        sender: Sender(key.verifying_key().to_bytes()),
        nonce,
        priority_fee,
        received: epoch + Duration::from_millis(received),
        signature: key.sign(&message).to_bytes(),
        message,
    }
}

/// An unsigned transaction of sender `sender`, for the order alone.
fn plain(epoch: Instant, sender: u8, nonce: u64, fee: u64, received: u64) -> Transaction {
    Transaction {
        sender: Sender([sender; 32]),
        nonce,
        priority_fee: fee,
        received: epoch + Duration::from_millis(received),
        message: Vec::new(),
        signature: [0; 64],
    }
}

struct Source(Option<Result<Vec<Transaction>, SourceError>>);

#[async_trait]
impl TransactionSource for Source {
    async fn pending(&self) -> Result<Vec<Transaction>, SourceError> {
        match &self.0 {
            Some(answer) => answer.clone(),
            None => std::future::pending().await,
        }
    }
}

/// Q1.1 only own and standard types cross the port; part: the dependency tree is the unit's base
#[test]
fn only_own_and_standard_types_cross_the_port() {
    let tx = signed(Instant::now(), 1, 0, 0, 0);
    let Transaction { sender, nonce, priority_fee, received, message, signature } = &tx;
    let types = [
        type_name_of_val(sender),
        type_name_of_val(nonce),
        type_name_of_val(priority_fee),
        type_name_of_val(received),
        type_name_of_val(message),
        type_name_of_val(signature),
        type_name_of_val(&SourceError::Failed(String::new())),
    ];
    let own = module_path!().split("::").next().unwrap();
    for name in types {
        let crates = name
            .split(['<', '(', ',', ' ', '[', '&', ';'])
            .filter(|path| path.contains("::"))
            .map(|path| path.split("::").next().unwrap());
        for krate in crates {
            assert!([own, "core", "alloc", "std"].contains(&krate), "{name}");
        }
    }
}

/// Q1.2 a hung source ends in the time-limit error after the limit, not later
#[tokio::test(start_paused = true)]
async fn a_hung_source_ends_at_the_limit() {
    let fetch_limit = Duration::from_millis(40);
    let scheduler = Scheduler { source: Box::new(Source(None)), fetch_limit };
    let start = tokio::time::Instant::now();
    let hour = Duration::from_secs(3_600);
    let answer = timeout(hour, scheduler.next_batch()).await.unwrap();
    assert_eq!(answer, Err(SourceError::TimedOut(fetch_limit)));
    // tokio's timer counts whole milliseconds and may add one.
    let elapsed = start.elapsed();
    assert!(fetch_limit <= elapsed && elapsed <= fetch_limit + Duration::from_millis(1));
}

/// Q1.2 an error of the source is passed on at once
#[tokio::test(start_paused = true)]
async fn an_error_of_the_source_is_passed_on() {
    let failed = SourceError::Failed("connection reset".into());
    let source = Box::new(Source(Some(Err(failed.clone()))));
    let scheduler = Scheduler { source, fetch_limit: Duration::from_millis(40) };
    assert_eq!(scheduler.next_batch().await, Err(failed));
}

/// A different signature for every number.
fn numbered(n: u64) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..8].copy_from_slice(&n.to_be_bytes());
    signature
}

/// Q1.3 false-positive rate at the stated sizing at most 0.1 %
#[test]
fn the_filter_is_wrong_at_most_once_in_a_thousand() {
    let mut filter = SeenFilter::new(10_000, *b"a fixed test key");
    for n in 0..10_000 {
        filter.insert(&numbered(n)).unwrap();
    }
    assert!((0..10_000).all(|n| filter.perhaps_seen(&numbered(n))), "a seen key was called new");
    assert_eq!(filter.insert(&numbered(10_000)), Err(FilterFull(10_000)));
    let wrong = (10_000..210_000).filter(|n| filter.perhaps_seen(&numbered(*n))).count();
    assert!(wrong <= 200, "{wrong} of 200,000");
}

/// The rule as it is said, at quadratic cost.
fn slow_order(mut left: Vec<Transaction>) -> Vec<Transaction> {
    let mut ordered = Vec::new();
    loop {
        let next = left
            .iter()
            .filter(|tx| !left.iter().any(|o| o.sender == tx.sender && o.nonce < tx.nonce))
            .max_by_key(|tx| (tx.priority_fee, Reverse(tx.received), Reverse(tx.sender)))
            .cloned();
        let Some(next) = next else { return ordered };
        left.retain(|tx| (tx.sender, tx.nonce) != (next.sender, next.nonce));
        ordered.push(next);
    }
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q1.4 order: nonce within a sender, then priority fee
    #[test]
    fn the_order_is_nonce_then_fee(
        rows in prop::collection::vec((0u8..4, 0u64..6, 0u64..5, 0u64..4), 0..24),
    ) {
        let epoch = Instant::now();
        let pending: Vec<Transaction> =
            rows.into_iter().map(|(s, n, f, r)| plain(epoch, s, n, f, r)).collect();
        prop_assert_eq!(in_order(pending.clone()), slow_order(pending));
    }
}

/// Q1.4 a forged fee moves nobody: what the sender did not sign is left out
#[tokio::test(start_paused = true)]
async fn forged_transactions_are_left_out() {
    let epoch = Instant::now();
    let (first, second) = (signed(epoch, 1, 7, 10, 0), signed(epoch, 1, 8, 900, 1));
    let other = signed(epoch, 2, 0, 50, 2);
    let mut forged = signed(epoch, 3, 0, 10_000, 3);
    forged.message.push(0);
    let pending = vec![forged, second.clone(), other.clone(), first.clone()];
    let source = Box::new(Source(Some(Ok(pending))));
    let scheduler = Scheduler { source, fetch_limit: Duration::from_millis(40) };
    assert_eq!(scheduler.next_batch().await, Ok(vec![other, first, second]));
}
