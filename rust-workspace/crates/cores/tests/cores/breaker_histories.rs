//! Histories of calls → the breaker and its model answer alike.

use crate::breaker_model::{Call, Model};
use crate::histories;
use cores::breaker::{Breaker, Config, HalfOpenEnd, Outcome, Permit, Ratio, State, Wait, Window};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Acquire,
    /// Which call under way, by chance; how it ended.
    Record(prop::sample::Index, Outcome),
    Ahead(u64),
    /// The next step sees a time this much earlier.
    Back(u64),
    Change(State),
    Reset,
    Again(prop::sample::Index),
}

fn config() -> impl Strategy<Value = Config> {
    let window = prop_oneof![
        (1..12_u32).prop_map(|calls| Window::Count { calls }),
        (1..5_u32, 1..40_u64).prop_map(|(buckets, bucket_nanos)| Window::Time {
            buckets,
            bucket_nanos
        }),
        (1..5_u32, 0..60_u64).prop_map(|(failures, nanos)| Window::Failures { failures, nanos }),
    ];
    let rate = || prop_oneof![Just(Ratio::HALF), Just(Ratio::ALL)];
    let limit = prop_oneof![
        2 => Just(None),
        1 => (0..90_u64, prop_oneof![Just(HalfOpenEnd::Open), Just(HalfOpenEnd::Closed)])
            .prop_map(Some),
    ];
    let wait = (0..50_u64, 1000..3000_u32, 0..200_u64).prop_map(|(first, growth, most)| Wait {
        first,
        growth_thousandths: growth,
        most,
    });
    (
        window,
        rate(),
        rate(),
        0..30_u64,
        1..8_u32,
        1..5_u32,
        1..60_u64,
        limit,
        wait,
    )
        .prop_map(
            |(
                window,
                failure_rate,
                slow_rate,
                slow_after,
                minimum_calls,
                permits,
                lease,
                limit,
                wait,
            )| {
                Config {
                    window,
                    failure_rate,
                    slow_rate,
                    slow_after,
                    minimum_calls,
                    permits,
                    lease,
                    half_open_limit: limit,
                    wait,
                }
            },
        )
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        6 => Just(Outcome::Success),
        4 => Just(Outcome::Failure),
        1 => Just(Outcome::Ignored),
    ];
    let state = prop_oneof![
        Just(State::Closed),
        Just(State::Open),
        Just(State::HalfOpen),
        Just(State::ForcedOpen),
        Just(State::Disabled),
        Just(State::MetricsOnly),
    ];
    prop_oneof![
        40 => Just(Step::Acquire),
        40 => (any::<prop::sample::Index>(), outcome)
            .prop_map(|(which, outcome)| Step::Record(which, outcome)),
        12 => prop_oneof![0..5_u64, 0..60_u64].prop_map(Step::Ahead),
        2 => (0..70_u64).prop_map(Step::Back),
        1 => state.prop_map(Step::Change),
        1 => Just(Step::Reset),
        2 => any::<prop::sample::Index>().prop_map(Step::Again),
    ]
}

/// One breaker and one model, driven together.
struct Pair {
    breaker: Breaker<()>,
    model: Model,
    under_way: Vec<(Permit, Call)>,
    settled: Vec<(Permit, Call)>,
    latest: u64,
    back: u64,
}

impl Pair {
    fn step(&mut self, step: Step) -> Result<(), TestCaseError> {
        let now = self.latest.saturating_sub(std::mem::take(&mut self.back));
        match step {
            Step::Ahead(nanos) => self.latest += nanos,
            Step::Back(nanos) => self.back = nanos,
            Step::Acquire => self.acquire(now)?,
            Step::Record(which, outcome) if !self.under_way.is_empty() => {
                let pair = self
                    .under_way
                    .swap_remove(which.index(self.under_way.len()));
                self.record(pair, outcome, now)?;
                self.settled.push(pair);
            }
            Step::Again(which) if !self.settled.is_empty() => {
                let (permit, call) = *which.get(&self.settled);
                // A plain permit is not marked as used: only probes are told apart.
                if call.probe.is_some() || call.era != self.model.era {
                    self.record((permit, call), Outcome::Failure, now)?;
                }
            }
            Step::Change(to) => {
                let answer = self.breaker.transition_at(to, now).map_err(|_| ());
                prop_assert_eq!(answer, self.model.transition(to, now));
            }
            Step::Reset => {
                let seen = self.breaker.reset_at(now);
                prop_assert_eq!(seen, self.model.go(State::Closed, now));
            }
            _ => {}
        }
        prop_assert_eq!(self.breaker.state(), self.model.state);
        prop_assert_eq!(self.breaker.snapshot_at(now), self.model.snapshot(now));
        Ok(())
    }

    fn acquire(&mut self, now: u64) -> Result<(), TestCaseError> {
        let mut seen = None;
        let answer = self.breaker.acquire_observed_at(now, |t| seen = Some(t));
        let (expected, change) = self.model.acquire(now);
        prop_assert_eq!(seen, change);
        match (answer, expected) {
            (Ok(permit), Ok(call)) => self.under_way.push((permit, call)),
            (Err(rejected), Err(reason)) => {
                prop_assert_eq!((rejected.reason, rejected.wait), reason);
            }
            (answer, _) => prop_assert!(false, "{answer:?} differs"),
        }
        Ok(())
    }

    fn record(
        &mut self,
        (permit, call): (Permit, Call),
        outcome: Outcome,
        now: u64,
    ) -> Result<(), TestCaseError> {
        let mut seen = None;
        let effect = self
            .breaker
            .record_observed_at(permit, outcome, now, |t| seen = Some(t));
        prop_assert_eq!((effect, seen), self.model.record(call, outcome, now));
        Ok(())
    }
}

#[test]
fn the_breaker_answers_like_the_model() {
    let histories = (
        config(),
        0..1_000_u64,
        prop::collection::vec(step(), 1..250),
    );
    histories::compare("breaker", &histories, |(config, start, history), steps| {
        let mut pair = Pair {
            breaker: Breaker::with_clock(config, ()).expect("within bounds"),
            model: Model::new(config),
            under_way: Vec::new(),
            settled: Vec::new(),
            latest: start,
            back: 0,
        };
        for step in history {
            *steps += 1;
            pair.step(step)?;
        }
        Ok(())
    });
}
