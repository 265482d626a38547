//! What Q24 states about time: a file read and its sum checked, the store left out.

use super::*;
use probe::Bench;

struct Held(Vec<u8>, Sum);

#[async_trait]
impl Objects for Held {
    async fn put(&self, _: &str, _: &[u8], _: Sum, _: NaiveDate) -> Result<(), LogError> {
        Ok(())
    }
    async fn state(&self, _: &str) -> Result<Stored, LogError> {
        Ok(Stored::Readable)
    }
    async fn restore(&self, _: &str) -> Result<(), LogError> {
        Ok(())
    }
    async fn get(&self, _: &str) -> Result<(Vec<u8>, Sum), LogError> {
        Ok((self.0.clone(), self.1))
    }
    async fn delete(&self, _: &str) -> Result<(), LogError> {
        Ok(())
    }
}

/// A file of 1 MiB, copied out of memory and held against its sum.
fn read_mebibyte(bench: &mut Bench) {
    let file: Vec<u8> = (0..1 << 20).map(|n: u32| n.wrapping_mul(2_654_435_761) as u8).collect();
    let sum = Sha256::digest(&file).into();
    let store = LogStore::new(Held(file, sum));
    let day = NaiveDate::from_ymd_opt(2024, 11, 30).expect("a day");
    bench.calls(|| futures::FutureExt::now_or_never(store.read(day)).expect("at once").is_ok());
}
