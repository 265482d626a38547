//! What a series holds, by benches whose times are known.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use probe::{try_out, Bench, Kind};

fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

#[test]
fn calls_are_timed_one_by_one() {
    let seen = try_out(|bench: &mut Bench| bench.calls(|| spin(Duration::from_micros(200))));
    assert_eq!(seen.kind, Kind::Calls);
    assert_eq!(seen.times.len(), seen.operations);
    // Three digits are kept, and a spin never ends early.
    assert!(seen.times.min() >= 199_000_000, "{}", seen.times.min());
}

#[test]
fn what_is_made_and_dropped_is_not_timed() {
    struct Slow;
    impl Drop for Slow {
        fn drop(&mut self) {
            sleep(Duration::from_millis(2));
        }
    }
    let seen = try_out(|bench: &mut Bench| {
        bench.calls_with(|| sleep(Duration::from_millis(1)), |()| Slow);
    });
    assert!(seen.times.min() < 1_000_000_000, "{}", seen.times.min());
}

#[test]
fn a_block_gives_the_mean_of_its_calls() {
    let seen = try_out(|bench: &mut Bench| {
        let mut sum = 0_u64;
        bench.batches(|| {
            sum = sum.wrapping_mul(31).wrapping_add(7);
            sum
        });
    });
    let mean = seen.elapsed / seen.operations;
    assert!(
        mean < 1_000_000,
        "a multiplication takes under a microsecond: {mean} ps"
    );
    assert!(seen.operations > seen.times.len(), "blocks hold many calls");
}

#[test]
fn of_a_pair_both_variants_are_measured() {
    let seen = try_out(|bench: &mut Bench| {
        bench.paired(
            || spin(Duration::from_micros(2)),
            || spin(Duration::from_micros(6)),
        );
    });
    // A spin never ends early; on a busy machine it may end late.
    assert!(seen.base.0 > 0 && seen.base.1 / seen.base.0 >= 1_900_000);
    assert!(seen.times.min() >= 5_900_000, "{}", seen.times.min());
}

#[test]
fn an_open_loop_counts_the_waiting() {
    // 4 ms of work every 1 ms: the tenth call starts some 27 ms late.
    let seen =
        try_out(|bench: &mut Bench| bench.open_loop(1000.0, || sleep(Duration::from_millis(4))));
    assert!(seen.operations >= 9, "{}", seen.operations);
    assert!(seen.times.max() > 20_000_000_000, "{}", seen.times.max());
}

#[test]
fn steps_add_the_measured_to_the_assumed() {
    let seen = try_out(|bench: &mut Bench| bench.steps(|| Duration::from_millis(150)));
    assert_eq!(seen.base.1, seen.operations * 150_000_000_000);
    assert!(seen.times.min() >= 149_900_000_000);
    assert!(seen.elapsed < seen.base.1);
}

#[test]
fn a_rate_counts_what_the_steps_return() {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let seen = try_out(|bench: &mut Bench| {
        bench.rate(
            |_| MADE.fetch_add(1, Ordering::Relaxed),
            |_| {
                spin(Duration::from_micros(100));
                5
            },
        );
    });
    assert_eq!(MADE.load(Ordering::Relaxed), 1, "one state a thread");
    assert_eq!(seen.operations % 5, 0);
    assert!(seen.elapsed >= 10_000_000_000);
}

#[test]
fn a_share_is_hits_of_trials() {
    let seen = try_out(|bench: &mut Bench| bench.share(3, 4));
    assert_eq!((seen.base.0, seen.operations), (3, 4));
}

#[test]
#[should_panic(expected = "measures once")]
fn a_bench_measures_once() {
    try_out(|bench: &mut Bench| {
        bench.share(1, 2);
        bench.share(1, 2);
    });
}

#[test]
#[should_panic(expected = "measured nothing")]
fn a_bench_measures() {
    try_out(|_| {});
}
