use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Mutex;

const LIMIT: Duration = Duration::from_millis(500);

fn mint(number: usize) -> Mint {
    let mut token = [0; 32];
    token[24..].copy_from_slice(&(number as u64).to_be_bytes());
    Mint { to: [(number % 251) as u8; 20], token }
}

fn number(word: &[u8]) -> usize {
    assert_eq!(word[..24], [0; 24]);
    u64::from_be_bytes(word[24..32].try_into().unwrap()) as usize
}

/// Reads a call of `multicall(bytes[])` by the rules of the contract ABI.
fn decode(input: &[u8]) -> Vec<Mint> {
    assert_eq!(input[..4], [0xac, 0x96, 0x50, 0xd8]);
    let list = &input[4 + number(&input[4..36])..];
    let (length, heads) = (number(&list[..32]), &list[32..]);
    let calls = (0..length).map(|n| {
        let at = number(&heads[n * 32..n * 32 + 32]);
        let bytes = number(&heads[at..at + 32]);
        let call = &heads[at + 32..at + 32 + bytes];
        assert_eq!((bytes, &call[..4]), (68, &[0x40, 0xc1, 0x0f, 0x19][..]));
        assert_eq!(call[4..16], [0; 12]);
        Mint { to: call[16..36].try_into().unwrap(), token: call[36..].try_into().unwrap() }
    });
    let mints: Vec<Mint> = calls.collect();
    assert_eq!(input.len(), 4 + 32 + 32 + length * (32 + 32 + 96), "padding");
    mints
}

enum Behaviour {
    Succeeds,
    Reverts,
    SimulationFails,
    Hangs,
}

struct FakeRelay {
    fees: Mutex<Vec<u128>>,
    behaviour: Mutex<Vec<Behaviour>>,
    sent: Mutex<Vec<Bundle>>,
}

impl FakeRelay {
    /// Behaves as listed, batch by batch, and then succeeds.
    fn new(behaviour: Vec<Behaviour>) -> Self {
        Self { fees: Mutex::default(), behaviour: Mutex::new(behaviour), sent: Mutex::default() }
    }
}

#[async_trait]
impl Relay for FakeRelay {
    async fn base_fee(&self) -> Result<u128, String> {
        Ok(self.fees.lock().unwrap().pop().unwrap_or(10))
    }

    async fn simulate(&self, _bundle: &Bundle) -> Result<Simulation, String> {
        let next = {
            let mut listed = self.behaviour.lock().unwrap();
            if listed.is_empty() { Behaviour::Succeeds } else { listed.remove(0) }
        };
        match next {
            Behaviour::Succeeds => Ok(Simulation::Succeeds),
            Behaviour::Reverts => Ok(Simulation::Reverts { at: 7, reason: "sold out".into() }),
            Behaviour::SimulationFails => Err("503".into()),
            Behaviour::Hangs => std::future::pending().await,
        }
    }

    async fn send(&self, bundle: &Bundle) -> Result<BundleId, String> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(bundle.clone());
        Ok([sent.len() as u8; 32])
    }
}

/// Q5.1 100 mints become one multicall, in order, none lost
#[tokio::test(start_paused = true)]
async fn a_hundred_mints_are_one_call() {
    let mints: Vec<Mint> = (0..100).map(mint).collect();
    let relay = FakeRelay::new(vec![]);
    assert_eq!(mint_all(&relay, &mints, LIMIT).await, [Ok([1; 32])]);
    let sent = relay.sent.lock().unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(decode(&sent[0].input), mints);
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q5.1 any mints are read back as they were written
    #[test]
    fn every_list_of_mints_survives(
        list in prop::collection::vec((any::<[u8; 20]>(), any::<[u8; 32]>()), 0..=BATCH),
    ) {
        let mints: Vec<Mint> = list.into_iter().map(|(to, token)| Mint { to, token }).collect();
        prop_assert_eq!(decode(&multicall(&mints)), mints);
    }

    /// Q5.3 the bid is 1.5 times the base fee, rounded up, for every fee
    #[test]
    fn the_bid_is_three_halves(fee in 0u128..u128::MAX / 4) {
        let bid = bid(fee).unwrap();
        prop_assert!(2 * bid == 3 * fee || 2 * bid == 3 * fee + 1);
    }

    /// Q5.4 more than 100 split into batches, nothing lost between them
    #[test]
    fn many_mints_are_split(count in 0usize..450) {
        let mints: Vec<Mint> = (0..count).map(mint).collect();
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let relay = FakeRelay::new(vec![]);
        let outcomes = runtime.block_on(mint_all(&relay, &mints, LIMIT));
        let batches: Vec<Vec<Mint>> =
            relay.sent.into_inner().unwrap().iter().map(|b| decode(&b.input)).collect();
        prop_assert_eq!(outcomes.len(), count.div_ceil(100));
        prop_assert!(batches.iter().rev().skip(1).all(|batch| batch.len() == 100));
        prop_assert!(batches.iter().all(|batch| (1..=100).contains(&batch.len())));
        let mut all = batches.concat();
        all.sort_by_key(|mint| mint.token);
        prop_assert_eq!(all, mints);
    }
}

/// Q5.2 a reverting simulation is not sent, nor a failing or hanging one; the next batch is
#[tokio::test(start_paused = true)]
async fn what_would_revert_is_not_sent() {
    let mints: Vec<Mint> = (0..400).map(mint).collect();
    let relay = FakeRelay::new(vec![
        Behaviour::Reverts,
        Behaviour::SimulationFails,
        Behaviour::Hangs,
        Behaviour::Succeeds,
    ]);
    let outcomes = mint_all(&relay, &mints, LIMIT).await;
    assert_eq!(outcomes[0], Err(MintError::WouldRevert { at: 7, reason: "sold out".into() }));
    assert_eq!(outcomes[1], Err(MintError::Relay("503".into())));
    assert_eq!(outcomes[2], Err(MintError::TimedOut(LIMIT)));
    assert_eq!(outcomes[3], Ok([1; 32]));
    assert_eq!(relay.sent.lock().unwrap().len(), 1);
}

/// Q5.3 the bid follows the base fee from batch to batch, and is refused where there is none
#[tokio::test(start_paused = true)]
async fn each_bundle_bids_on_its_own_fee() {
    let mints: Vec<Mint> = (0..300).map(mint).collect();
    let relay = FakeRelay::new(vec![]);
    *relay.fees.lock().unwrap() = vec![u128::MAX / 2, 25, 20_000_000_000];
    let outcomes = mint_all(&relay, &mints, LIMIT).await;
    assert_eq!(outcomes[2], Err(MintError::FeeTooHigh(u128::MAX / 2)));
    let bids: Vec<u128> = relay.sent.lock().unwrap().iter().map(|b| b.max_fee).collect();
    assert_eq!(bids, [30_000_000_000, 38]);
}
