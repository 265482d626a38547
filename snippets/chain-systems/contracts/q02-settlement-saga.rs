use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Mutex;

const STEPS: [Step; 4] = [Step::Lock, Step::Mint, Step::Confirm, Step::Settle];
const KEY: [u8; 64] = [7; 64];

fn event(number: u128, command: Command, outcome: Outcome) -> Event {
    Event { id: Uuid::from_u128(number), saga: Uuid::from_u128(1), command, outcome }
}

fn limits() -> Limits {
    Limits { command: Duration::from_millis(200), pause: Duration::from_millis(50), attempts: 5 }
}

/// Answers each command as told, notes what was done, and answers `Done` when told nothing.
struct Fake {
    told: Mutex<Vec<(Command, Outcome)>>,
    hangs: Option<Command>,
    done: Mutex<Vec<Command>>,
}

impl Fake {
    fn new(told: &[(Command, Outcome)]) -> Self {
        Self { told: Mutex::new(told.to_vec()), hangs: None, done: Mutex::default() }
    }

    fn undone(&self) -> Vec<Step> {
        let done = self.done.lock().unwrap();
        done.iter().filter_map(|c| if let Command::Undo(s) = c { Some(*s) } else { None }).collect()
    }
}

#[async_trait]
impl Chains for Fake {
    async fn carry_out(&self, _saga: Uuid, command: Command) -> Outcome {
        if self.hangs == Some(command) {
            std::future::pending().await
        }
        let outcome = {
            let mut told = self.told.lock().unwrap();
            let at = told.iter().position(|(c, _)| *c == command);
            at.map_or(Outcome::Done, |at| told.remove(at).1)
        };
        if outcome == Outcome::Done {
            self.done.lock().unwrap().push(command);
        }
        outcome
    }
}

/// Q2.1 a failing step compensates the finished steps in reverse order, each exactly once
#[tokio::test(start_paused = true)]
async fn a_failing_step_undoes_the_finished_ones_in_reverse() {
    for failing in 0..STEPS.len() {
        let chains = Fake::new(&[(Command::Do(STEPS[failing]), Outcome::Failed)]);
        assert_eq!(run(&chains, Uuid::nil(), limits()).await, Ok(false));
        let finished: Vec<Step> = STEPS[..failing].iter().rev().copied().collect();
        assert_eq!(chains.undone(), finished, "step {failing} failed");
    }
    let chains = Fake::new(&[]);
    assert_eq!(run(&chains, Uuid::nil(), limits()).await, Ok(true));
    assert_eq!(*chains.done.lock().unwrap(), STEPS.map(Command::Do));
}

/// Q2.1 a step that timed out may have been carried out, so it is undone too
#[tokio::test(start_paused = true)]
async fn a_step_of_unknown_outcome_is_undone() {
    let hangs = Some(Command::Do(Step::Confirm));
    let chains = Fake { hangs, ..Fake::new(&[]) };
    assert_eq!(run(&chains, Uuid::nil(), limits()).await, Ok(false));
    assert_eq!(chains.undone(), [Step::Confirm, Step::Mint, Step::Lock]);
}

/// Q2.1 an undo is repeated until it succeeds, and ends with a person if it does not
#[tokio::test(start_paused = true)]
async fn an_undo_is_repeated_and_counted_once() {
    let refuse = (Command::Undo(Step::Mint), Outcome::Failed);
    let fails = (Command::Do(Step::Settle), Outcome::Failed);
    let chains = Fake::new(&[fails, refuse, refuse, refuse, refuse]);
    assert_eq!(run(&chains, Uuid::nil(), limits()).await, Ok(false));
    assert_eq!(chains.undone(), [Step::Confirm, Step::Mint, Step::Lock]);

    let chains = Fake::new(&[fails, refuse, refuse, refuse, refuse, refuse]);
    let Err(Stuck(state)) = run(&chains, Uuid::nil(), limits()).await else {
        panic!("five refusals did not end it")
    };
    assert_eq!(state.phase(), Phase::Awaits(Command::Undo(Step::Mint)));
    assert_eq!(chains.undone(), [Step::Confirm]);
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(2), failure_persistence: None, ..Default::default() }
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => Just(Outcome::Done),
        1 => Just(Outcome::Failed),
        1 => Just(Outcome::Unknown),
    ]
}

fn commands() -> impl Strategy<Value = Command> {
    (prop::sample::select(STEPS.to_vec()), any::<bool>())
        .prop_map(|(step, undo)| if undo { Command::Undo(step) } else { Command::Do(step) })
}

proptest! {
    #![proptest_config(seeded())]

    /// Q2.2 redelivered events change nothing, whenever they come
    #[test]
    fn redelivered_events_change_nothing(outcomes in prop::collection::vec(outcomes(), 1..20)) {
        let mut saga = Saga::default();
        let mut delivered: Vec<Event> = Vec::new();
        for (number, outcome) in outcomes.into_iter().enumerate() {
            let Phase::Awaits(command) = saga.phase() else { break };
            delivered.push(event(number as u128, command, outcome));
            prop_assert!(saga.apply(&delivered[number]).is_ok());
            let before = saga.clone();
            for event in &delivered {
                prop_assert_eq!(saga.apply(event), Ok(before.phase()));
            }
            prop_assert_eq!(&saga, &before);
        }
    }

    /// Q2.3 a tampered event is refused: any bit, in body or code
    #[test]
    fn a_changed_bit_is_refused(at in any::<prop::sample::Index>(), bit in 0u8..8, body: bool) {
        let sealed = Sealed::new(&KEY, &event(9, Command::Do(Step::Mint), Outcome::Done)).unwrap();
        let mut changed = sealed.clone();
        let bytes = if body { &mut changed.body } else { &mut changed.code };
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert!(matches!(changed.open(&KEY), Err(SealError::Tampered)));
        prop_assert!(matches!(sealed.open(&[8; 64]), Err(SealError::Tampered)));
        prop_assert!(sealed.open(&KEY).is_ok());
    }

    /// Q2.4 events survive a round trip
    #[test]
    fn events_survive_a_round_trip(id: u128, command in commands(), outcome in outcomes()) {
        let event = event(id, command, outcome);
        prop_assert_eq!(Sealed::new(&KEY, &event).unwrap().open(&KEY).unwrap(), event);
    }
}

/// Q2.2 an event that answers another command is an error and changes nothing
#[test]
fn an_unexpected_event_changes_nothing() {
    let mut saga = Saga::default();
    let stray = event(1, Command::Do(Step::Settle), Outcome::Done);
    assert!(saga.apply(&stray).is_err());
    assert_eq!(saga, Saga::default());
}

/// Q2.3 a truncated or missing code is refused as well
#[test]
fn a_short_code_is_refused() {
    let event = event(9, Command::Do(Step::Mint), Outcome::Done);
    let sealed = Sealed::new(&KEY, &event).unwrap();
    for length in [0, 1, 16, 31] {
        let short = Sealed { code: sealed.code[..length].to_vec(), ..sealed.clone() };
        assert!(matches!(short.open(&KEY), Err(SealError::Tampered)));
    }
}

/// Q2.4 recorded bytes of version 1 keep their meaning across the version bump
#[test]
fn recorded_events_of_version_1_are_read() {
    let ids = r#""id":"00000000-0000-0000-0000-000000000009","saga":"00000000-0000-0000-0000-000000000001""#;
    for (ok, outcome) in [(true, Outcome::Done), (false, Outcome::Failed)] {
        let recorded = format!(r#"{{"version":"1",{ids},"command":{{"do":"mint"}},"ok":{ok}}}"#);
        let read: Event = serde_json::from_str(&recorded).unwrap();
        assert_eq!(read, event(9, Command::Do(Step::Mint), outcome));
        // Written again it is version 2, and still the same event.
        let written = serde_json::to_string(&read).unwrap();
        assert!(written.contains(r#""version":"2""#));
        assert_eq!(serde_json::from_str::<Event>(&written).unwrap(), read);
    }
    let unknown = format!(r#"{{"version":"3",{ids},"command":{{"do":"mint"}},"ok":true}}"#);
    assert!(serde_json::from_str::<Event>(&unknown).is_err(), "a version from the future");
}
