use super::*;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn size(n: usize) -> NonZeroUsize {
    NonZeroUsize::new(n).unwrap()
}

fn sized(shards: usize, queue: usize) -> (GossipRouter, Vec<mpsc::Receiver<Message>>) {
    GossipRouter::new(Sizes { shards: size(shards), queue: size(queue), known: size(1_000) })
}

fn router(queue: usize) -> (GossipRouter, Vec<mpsc::Receiver<Message>>) {
    sized(64, queue)
}

fn message(block: u64, number: u64) -> Message {
    let key = SigningKey::from_bytes(&[7; 32]);
    let author = key.verifying_key().to_bytes();
    let payload = number.to_be_bytes().to_vec();
    let unsigned = Message { author, block, payload, signature: [0; 64] };
    let signature = key.sign(&unsigned.signed_bytes()).to_bytes();
    Message { signature, ..unsigned }
}

fn delivered(receiver: &mut mpsc::Receiver<Message>) -> Vec<Message> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig {
        cases: 8, // a signature takes milliseconds without optimisation
        rng_seed: RngSeed::Fixed(8),
        failure_persistence: None,
        ..Default::default()
    }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q8.1 order within a shard is kept
    #[test]
    fn order_within_a_shard_is_kept(
        blocks in prop::collection::vec((0u64..3, 0u64..4).prop_map(|(s, n)| s + 64 * n), 0..24),
    ) {
        let (mut router, mut receivers) = router(64);
        let sent: Vec<Message> =
            blocks.iter().enumerate().map(|(n, block)| message(*block, n as u64)).collect();
        for message in &sent {
            prop_assert_eq!(router.accept(message.clone()), Ok(()));
        }
        for (shard, receiver) in receivers.iter_mut().enumerate() {
            let expected: Vec<Message> =
                sent.iter().filter(|m| m.block % 64 == shard as u64).cloned().collect();
            prop_assert_eq!(delivered(receiver), expected);
        }
    }
}

/// Q8.2 a full or closed shard does not delay the others
#[test]
fn a_full_shard_delays_nobody() {
    let (mut router, mut receivers) = router(4);
    for n in 0..4 {
        assert_eq!(router.accept(message(5, n)), Ok(()));
    }
    receivers[9].close();
    for n in 10..14 {
        assert_eq!(router.accept(message(5, n)), Err(Dropped::Full(5)));
        assert_eq!(router.accept(message(9, n)), Err(Dropped::Closed(9)));
        assert_eq!(router.accept(message(6, n)), Ok(()));
    }
    let in_six: Vec<Message> = (10..14).map(|n| message(6, n)).collect();
    assert_eq!(delivered(&mut receivers[6]), in_six);
    assert_eq!(delivered(&mut receivers[5]).len(), 4);
}

/// Q8.2 with a task on each shard, a stalled one leaves the others' delivery untouched
#[tokio::test(start_paused = true)]
async fn a_stalled_task_stalls_only_its_shard() {
    let (mut router, receivers) = sized(8, 4);
    let (report, mut reports) = mpsc::channel(1_000);
    for (shard, mut receiver) in receivers.into_iter().enumerate() {
        let report = report.clone();
        tokio::spawn(async move {
            if shard == 5 {
                std::future::pending::<()>().await;
            }
            while let Some(message) = receiver.recv().await {
                report.send(message.block).await.unwrap();
            }
        });
    }
    drop(report);
    let mut full = 0;
    for block in 0..48 {
        match router.accept(message(block, 0)) {
            Ok(()) => {}
            Err(dropped) => {
                assert_eq!(dropped, Dropped::Full(5));
                full += 1;
            }
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(full, 2);
    let mut arrived = 0;
    let second = std::time::Duration::from_secs(1);
    while let Ok(Some(_)) = tokio::time::timeout(second, reports.recv()).await {
        arrived += 1;
    }
    assert_eq!(arrived, 42);
}

/// Q8.3 an invalid signature is dropped before it is passed on
#[test]
fn a_forgery_reaches_no_queue() {
    let (mut router, mut receivers) = router(64);
    let genuine = message(3, 1);
    let other = SigningKey::from_bytes(&[8; 32]).verifying_key().to_bytes();
    let mut signature = genuine.signature;
    signature[0] ^= 1;
    let forgeries = [
        Message { signature, ..genuine.clone() },
        Message { signature: [0; 64], ..genuine.clone() },
        Message { block: 4, ..genuine.clone() },
        Message { payload: vec![9], ..genuine.clone() },
        Message { author: other, ..genuine.clone() },
        Message { author: [0xff; 32], ..genuine.clone() },
    ];
    for forgery in forgeries {
        assert_eq!(router.accept(forgery), Err(Dropped::Forged));
    }
    assert!(receivers.iter_mut().all(|receiver| delivered(receiver).is_empty()));
    assert_eq!(router.accept(genuine.clone()), Ok(()), "a forgery made it known");
    assert_eq!(delivered(&mut receivers[3]), [genuine]);
}

/// Q8.4 nothing is delivered twice
#[test]
fn a_copy_is_not_delivered() {
    let (mut router, mut receivers) = router(64);
    let original = message(3, 1);
    assert_eq!(router.accept(original.clone()), Ok(()));
    for n in 2..10 {
        assert_eq!(router.accept(original.clone()), Err(Dropped::Known));
        assert_eq!(router.accept(message(3, n)), Ok(()));
    }
    let received = delivered(&mut receivers[3]);
    assert_eq!(received.iter().filter(|m| **m == original).count(), 1);
    assert_eq!(received.len(), 9);
    // The signature is no part of what a message is.
    assert_eq!(Message { signature: [9; 64], ..original.clone() }.id(), original.id());
}

/// Q8.4 a message that found no room is delivered when it comes again, once
#[test]
fn a_dropped_message_may_come_again() {
    let (mut router, mut receivers) = router(1);
    assert_eq!(router.accept(message(3, 1)), Ok(()));
    assert_eq!(router.accept(message(3, 2)), Err(Dropped::Full(3)));
    assert_eq!(delivered(&mut receivers[3]), [message(3, 1)]);
    assert_eq!(router.accept(message(3, 2)), Ok(()));
    assert_eq!(router.accept(message(3, 2)), Err(Dropped::Known));
    assert_eq!(delivered(&mut receivers[3]), [message(3, 2)]);
}
