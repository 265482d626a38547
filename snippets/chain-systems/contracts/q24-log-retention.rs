use super::*;
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct Object {
    body: Vec<u8>,
    sum: Sum,
    state: Stored,
}

/// An object store in memory that counts the restores and notes deletions.
#[derive(Clone, Default)]
struct Memory {
    objects: Arc<Mutex<HashMap<String, Object>>>,
    restores: Arc<Mutex<Vec<String>>>,
    deleted: Arc<Mutex<Vec<String>>>,
}

impl Memory {
    fn change(&self, change: impl Fn(&mut Object)) {
        self.objects.lock().unwrap().values_mut().for_each(change);
    }
    fn find(&self, key: &str) -> Result<Object, LogError> {
        let found = self.objects.lock().unwrap().get(key).cloned();
        found.ok_or_else(|| LogError::Store(format!("no {key}")))
    }
}

#[async_trait]
impl Objects for Memory {
    async fn put(&self, key: &str, body: &[u8], sum: Sum, _: NaiveDate) -> Result<(), LogError> {
        let object = Object { body: body.to_vec(), sum, state: Stored::Readable };
        self.objects.lock().unwrap().insert(key.to_owned(), object);
        Ok(())
    }
    async fn state(&self, key: &str) -> Result<Stored, LogError> {
        Ok(self.find(key)?.state)
    }
    async fn restore(&self, key: &str) -> Result<(), LogError> {
        self.restores.lock().unwrap().push(key.to_owned());
        self.change(|object| object.state = Stored::Restoring);
        Ok(())
    }
    async fn get(&self, key: &str) -> Result<(Vec<u8>, Sum), LogError> {
        let object = self.find(key)?;
        if object.state != Stored::Readable {
            return Err(LogError::Store("InvalidObjectState".into()));
        }
        Ok((object.body, object.sum))
    }
    async fn delete(&self, key: &str) -> Result<(), LogError> {
        self.deleted.lock().unwrap().push(key.to_owned());
        Ok(())
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Q24.1 30 and 90 days are boundaries, tested on the day
#[test]
fn boundaries_on_the_day() {
    let today = day("2026-03-01");
    let at = |age: u64| tier(today - chrono::Days::new(age), today).unwrap();
    assert_eq!((at(0), at(29), at(30)), (Tier::Frequent, Tier::Frequent, Tier::Infrequent));
    assert_eq!((at(89), at(90), at(4_000)), (Tier::Infrequent, Tier::Archive, Tier::Archive));
    assert_eq!(tier(day("2026-03-02"), today), Err(LogError::NoSuchDay(day("2026-03-02"))));
}

/// Q24.2 an archived log is restored first, then read
#[tokio::test]
async fn archived_is_restored_then_read() {
    let (memory, written) = (Memory::default(), day("2024-02-29"));
    let store = LogStore::new(memory.clone());
    store.write(written, b"rows").await.unwrap();
    memory.change(|object| object.state = Stored::Archived);
    for _ in 0..3 {
        assert_eq!(store.read(written).await, Ok(Retrieved::OnItsWay));
    }
    assert_eq!(*memory.restores.lock().unwrap(), vec!["logs/2024/02/29.parquet"], "asked once");
    memory.change(|object| object.state = Stored::Readable);
    assert_eq!(store.read(written).await, Ok(Retrieved::File(b"rows".to_vec())));
    assert!(matches!(store.read(day("2024-03-01")).await, Err(LogError::Store(_))));
}

/// Q24.3 deletion inside the retention is refused
#[tokio::test]
async fn deletion_inside_the_retention_is_refused() {
    let memory = Memory::default();
    let store = LogStore::new(memory.clone());
    for (written, last) in [("2019-05-10", "2026-05-10"), ("2020-02-29", "2027-02-28")] {
        let (written, last) = (day(written), day(last));
        for today in [written, last - chrono::Days::new(1), last] {
            assert_eq!(store.delete(written, today).await, Err(LogError::Retained(last)));
        }
        assert!(memory.deleted.lock().unwrap().is_empty(), "the store is not even asked");
        assert_eq!(store.delete(written, last + chrono::Days::new(1)).await, Ok(()));
        assert_eq!(memory.deleted.lock().unwrap().drain(..).count(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: proptest::test_runner::RngSeed::Fixed(24), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q24.4 what is read equals what was written
    #[test]
    fn reading_gives_what_was_written(file in proptest::collection::vec(any::<u8>(), 1..300), place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (memory, written) = (Memory::default(), day("2025-12-31"));
            let store = LogStore::new(memory.clone());
            store.write(written, &file).await.unwrap();
            prop_assert_eq!(store.read(written).await, Ok(Retrieved::File(file.clone())));
            memory.change(|object| object.body[place.index(file.len())] ^= 1 << bit);
            prop_assert_eq!(store.read(written).await, Err(LogError::Damaged(written)));
            Ok(())
        })?;
    }
}
