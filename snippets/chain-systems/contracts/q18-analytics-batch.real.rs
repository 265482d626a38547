use super::*;
use datafusion::arrow::array::{Decimal128Array, Int64Array};
use datafusion::parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use std::sync::Arc;
use tempfile::TempDir;

type Event = (i64, i64, i128);

/// A folder of event files, and what its writers have counted.
struct Folder {
    place: TempDir,
    files: usize,
    written: BTreeMap<i64, u64>,
}

impl Folder {
    fn new() -> Self {
        Self { place: tempfile::tempdir().unwrap(), files: 0, written: BTreeMap::new() }
    }

    fn write(&mut self, events: &[Event]) {
        let column = |value: fn(&Event) -> i64| Arc::new(Int64Array::from_iter_values(events.iter().map(value)));
        let volumes = Decimal128Array::from_iter_values(events.iter().map(|e| e.2));
        let volumes = Arc::new(volumes.with_precision_and_scale(38, 0).unwrap());
        let schema = Arc::new(columns());
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column(|e| e.0), column(|e| e.1), volumes]).unwrap();
        let file = self.place.path().join(format!("part-{}.parquet", self.files));
        let mut writer = ArrowWriter::try_new(std::fs::File::create(file).unwrap(), schema, None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        self.files += 1;
        for event in events {
            *self.written.entry(event.0 / HOUR_MS).or_default() += 1;
        }
    }

    async fn open(&self) -> ParquetEvents {
        ParquetEvents::open(&format!("{}/", self.place.path().display())).await.unwrap()
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let volume = prop_oneof![Just(0i128), 1i128..1_000, Just(i128::from(i64::MAX))];
    proptest::collection::vec((0i64..4 * HOUR_MS, 0i64..4, volume), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, rng_seed: proptest::test_runner::RngSeed::Fixed(18), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q18.1 totals equal an independent oracle: DataFusion over Parquet
    #[test]
    fn totals_equal_the_oracle(files in proptest::collection::vec(events(), 1..4)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut folder = Folder::new();
            let mut oracle: BTreeMap<(i64, i64), (u64, i128)> = BTreeMap::new();
            for file in &files {
                folder.write(file);
                for (at, pair, volume) in file {
                    let total = oracle.entry((at / HOUR_MS, *pair)).or_default();
                    *total = (total.0 + 1, total.1 + volume);
                }
            }
            let engine = folder.open().await;
            let mut seen = BTreeMap::new();
            for hour in 0..4 {
                for total in engine.hour(hour).await.unwrap() {
                    seen.insert((total.hour, total.pair), (total.rows, total.volume));
                }
            }
            prop_assert_eq!(seen, oracle);
            Ok(())
        })?;
    }
}

/// Q18.2 row counts in equal row counts read: a file that has gone is told
#[tokio::test]
async fn a_lost_file_is_told() {
    let mut folder = Folder::new();
    folder.write(&[(1, 1, 5), (2, 1, 6)]);
    folder.write(&[(3, 1, 7)]);
    let (engine, mut dashboard) = (folder.open().await, Dashboard::default());
    assert_eq!(dashboard.refresh(&engine, &folder.written).await, Ok(1));
    assert_eq!(dashboard.hour(0), (3, 18));
    folder.write(&[(4, 2, 8), (5, 2, 9)]);
    std::fs::remove_file(folder.place.path().join("part-0.parquet")).unwrap();
    let error = BatchError::RowsDiffer { hour: 0, written: 5, read: 3 };
    assert_eq!(dashboard.refresh(&engine, &folder.written).await, Err(error));
    assert_eq!(dashboard.hour(0), (3, 18), "what was shown stays");
}

/// Q18.3 late rows land in their hour: the next file has a row of long ago
#[tokio::test]
async fn a_late_file_is_found() {
    let mut folder = Folder::new();
    folder.write(&[(HOUR_MS - 1, 1, 5), (HOUR_MS, 1, 6)]);
    folder.write(&[(9 * HOUR_MS, 1, 7)]);
    let (engine, mut dashboard) = (folder.open().await, Dashboard::default());
    assert_eq!(dashboard.refresh(&engine, &folder.written).await, Ok(3));
    folder.write(&[(9 * HOUR_MS + 1, 1, 1), (0, 2, 100)]);
    assert_eq!(dashboard.refresh(&engine, &folder.written).await, Ok(2));
    assert_eq!((dashboard.hour(0), dashboard.hour(1), dashboard.hour(9)), ((2, 105), (1, 6), (2, 8)));
}

/// Q18.4 an empty hour is no error, nor is an empty folder
#[tokio::test]
async fn empty_folder_is_no_error() {
    let mut folder = Folder::new();
    let (engine, mut dashboard) = (folder.open().await, Dashboard::default());
    assert_eq!(engine.hour(3).await, Ok(vec![]));
    assert_eq!(dashboard.refresh(&engine, &BTreeMap::from([(3, 0)])).await, Ok(1));
    folder.write(&[(0, 1, 5)]);
    assert_eq!(engine.hour(3).await, Ok(vec![]), "an hour without rows");
    assert_eq!(engine.hour(0).await.map(|totals| totals.len()), Ok(1));
}
