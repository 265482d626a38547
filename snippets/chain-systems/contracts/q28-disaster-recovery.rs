use super::*;
use proptest::prelude::*;

/// A ledger in memory; `at` is the time of each row, `now` the server's clock.
#[derive(Clone, Default)]
struct Memory {
    rows: Vec<(Transfer, Duration)>,
    confirmed: usize,
    epoch: u64,
    now: Duration,
}

impl Ledger for Memory {
    fn lag(&mut self) -> Result<Duration, BridgeError> {
        Ok(self.rows.get(self.confirmed).map_or(Duration::ZERO, |(_, at)| self.now - *at))
    }
    fn append(&mut self, transfer: &Transfer, epoch: u64) -> Result<(), BridgeError> {
        if epoch < self.epoch {
            return Err(BridgeError::Fenced);
        }
        self.epoch = epoch;
        self.rows.push((transfer.clone(), self.now));
        Ok(())
    }
    fn position(&mut self) -> Result<u64, BridgeError> {
        Ok(self.rows.last().map_or(0, |(t, _)| t.seq))
    }
    fn totals(&mut self, up_to: u64) -> Result<Totals, BridgeError> {
        let rows = self.rows.iter().filter(|(t, _)| t.seq <= up_to);
        let amount = rows.clone().map(|(t, _)| u128::from(t.amount)).sum();
        Ok(Totals { rows: rows.count() as u64, amount })
    }
}

fn secs(s: u64) -> Duration {
    Duration::from_secs(s)
}

/// A leadership that holds for the next seconds.
fn leader(now: Duration, epoch: u64) -> Leadership {
    let mut leadership = Leadership::default();
    leadership.note(now, Some(epoch));
    leadership
}

/// Q28.1 lag over 300 s alerts the standby once (server needed: the readings are invented)
#[test]
fn one_alert_per_episode() {
    let mut alarm = LagAlarm::default();
    let mut rings = |lags: &[u64]| lags.iter().filter(|s| alarm.reading(secs(**s))).count();
    assert_eq!(rings(&[0, 200, 300]), 0, "300 s is not over 300 s");
    assert_eq!(rings(&[301, 302, 9_000, 299, 301, 290, 400]), 1, "once, however it trembles");
    assert_eq!(rings(&[240, 10]), 0);
    assert_eq!(rings(&[500, 500]), 1, "the next episode");
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(28), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q28.2 after fail-over no acknowledged transfer older than the RPO is missing
    /// (server needed: replication is played by copying rows in memory)
    #[test]
    fn nothing_older_than_the_rpo_is_missing(
        steps in proptest::collection::vec((0u64..200, 0usize..4), 1..80),
        breaks_at in 0usize..80,
    ) {
        let mut primary = Memory::default();
        let mut standby = Memory::default();
        let mut last_accepted = Duration::ZERO;
        for (step, (wait, copied)) in steps.iter().enumerate() {
            primary.now += secs(*wait);
            if step < breaks_at {
                // Replication ships a few rows, in order; then the primary hears of it.
                let end = (standby.rows.len() + copied).min(primary.rows.len());
                standby.rows = primary.rows[..end].to_vec();
                primary.confirmed = end;
            }
            let transfer = Transfer { seq: primary.rows.len() as u64 + 1, amount: 5 };
            let now = primary.now;
            if accept(&mut primary, &leader(now, 1), now, &transfer).is_ok() {
                last_accepted = now;
            }
        }
        for (transfer, at) in &primary.rows[standby.rows.len()..] {
            prop_assert!(last_accepted - *at <= RPO, "{transfer:?} of {at:?} is missing at {last_accepted:?}");
        }
    }

    /// Q28.3 two primaries never both accept (leader lease)
    #[test]
    fn never_two_primaries(
        steps in proptest::collection::vec((1u64..9_000, 0usize..2, any::<bool>(), 0u64..4_000), 1..200),
        drift in (0u64..=10, 0u64..=10),
    ) {
        let mut keeper = LeaseRecord::default();
        let mut nodes = [Leadership::default(), Leadership::default()];
        // The keeper's clock is right; the nodes' run slow by up to 10 %, from offsets of their own.
        let slow = [drift.0, drift.1];
        let clock = |node: usize, ms: u64| Duration::from_millis(77_000 * node as u64 + ms - ms * slow[node] / 100);
        let mut ms = 0;
        for (wait, node, lost, travel) in steps {
            ms += wait;
            let asked = clock(node, ms);
            ms += travel; // the question is on its way, the clocks run on
            let answer = keeper.ask(u32::try_from(node).unwrap(), Duration::from_millis(ms));
            if !lost {
                nodes[node].note(asked, answer);
            }
            let epochs: Vec<_> = (0..2).filter_map(|n| nodes[n].epoch(clock(n, ms))).collect();
            prop_assert!(epochs.len() <= 1, "{epochs:?} at {ms} ms");
        }
    }
}

/// Q28.3 a lease is renewed by its holder, ends by itself, and an older epoch is fenced
#[test]
fn lease_ends_and_fences() {
    let mut keeper = LeaseRecord::default();
    assert_eq!(keeper.ask(1, secs(0)), Some(1));
    assert_eq!(keeper.ask(2, secs(29)), None);
    assert_eq!(keeper.ask(1, secs(29)), Some(1), "renewed, same epoch");
    assert_eq!(keeper.ask(2, secs(58)), None);
    assert_eq!(keeper.ask(2, secs(59)), Some(2));
    let old = leader(secs(0), 1);
    assert_eq!((old.epoch(secs(26)), old.epoch(secs(27))), (Some(1), None));
    let mut ledger = Memory::default();
    let transfer = |seq| Transfer { seq, amount: 1 };
    assert_eq!(accept(&mut ledger, &leader(secs(0), 2), secs(1), &transfer(1)), Ok(()));
    assert_eq!(accept(&mut ledger, &old, secs(1), &transfer(2)), Err(BridgeError::Fenced));
    assert_eq!(accept(&mut ledger, &old, secs(28), &transfer(2)), Err(BridgeError::NotPrimary));
}

/// Q28.4 row counts of both sides agree after catch-up (server needed: two ledgers in memory)
#[test]
fn sides_agree_after_catch_up() {
    let mut primary = Memory::default();
    for seq in 1..=100 {
        primary.append(&Transfer { seq, amount: seq * 3 }, 1).unwrap();
    }
    let mut standby = primary.clone();
    standby.rows.truncate(60);
    assert_eq!(reconcile(&mut primary, &mut standby), Ok(60), "as far as both have come");
    standby.rows = primary.rows.clone();
    assert_eq!(reconcile(&mut primary, &mut standby), Ok(100));
    let mut holed = primary.clone();
    holed.rows.remove(40);
    assert_eq!(reconcile(&mut primary, &mut holed), Err(BridgeError::Differ(100)));
    let mut altered = primary.clone();
    altered.rows[7].0.amount += 1;
    assert_eq!(reconcile(&mut altered, &mut primary), Err(BridgeError::Differ(100)));
}
