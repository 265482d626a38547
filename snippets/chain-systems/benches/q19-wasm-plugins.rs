//! What Q19 states about time: a rule against the same sum in Rust, an instance, an upload.
//!
//! All of it is wasmtime's own work, so it needs `--deps real`.

use super::*;
use probe::Bench;
use wasmtime::TypedFunc;

/// What is left of the amount after the fee that the host tells.
const RULE: &str = r#"(module
  (import "host" "fee_bp" (func $fee (result i64)))
  (func (export "calculate") (param $in i64) (param $out i64) (result i64)
    (i64.sub
      (local.get $out)
      (i64.div_u (i64.mul (local.get $out) (call $fee)) (i64.const 10000)))))"#;

const FEE_BP: u64 = 30;

fn sandbox() -> (Sandbox, Rule) {
    let sandbox = Sandbox::new(Limits::default(), FEE_BP).expect("an engine");
    let rule = sandbox.prepare(RULE.as_bytes()).expect("a rule");
    (sandbox, rule)
}

fn native(amount: u64, fee_bp: u64) -> u64 {
    amount - amount * fee_bp / 10_000
}

fn instance(sandbox: &Sandbox, rule: &Rule) -> (Store<Guest>, TypedFunc<(u64, u64), u64>) {
    let guest = Guest { memory: sandbox.limits.memory, refused: false };
    let mut store = Store::new(&sandbox.engine, guest);
    store.limiter(|guest| guest);
    store.set_epoch_deadline(1);
    store.set_fuel(sandbox.limits.fuel).expect("fuel is counted");
    let made = sandbox.linker.instantiate(&mut store, &rule.module).expect("an instance");
    let calculate = made.get_typed_func(&mut store, "calculate").expect("it is exported");
    (store, calculate)
}

/// A call as the page makes it, in an instance of its own, against the same sum in Rust.
fn whole_call(bench: &mut Bench) {
    let (sandbox, rule) = sandbox();
    assert_eq!(sandbox.calculate(&rule, 1, 70_001), Ok(native(70_001, FEE_BP)));
    let amount = std::hint::black_box(70_001);
    bench.paired(
        || native(std::hint::black_box(amount), std::hint::black_box(FEE_BP)),
        || sandbox.calculate(&rule, 1, amount),
    );
}

/// A call in an instance that is there, its fuel filled up, against the same sum in Rust.
fn call_alone(bench: &mut Bench) {
    let (sandbox, rule) = sandbox();
    let (mut store, calculate) = instance(&sandbox, &rule);
    let amount = std::hint::black_box(70_001);
    bench.paired(
        || native(std::hint::black_box(amount), std::hint::black_box(FEE_BP)),
        || {
            store.set_fuel(sandbox.limits.fuel).expect("fuel is counted");
            calculate.call(&mut store, (1, amount)).expect("the rule returns")
        },
    );
}

/// An instance made and dropped, without a call.
fn instantiate(bench: &mut Bench) {
    let (sandbox, rule) = sandbox();
    bench.calls(|| drop(instance(&sandbox, &rule)));
}

/// A rule compiled and its imports looked at, from its text on.
fn compile(bench: &mut Bench) {
    let (sandbox, _) = sandbox();
    bench.calls(|| sandbox.prepare(RULE.as_bytes()).expect("a rule"));
}
