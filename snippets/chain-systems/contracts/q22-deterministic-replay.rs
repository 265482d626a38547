use super::*;
use proptest::prelude::*;

fn address(n: u8) -> Address {
    [n; 32]
}

/// Moves a random part of the first account to the second and stamps it with time and a number.
fn lottery(context: &mut Context<'_>) -> Result<(), Failure> {
    let time = context.time();
    for _ in 0..context.input.len() {
        context.spend(10)?;
        let drawn = context.random();
        let from = context.account(&address(1))?;
        let part = drawn % from.lamports.max(1);
        from.lamports -= part.min(from.lamports);
        let to = context.account(&address(2))?;
        to.lamports += part;
        to.data = [time.to_le_bytes(), drawn.to_le_bytes()].concat();
    }
    Ok(())
}

fn endless(context: &mut Context<'_>) -> Result<(), Failure> {
    loop {
        context.spend(1)?;
    }
}

fn mint(context: &mut Context<'_>) -> Result<(), Failure> {
    context.account(&address(1))?.lamports += 1;
    Ok(())
}

fn programs() -> BTreeMap<u32, Program> {
    BTreeMap::from([(1, lottery as Program), (2, endless as Program), (3, mint as Program)])
}

fn snapshot(seed: u8, time: i64, balances: &[u64]) -> Snapshot {
    let account = |lamports: &u64| Account { lamports: *lamports, data: vec![] };
    let accounts = (1..).map(address).zip(balances.iter().map(account)).collect();
    Snapshot { slot: 9, time, seed: [seed; 32], accounts }
}

fn transaction(program: u32, input: &[u8]) -> Transaction {
    Transaction { program, accounts: vec![address(2), address(1)], input: input.to_vec() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: proptest::test_runner::RngSeed::Fixed(22), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q22.1 same snapshot and transaction give byte-identical results on every run
    #[test]
    fn same_bytes_on_every_run(seed: u8, time: i64, balances in proptest::collection::vec(0u64..u64::MAX / 4, 2..6), input in proptest::collection::vec(any::<u8>(), 0..9)) {
        let (first, transaction) = (snapshot(seed, time, &balances), transaction(1, &input));
        // The same accounts, put in from the other end.
        let again = Snapshot { accounts: first.accounts.clone().into_iter().rev().collect(), ..first.clone() };
        let bytes = replay(&first, &programs(), &transaction).to_bytes();
        let threads: Vec<_> = (0..3).map(|_| {
            let (again, transaction) = (again.clone(), transaction.clone());
            std::thread::spawn(move || replay(&again, &programs(), &transaction).to_bytes())
        }).collect();
        for thread in threads {
            prop_assert_eq!(&thread.join().unwrap(), &bytes);
        }
    }
}

/// Q22.1 a digest recorded once (other machines: only as far as this one can tell)
#[test]
fn recorded_digest() {
    let outcome = replay(&snapshot(3, 1_700_000_000, &[1_000_000, 5]), &programs(), &transaction(1, b"four"));
    let digest = Sha256::digest(outcome.to_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "9bf84ee9531d2139a46d517c2528d35836d651eda26e8b96dc3e33626d4d1214");
}

/// Q22.2 time and randomness come from the snapshot
#[test]
fn time_and_randomness_come_from_the_snapshot() {
    let stamp = |snapshot: &Snapshot, input: &[u8]| {
        let outcome = replay(snapshot, &programs(), &transaction(1, input));
        let data = outcome.accounts[&address(2)].data.clone();
        let number = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).unwrap();
        (i64::from_le_bytes(number(&data[..8])), u64::from_le_bytes(number(&data[8..])))
    };
    let base = snapshot(1, 1_234, &[1_000, 0]);
    let (time, drawn) = stamp(&base, b"x");
    assert_eq!(time, 1_234);
    assert_eq!(stamp(&snapshot(1, -5, &[1_000, 0]), b"x"), (-5, drawn), "not from the clock");
    assert_ne!(stamp(&snapshot(2, 1_234, &[1_000, 0]), b"x").1, drawn, "from the seed");
    assert_ne!(stamp(&Snapshot { slot: 10, ..base.clone() }, b"x").1, drawn, "from the slot");
    assert_ne!(stamp(&base, b"y").1, drawn, "from the transaction");
    assert_ne!(stamp(&base, b"xx").1, stamp(&base, b"x").1, "and on from number to number");
}

/// Q22.2 the limit counts steps, and failures are results like others
#[test]
fn failures_are_exact() {
    let base = snapshot(1, 0, &[7, 8]);
    let status = |transaction: &Transaction| {
        let outcome = replay(&base, &programs(), transaction);
        assert_eq!(outcome.accounts, base.accounts, "nothing has changed");
        outcome.status
    };
    assert_eq!(status(&transaction(2, b"")), Err(Failure::OutOfSteps));
    assert_eq!(status(&transaction(3, b"")), Err(Failure::NotConserved));
    assert_eq!(status(&transaction(4, b"")), Err(Failure::NoProgram(4)));
    let mut stranger = transaction(1, b"");
    stranger.accounts.push(address(9));
    assert_eq!(status(&stranger), Err(Failure::NoAccount(address(9))));
}

/// Q22.3 a differing result names the first differing account
#[test]
fn first_differing_account_is_named() {
    let recorded = Outcome { status: Ok(()), accounts: snapshot(0, 0, &[5, 6, 7, 8]).accounts };
    assert_eq!(first_difference(&recorded, &recorded.clone()), None);
    let mut seen = recorded.clone();
    seen.accounts.get_mut(&address(4)).unwrap().lamports = 0;
    seen.accounts.get_mut(&address(2)).unwrap().data = vec![1];
    assert_eq!(first_difference(&recorded, &seen), Some(Difference::Account(address(2))));
    seen.accounts.remove(&address(1));
    let named = first_difference(&recorded, &seen).unwrap();
    assert_eq!(named, Difference::Account(address(1)));
    assert!(named.to_string().contains("account 01010101"), "{named}");
    let failed = Outcome { status: Err(Failure::Program(3)), ..recorded.clone() };
    let expected = Difference::Status { recorded: Ok(()), seen: Err(Failure::Program(3)) };
    assert_eq!(first_difference(&recorded, &failed), Some(expected));
}
