//! What Q11 states about time: what the attribute adds to a build, function by function.

use super::*;
use probe::Bench;

/// One annotated function through the macro's own code: parsed, looked up, written out.
fn expand_one(bench: &mut Bench) {
    let record = GasRecord::parse("gas.txt", "transfer 52000\nswap 184000\n");
    let item: TokenStream = "pub fn transfer(to: Address, amount: u64) -> Result<(), Error> { \
        let sender = caller()?; let balance = balance_of(sender)?; \
        if balance < amount { return Err(Error::Funds); } \
        write(sender, balance - amount)?; write(to, balance_of(to)? + amount) }"
        .parse()
        .expect("it is Rust");
    bench.calls_with(
        || item.clone(),
        |item| expand(TokenStream::new(), item, &record),
    );
}
