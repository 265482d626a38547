//! What Q22 states about time: replays a second, and the start from a snapshot in memory.

use super::*;
use probe::Bench;

fn transfer(context: &mut Context<'_>) -> Result<(), Failure> {
    let (from, to) = ([1; 32], [2; 32]);
    context.spend(150)?;
    let amount = context.random() % 1_000;
    context.account(&from)?.lamports -= amount;
    context.account(&to)?.lamports += amount;
    Ok(())
}

fn accounts() -> Snapshot {
    let mut snapshot = Snapshot { slot: 5, time: 1_700_000_000, ..Snapshot::default() };
    for number in 0..10_000_u64 {
        let mut address = [number as u8; 32];
        address[..8].copy_from_slice(&number.to_be_bytes());
        snapshot.accounts.insert(address, Account { lamports: 1 << 40, data: vec![0; 128] });
    }
    for address in [[1; 32], [2; 32]] {
        snapshot.accounts.insert(address, Account { lamports: 1 << 40, data: Vec::new() });
    }
    snapshot
}

/// A transfer between two accounts of a snapshot of 10,000, as one thread a core replays it.
fn replays(bench: &mut Bench) {
    let snapshot = accounts();
    let programs: BTreeMap<u32, Program> = [(7, transfer as Program)].into();
    let accounts = vec![[1; 32], [2; 32]];
    let transaction = Transaction { program: 7, accounts, input: vec![1, 2, 3] };
    let first = replay(&snapshot, &programs, &transaction).to_bytes();
    bench.rate(
        |_| (),
        |()| {
            let seen = replay(&snapshot, &programs, &transaction).to_bytes();
            assert_eq!(seen, first);
            1
        },
    );
}

/// What each run starts from: a copy of a snapshot that was read before.
fn start(bench: &mut Bench) {
    let snapshot = accounts();
    bench.calls(|| snapshot.clone());
}
