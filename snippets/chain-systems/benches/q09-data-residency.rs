//! What Q9 states about time: what choosing the region adds to a read, the databases left out.

use super::*;
use probe::Bench;

struct AtOnce;

#[async_trait]
impl Store for AtOnce {
    async fn load(&self, _: u64) -> Result<Option<Profile>, StoreError> {
        Ok(None)
    }
    async fn save(&self, _: &Profile) -> Result<(), StoreError> {
        Ok(())
    }
    async fn erase(&self, _: u64) -> Result<(), StoreError> {
        Ok(())
    }
}

#[async_trait]
impl Directory for AtOnce {
    async fn home(&self, user: u64) -> Result<Option<Home>, StoreError> {
        Ok(Some(Home::At(if user % 2 == 0 { Region::Eu } else { Region::Us })))
    }
    async fn set(&self, _: u64, _: Option<Home>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A read through the directory against one of the store itself; both answer at once.
fn route(bench: &mut Bench) {
    let residency = Residency {
        eu: AtOnce,
        us: AtOnce,
        directory: AtOnce,
        attempts: 3,
        erase_limit: Duration::from_secs(2),
    };
    let (mut first, mut second) = (0, 0);
    bench.paired(
        || {
            first += 1;
            futures::FutureExt::now_or_never(AtOnce.load(first))
        },
        || {
            second += 1;
            futures::FutureExt::now_or_never(residency.load(second))
        },
    );
}
