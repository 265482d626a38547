use super::*;
use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;
use std::sync::Arc;

const DEPOSIT: u64 = 1_000;

fn key(party: u8) -> SigningKey {
    SigningKey::from_bytes(&[party + 1; 32])
}

fn terms() -> Terms {
    Terms { channel: 5, keys: [key(0).verifying_key(), key(1).verifying_key()], deposit: DEPOSIT }
}

fn sign(state: State) -> SignedState {
    let bytes = state.signed_bytes();
    SignedState { state, signatures: [key(0).sign(&bytes), key(1).sign(&bytes)] }
}

fn state(nonce: u64, first: u64) -> SignedState {
    sign(State { channel: 5, nonce, balances: [first, DEPOSIT - first] })
}

/// Q16.1 an older or equal nonce is refused (server needed for Redis: a board in memory)
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_or_equal_nonce_is_refused() {
    let board = Arc::new(MemoryBoard::default());
    assert_eq!(pay(&terms(), &*board, &state(7, 10)).await, Ok(()));
    for nonce in [0, 6, 7] {
        assert_eq!(pay(&terms(), &*board, &state(nonce, 999)).await, Err(Refused::NotNewer));
    }
    assert_eq!(pay(&terms(), &*board, &state(u64::MAX, 20)).await, Ok(()));
    // Four writers fight for each nonce of another board: one wins.
    let board = Arc::new(MemoryBoard::default());
    let writers: Vec<_> = (0..4u64)
        .map(|writer| {
            let board = Arc::clone(&board);
            tokio::spawn(async move {
                let mut won = Vec::new();
                for nonce in 1..=12 {
                    if pay(&terms(), &*board, &state(nonce, writer)).await.is_ok() {
                        won.push(nonce);
                    }
                }
                won
            })
        })
        .collect();
    let mut won = Vec::new();
    for writer in writers {
        won.extend(writer.await.unwrap());
    }
    won.sort_unstable();
    assert!(won.windows(2).all(|pair| pair[0] < pair[1]), "{won:?}");
    assert!(won.contains(&12));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, rng_seed: proptest::test_runner::RngSeed::Fixed(16), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q16.2 balances are conserved
    #[test]
    fn balances_are_conserved(first in prop_oneof![0u64..=1_001, any::<u64>()], second in prop_oneof![0u64..=1_001, any::<u64>()]) {
        for second in [second, DEPOSIT.wrapping_sub(first)] {
            let signed = sign(State { channel: 5, nonce: 1, balances: [first, second] });
            let conserved = u128::from(first) + u128::from(second) == u128::from(DEPOSIT);
            let expected = if conserved { Ok(()) } else { Err(Refused::NotTheDeposit) };
            prop_assert_eq!(terms().check(&signed), expected);
        }
    }

    /// Q16.3 both signatures are checked, over every field
    #[test]
    fn signatures_cover_every_field(nonce in 0u64..9, first in 0u64..=1_000, to in 0u64..9, paid in 0u64..=1_000) {
        let mut forged = state(nonce, first);
        forged.state.nonce = to;
        forged.state.balances = [paid, DEPOSIT - paid];
        let untouched = forged.state == state(nonce, first).state;
        prop_assert_eq!(terms().check(&forged).is_ok(), untouched);
    }
}

/// Q16.3 both signatures are checked
#[test]
fn both_signatures_are_checked() {
    let good = state(1, 10);
    assert_eq!(terms().check(&good), Ok(()));
    for party in [0, 1] {
        let mut bad = good.clone();
        bad.signatures[party] = key(9).sign(&good.state.signed_bytes());
        assert_eq!(terms().check(&bad), Err(Refused::BadSignature(party)));
        bad.signatures[party] = good.signatures[1 - party];
        assert_eq!(terms().check(&bad), Err(Refused::BadSignature(party)));
    }
    let mut moved = good.clone();
    moved.state.channel = 6;
    assert_eq!(terms().check(&moved), Err(Refused::OtherChannel));
    let other = Terms { channel: 6, ..terms() };
    assert_eq!(other.check(&moved), Err(Refused::BadSignature(0)));
}

/// Q16.4 in a dispute the newest doubly signed state wins, within the challenge window
#[test]
fn newest_state_wins_within_the_window() {
    let (terms, start) = (terms(), Duration::from_secs(1_000));
    let just_before = start + WINDOW - Duration::from_nanos(1);
    let mut dispute = Dispute::open(&terms, state(3, 900), start).unwrap();
    assert_eq!(dispute.challenge(&terms, state(9, 100), start), Ok(()));
    assert_eq!(dispute.challenge(&terms, state(8, 800), start), Err(Refused::NotNewer));
    assert_eq!(dispute.challenge(&terms, state(9, 800), start), Err(Refused::NotNewer));
    let mut forged = state(99, 1_000);
    forged.signatures[1] = forged.signatures[0];
    assert_eq!(dispute.challenge(&terms, forged, start), Err(Refused::BadSignature(1)));
    assert_eq!(dispute.settle(just_before), Err(Refused::WindowOpen));
    assert_eq!(dispute.challenge(&terms, state(10, 50), just_before), Ok(()));
    assert_eq!(dispute.challenge(&terms, state(11, 60), start + WINDOW), Err(Refused::WindowClosed));
    assert_eq!(dispute.settle(start + WINDOW), Ok([50, 950]));
}

/// Q16.5 subscribers see every accepted state (server needed for Redis: a board in memory)
#[tokio::test]
async fn followers_see_every_state() {
    let board = MemoryBoard::default();
    let (mut seen, mut accepted) = (Vec::new(), Vec::new());
    for (step, nonce) in [1u64, 4, 2, 5, 3, 6, 30, 7, 31].into_iter().enumerate() {
        if pay(&terms(), &board, &state(nonce, nonce)).await.is_ok() {
            accepted.push(state(nonce, nonce));
        }
        // The follower is away most of the time.
        if step % 3 == 2 {
            let last = seen.last().map_or(0, |s: &SignedState| s.state.nonce);
            seen.extend(board.since(5, last).await.unwrap());
        }
    }
    assert_eq!(seen, accepted);
    assert_eq!(seen.len(), 6);
    assert_eq!(board.since(6, 0).await, Ok(vec![]), "nothing of other channels");
}
