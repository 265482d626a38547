//! Random histories → steps compared; shared by the model tests.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

/// Steps to compare in each model test: `CORES_STEPS`, else a number for continuous integration.
pub(crate) fn steps() -> u64 {
    let given = std::env::var("CORES_STEPS").ok();
    let default = if cfg!(miri) { 300 } else { 100_000 };
    given.map_or(default, |text| {
        text.parse().expect("CORES_STEPS is a number")
    })
}

/// Runs `compare` on histories of `strategy` until `steps()` steps are compared. `compare` gives
/// the number of its steps. A difference is shrunk and shown.
pub(crate) fn compare<S: Strategy>(
    name: &str,
    strategy: &S,
    compare: impl Fn(S::Value, &mut u64) -> TestCaseResult,
) {
    // Fixed, so that a red run is red again; other values by CORES_SEED.
    let seed: u8 = std::env::var("CORES_SEED").map_or(7, |text| text.parse().expect("a byte"));
    let (wanted, mut round) = (steps(), 0_u8);
    let done = std::cell::Cell::new(0_u64);
    while done.get() < wanted {
        let config = Config {
            cases: if cfg!(miri) { 1 } else { 64 },
            failure_persistence: None,
            ..Config::default()
        };
        let mut bytes = [seed; 32];
        bytes[..8].copy_from_slice(&done.get().to_le_bytes());
        bytes[8] = round;
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(config, rng);
        let outcome = runner.run(strategy, |history| {
            let mut steps = 0;
            let outcome = compare(history, &mut steps);
            done.set(done.get() + steps);
            outcome
        });
        if let Err(difference) = outcome {
            panic!("{name}: after {} steps: {difference}", done.get());
        }
        round = round.wrapping_add(1);
    }
    println!("{name}: {} model steps compared, 0 differences", done.get());
}
