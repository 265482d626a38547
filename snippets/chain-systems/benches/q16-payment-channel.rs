//! What Q16 states about time: updates a second, on the board in memory.

use super::*;
use ed25519_dalek::{Signer, SigningKey};
use probe::Bench;

fn channel(number: u64) -> (Terms, Vec<SignedState>) {
    let keys = [1, 2].map(|n| SigningKey::from_bytes(&[n + number as u8; 32]));
    let terms = Terms {
        channel: number,
        keys: std::array::from_fn(|n| keys[n].verifying_key()),
        deposit: 1_000,
    };
    let states = (1..=256)
        .map(|nonce| {
            let state = State { channel: number, nonce, balances: [nonce % 900, 1_000 - nonce % 900] };
            let signatures = std::array::from_fn(|n| keys[n].sign(&state.signed_bytes()));
            SignedState { state, signatures }
        })
        .collect();
    (terms, states)
}

/// Updates with both signatures checked, a channel a core.
fn updates(bench: &mut Bench) {
    bench.rate(
        |thread| {
            let (terms, states) = channel(thread as u64);
            (terms, states, MemoryBoard::default(), 0)
        },
        |(terms, states, board, next): &mut (Terms, Vec<SignedState>, MemoryBoard, usize)| {
            if *next == states.len() {
                (*board, *next) = (MemoryBoard::default(), 0);
            }
            let paid = futures::FutureExt::now_or_never(pay(terms, board, &states[*next]));
            assert_eq!(paid, Some(Ok(())));
            *next += 1;
            1
        },
    );
}

/// One update.
fn update(bench: &mut Bench) {
    let (terms, states) = channel(3);
    let board = MemoryBoard::default();
    let mut next = states.iter().cycle();
    bench.calls(|| terms.check(next.next().expect("a cycle has no end")));
}
