//! What Q8 states about time: messages routed a second, and what a stalled shard changes.

use super::*;
use ed25519_dalek::{Signer, SigningKey};
use probe::Bench;

fn sizes(queue: usize) -> Sizes {
    let size = |n| NonZeroUsize::new(n).expect("above zero");
    Sizes { shards: size(64), queue: size(queue), known: size(1 << 20) }
}

fn messages(seed: u64, count: u64) -> Vec<Message> {
    let mut bytes = [1; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let key = SigningKey::from_bytes(&bytes);
    (0..count)
        .map(|block| {
            let mut message = Message {
                author: key.verifying_key().to_bytes(),
                block,
                payload: vec![9; 300],
                signature: [0; 64],
            };
            message.signature = key.sign(&message.signed_bytes()).to_bytes();
            message
        })
        .collect()
}

/// New, genuine messages through the router, one router a core; each shard takes at once.
fn route(bench: &mut Bench) {
    let seed = bench.seed();
    bench.rate(
        |thread| (messages(seed ^ thread as u64, 512), None),
        |(messages, routed): &mut (Vec<Message>, Option<(GossipRouter, Vec<_>, usize)>)| {
            let (router, receivers, next) = routed.get_or_insert_with(|| {
                let (router, receivers): (_, Vec<mpsc::Receiver<Message>>) =
                    GossipRouter::new(sizes(64));
                (router, receivers, 0)
            });
            router.accept(messages[*next].clone()).expect("no shard is full");
            receivers[*next % 64].try_recv().expect("it was routed");
            *next += 1;
            if *next == messages.len() {
                *routed = None; // a router that knows none of them
            }
            1
        },
    );
}

/// A message for an idle shard while another one is full and nobody reads it.
fn beside_a_stalled_shard(bench: &mut Bench) {
    let all = messages(bench.seed(), 200_000 / 64 * 2);
    let (mut router, mut receivers) = GossipRouter::new(sizes(1));
    router.accept(all[0].clone()).expect("shard 0 has one place");
    assert_eq!(router.accept(all[64].clone()), Err(Dropped::Full(0)));
    let mut others = all.into_iter().filter(|message| message.block % 64 != 0);
    let mut last = 0;
    bench.calls_with(
        || {
            while receivers[last].try_recv().is_ok() {}
            let next = others.next();
            last = next.as_ref().map_or(1, |message| (message.block % 64) as usize);
            next
        },
        |message| message.map(|message| router.accept(message)),
    );
}
