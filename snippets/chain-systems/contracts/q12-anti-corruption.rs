use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn row(id: i64, user: &str, amount: &str, side: &str) -> LegacyRow {
    LegacyRow { id, user: user.into(), amount: amount.into(), side: side.into() }
}

/// Server needed: MariaDB takes this list's place behind the port.
struct ListTable(Vec<LegacyRow>);

#[async_trait]
impl LegacyOrders for ListTable {
    async fn page(&self, after: i64, limit: u32) -> Result<Vec<LegacyRow>, TableError> {
        let rows = self.0.iter().filter(|row| row.id > after).take(limit as usize);
        Ok(rows.cloned().collect())
    }
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(12), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q12.1 every legal legacy row maps to one event; server needed
    #[test]
    fn every_legal_row_is_one_event(
        id: i64,
        user: u64,
        zeros in 0usize..4,
        units in 1u64..,
        places in 0usize..=8,
        comma: bool,
        side in prop::sample::select(vec!["B", "b", "BUY", "Buy", "S", "s", "SELL", "sell"]),
    ) {
        // Cut to so many places that the text says exactly `amount`.
        let step = 10u64.pow(8 - places as u32);
        let amount = (units / step * step).max(step);
        let (whole, rest) = (amount / 100_000_000, amount % 100_000_000);
        let point = if comma { "," } else { "." };
        let text = match places {
            0 => whole.to_string(),
            _ => format!("{whole}{point}{:0places$}", rest / step),
        };
        let row = row(id, &format!("U{}{user}", "0".repeat(zeros)), &text, side);
        let expected = OrderPlaced {
            legacy_id: id,
            user,
            amount,
            side: if side.to_lowercase().starts_with('b') { Side::Buy } else { Side::Sell },
        };
        prop_assert_eq!(OrderPlaced::try_from(&row), Ok(expected));
    }

    /// Q12.2 whatever the text, a row is one event or one error that names it
    #[test]
    fn no_text_is_guessed_at(id: i64, amount in "[-+0-9.,eE ]{0,12}") {
        let legal = {
            let (whole, places) = amount.split_once(['.', ',']).unwrap_or((&amount, "0"));
            let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let zero = amount.bytes().all(|b| b == b'0' || b == b'.' || b == b',');
            number(whole) && number(places) && places.len() <= 8 && !zero
        };
        let read = OrderPlaced::try_from(&row(id, "U1", &amount, "B"));
        // Twelve digits and eight places may be too large for 64 bits, which is an error as well.
        let too_large = amount.bytes().take_while(u8::is_ascii_digit).count() > 11;
        if legal && !too_large {
            prop_assert!(read.is_ok());
        } else if !legal {
            prop_assert_eq!(read, Err(Malformed { id, field: Field::Amount, text: amount }));
        }
    }
}

/// Q12.2 a malformed amount or user is an error that names the row
#[test]
fn a_malformed_field_names_its_row() {
    let amounts = ["", "0", "0.00", "-1", "+1", "1e3", "1.000,50", "1.123456789", " 1", ".5", "1."];
    for amount in amounts.into_iter().chain(["184467440738", "1.٣"]) {
        let read = OrderPlaced::try_from(&row(17, "U1", amount, "B"));
        let text = amount.to_owned();
        assert_eq!(read, Err(Malformed { id: 17, field: Field::Amount, text }));
    }
    for user in ["", "U", "42", "u42", "U-1", "U+1", "U4 2", "U18446744073709551616"] {
        let read = OrderPlaced::try_from(&row(18, user, "1", "B"));
        let text = user.to_owned();
        assert_eq!(read, Err(Malformed { id: 18, field: Field::User, text }));
    }
    let error = OrderPlaced::try_from(&row(19, "U1", "1", "hold")).unwrap_err();
    assert_eq!(error.to_string(), r#"row 19: Side is "hold""#);
}

/// The old code: reads amounts as floating-point numbers and gives up on commas.
fn old(row: &LegacyRow) -> Option<OrderPlaced> {
    let amount: f64 = row.amount.parse().ok()?;
    Some(OrderPlaced {
        legacy_id: row.id,
        user: row.user.get(1..)?.parse().ok()?,
        amount: (amount * 1e8) as u64,
        side: if row.side.starts_with(['B', 'b']) { Side::Buy } else { Side::Sell },
    })
}

/// Q12.3 old and new run side by side on the same rows and differences are listed; server needed
#[tokio::test]
async fn differences_are_listed() {
    let mut rows: Vec<LegacyRow> = (1..=1_200).map(|id| row(id, "U7", "2.5", "BUY")).collect();
    rows[9].amount = "2,5".into(); // the old code refuses it
    rows[499].amount = "0.29".into(); // the old code loses a unit: 28,999,999
    rows[500].side = "HOLD".into(); // the old code sells
    rows[1_199].user = "X7".into(); // the old code looks at the digits only
    rows[600].user = "?".into(); // both refuse it
    let table = ListTable(rows.clone());

    let (count, differences) = compare(&table, &old, 0).await.unwrap();
    assert_eq!(count, 1_200);
    let listed: Vec<i64> = differences.iter().map(|difference| difference.row.id).collect();
    assert_eq!(listed, [10, 500, 501, 1_200]);
    assert_eq!(differences[0].old, None);
    assert_eq!(differences[1].old.as_ref().unwrap().amount, 28_999_999);
    assert_eq!(differences[1].new.as_ref().unwrap().amount, 29_000_000);
    assert_eq!(differences[2].old.as_ref().unwrap().side, Side::Sell);
    assert_eq!(differences[2].new.as_ref().unwrap_err().id, 501);

    let (count, differences) = compare(&table, &old, 501).await.unwrap();
    assert_eq!((count, differences.len()), (699, 1), "after a stop it goes on where it was");
}
