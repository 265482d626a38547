use super::*;
use std::time::{Duration, Instant};

fn sandbox() -> Sandbox {
    Sandbox::new(Limits::default(), 30).unwrap()
}

/// A rule whose `calculate` has the given body.
fn rule(body: &str) -> String {
    format!(
        r#"(module
          (import "host" "fee_bp" (func $fee (result i64)))
          (memory (export "memory") 1)
          (func (export "calculate") (param $in i64) (param $out i64) (result i64) (local $n i64) {body}))"#
    )
}

fn run(sandbox: &Sandbox, body: &str, amount_in: u64) -> Result<u64, RuleError> {
    sandbox.calculate(&sandbox.prepare(rule(body).as_bytes())?, amount_in, 7)
}

const COUNTDOWN: &str = "(local.set $n (local.get $in))
    (loop $again
      (local.set $n (i64.sub (local.get $n) (i64.const 1)))
      (br_if $again (i64.gt_s (local.get $n) (i64.const 0))))
    (local.get $out)";

/// Q19.1 an endless plug-in is stopped by fuel
#[test]
fn endless_rule_runs_out_of_fuel() {
    let sandbox = sandbox();
    assert_eq!(run(&sandbox, "(loop $again (br $again)) (unreachable)", 1), Err(RuleError::OutOfFuel));
    assert_eq!(run(&sandbox, COUNTDOWN, 1_000), Ok(7));
    assert_eq!(run(&sandbox, COUNTDOWN, 1_000_000), Err(RuleError::OutOfFuel));
}

/// Q19.2 a memory-hungry plug-in is stopped
#[test]
fn hungry_rule_is_stopped() {
    let sandbox = sandbox();
    let grow = |pages: u32| format!("(drop (memory.grow (i32.const {pages}))) (local.get $out)");
    assert_eq!(run(&sandbox, &grow(15), 1), Ok(7), "16 pages are allowed");
    assert_eq!(run(&sandbox, &grow(16), 1), Err(RuleError::OutOfMemory));
    assert_eq!(run(&sandbox, &grow(60_000), 1), Err(RuleError::OutOfMemory));
    let big = r#"(module (memory 20) (func (export "calculate") (param i64 i64) (result i64) (local.get 1)))"#;
    let big = sandbox.prepare(big.as_bytes()).unwrap();
    assert_eq!(sandbox.calculate(&big, 1, 7), Err(RuleError::OutOfMemory), "from the start");
}

/// Q19.3 a plug-in reaches only what the host offers
#[test]
fn only_what_the_host_offers() {
    let sandbox = sandbox();
    assert_eq!(run(&sandbox, "(i64.add (call $fee) (local.get $in))", 5), Ok(35));
    assert_eq!(sandbox.calls(), 1);
    for name in ["fd_write", "path_open", "clock_time_get"] {
        let wants = format!(r#"(module (import "wasi_snapshot_preview1" "{name}" (func)))"#);
        let expected = RuleError::ForbiddenImport(format!("wasi_snapshot_preview1.{name}"));
        assert_eq!(sandbox.prepare(wants.as_bytes()).err(), Some(expected));
    }
    assert!(matches!(sandbox.prepare(b"not a rule"), Err(RuleError::Invalid(_))));
    let other = sandbox.prepare(br#"(module (func (export "calculate") (param i32)))"#).unwrap();
    assert!(matches!(sandbox.calculate(&other, 1, 1), Err(RuleError::Invalid(_))));
}

/// Q19.4 a trap is an error, the host goes on
#[test]
fn traps_are_errors() {
    let sandbox = sandbox();
    let bodies = [
        "(i64.div_u (local.get $in) (i64.const 0))",
        "(i64.load (i32.const 65536))",
        "(unreachable)",
    ];
    for body in bodies {
        let answer = run(&sandbox, body, 1);
        assert!(matches!(answer, Err(RuleError::Trapped(_))), "{answer:?}");
        assert_eq!(run(&sandbox, COUNTDOWN, 3), Ok(7), "the host goes on");
    }
}

/// Q19.5 the kill switch stops running plug-ins
#[test]
fn switch_stops_running_rules() {
    let limits = Limits { fuel: 3_000_000_000, ..Limits::default() };
    let sandbox = Arc::new(Sandbox::new(limits, 30).unwrap());
    let running: Vec<_> = (0..2)
        .map(|_| {
            let sandbox = Arc::clone(&sandbox);
            std::thread::spawn(move || {
                run(&sandbox, "(drop (call $fee)) (loop $again (br $again)) (unreachable)", 1)
            })
        })
        .collect();
    let patience = Instant::now() + Duration::from_secs(60);
    while sandbox.calls() < 2 && Instant::now() < patience {
        std::thread::yield_now();
    }
    assert_eq!(sandbox.calls(), 2, "both are running");
    sandbox.stop();
    for rule in running {
        assert_eq!(rule.join().unwrap(), Err(RuleError::Stopped));
    }
    assert_eq!(run(&sandbox, COUNTDOWN, 1), Err(RuleError::Stopped), "no other starts");
}
