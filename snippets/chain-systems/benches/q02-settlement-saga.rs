//! What Q2 states about time and about settlements that go wrong.

use super::*;
use probe::Bench;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::sync::Mutex;

/// Carries out each step in its stated time; one in `fails` of a hundred fails.
struct Simulated {
    random: Mutex<StdRng>,
    fails: u32,
}

#[async_trait]
impl Chains for Simulated {
    async fn carry_out(&self, _: Uuid, command: Command) -> Outcome {
        let milliseconds = match command {
            Command::Do(Step::Lock) => 120,
            Command::Do(Step::Mint) => 180,
            Command::Do(Step::Confirm) => 100,
            Command::Do(Step::Settle) => 20,
            Command::Undo(_) => 100,
        };
        sleep(Duration::from_millis(milliseconds)).await;
        let fails = self.random.lock().expect("no panic").gen_range(0..100) < self.fails;
        if fails { Outcome::Failed } else { Outcome::Done }
    }
}

const LIMITS: Limits = Limits {
    command: Duration::from_millis(500),
    pause: Duration::from_millis(50),
    attempts: 6,
};

fn simulated(bench: &Bench, fails: u32) -> (Simulated, tokio::runtime::Runtime) {
    let random = Mutex::new(StdRng::seed_from_u64(bench.seed()));
    let mut clock = tokio::runtime::Builder::new_current_thread();
    let runtime = clock.enable_time().start_paused(true).build().expect("a runtime");
    (Simulated { random, fails }, runtime)
}

/// A settlement without failures, on the stated times of its steps.
fn settle(bench: &mut Bench) {
    let (chains, runtime) = simulated(bench, 0);
    bench.steps(|| {
        runtime.block_on(async {
            let begun = tokio::time::Instant::now();
            assert_eq!(run(&chains, Uuid::nil(), LIMITS).await, Ok(true));
            begun.elapsed()
        })
    });
}

/// Settlements that a person has to look at, where 8 of 100 steps fail.
fn stuck(bench: &mut Bench) {
    let (chains, runtime) = simulated(bench, 8);
    let trials = 4_000;
    let stuck = runtime.block_on(async {
        let mut stuck = 0;
        for _ in 0..trials {
            stuck += u64::from(run(&chains, Uuid::nil(), LIMITS).await.is_err());
        }
        stuck
    });
    bench.share(stuck, trials);
}
