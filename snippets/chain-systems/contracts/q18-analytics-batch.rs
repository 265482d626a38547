use super::*;

/// Events in memory: (time, pair, volume).
#[derive(Clone, Default)]
struct Memory(Vec<(i64, i64, i128)>);

#[async_trait]
impl Events for Memory {
    async fn hour(&self, hour: i64) -> Result<Vec<HourTotal>, BatchError> {
        let mut totals: BTreeMap<i64, HourTotal> = BTreeMap::new();
        for (at, pair, volume) in self.0.iter().filter(|e| e.0.div_euclid(HOUR_MS) == hour) {
            assert!(*at >= 0);
            let zero = HourTotal { hour, pair: *pair, rows: 0, volume: 0 };
            let total = totals.entry(*pair).or_insert(zero);
            total.rows += 1;
            total.volume += volume;
        }
        Ok(totals.into_values().collect())
    }
}

/// Q18.2 row counts in equal row counts read (the engine is played by events in memory)
#[tokio::test]
async fn lost_rows_are_told() {
    let mut events = Memory(vec![(10, 1, 5), (20, 2, 6)]);
    let mut dashboard = Dashboard::default();
    assert_eq!(dashboard.refresh(&events, &BTreeMap::from([(0, 2)])).await, Ok(1));
    // One row was written and is not read.
    events.0.push((30, 1, 7));
    let differ = |written, read| Err(BatchError::RowsDiffer { hour: 0, written, read });
    assert_eq!(dashboard.refresh(&events, &BTreeMap::from([(0, 4)])).await, differ(4, 3));
    assert_eq!(dashboard.hour(0), (2, 11), "what was shown stays");
    // One row is read that nobody has written.
    events.0.extend([(40, 1, 8), (50, 1, 9)]);
    assert_eq!(dashboard.refresh(&events, &BTreeMap::from([(0, 4)])).await, differ(4, 5));
    assert_eq!(dashboard.refresh(&events, &BTreeMap::from([(0, 5)])).await, Ok(1));
    assert_eq!(dashboard.hour(0), (5, 35));
}

/// Q18.3 late rows land in their hour (the engine is played by events in memory)
#[tokio::test]
async fn late_rows_land_in_their_hour() {
    let mut events = Memory(vec![(10, 1, 5), (HOUR_MS, 1, 6), (5 * HOUR_MS, 1, 7)]);
    let mut written = BTreeMap::from([(0, 1), (1, 1), (5, 1)]);
    let mut dashboard = Dashboard::default();
    assert_eq!(dashboard.refresh(&events, &written).await, Ok(3));
    assert_eq!(dashboard.refresh(&events, &written).await, Ok(0), "no news");
    events.0.push((HOUR_MS - 1, 2, 100));
    written.insert(0, 2);
    assert_eq!(dashboard.refresh(&events, &written).await, Ok(1), "one hour only");
    assert_eq!(dashboard.hour(0), (2, 105));
    assert_eq!((dashboard.hour(1), dashboard.hour(5)), ((1, 6), (1, 7)));
}

/// Q18.4 an empty hour is no error (the engine is played by events in memory)
#[tokio::test]
async fn empty_hour_is_no_error() {
    let mut dashboard = Dashboard::default();
    let written = BTreeMap::from([(3, 0), (4, 1)]);
    let events = Memory(vec![(4 * HOUR_MS, 1, 9)]);
    assert_eq!(dashboard.refresh(&events, &written).await, Ok(2));
    assert_eq!((dashboard.hour(3), dashboard.hour(4), dashboard.hour(99)), ((0, 0), (1, 9), (0, 0)));
    assert_eq!(dashboard.refresh(&events, &written).await, Ok(0), "not asked for again");
}
