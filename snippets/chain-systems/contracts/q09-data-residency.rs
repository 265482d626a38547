use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

/// Server needed: two tables in memory, as PostgreSQL would hold them.
#[derive(Default)]
struct Tables {
    accounts: BTreeMap<u64, String>,
    wallets: BTreeSet<(u64, String)>,
    asked_about: BTreeSet<u64>,
}

#[derive(Default, Clone)]
struct FakeStore {
    tables: Arc<Mutex<Tables>>,
    /// Operations of all stores that still succeed; shared by them.
    left: Arc<AtomicI64>,
    hangs: bool,
}

impl FakeStore {
    async fn ask(&self, user: u64) -> Result<(), StoreError> {
        self.tables.lock().unwrap().asked_about.insert(user);
        if self.hangs {
            std::future::pending::<()>().await;
        }
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(StoreError("connection lost".into()));
        }
        Ok(())
    }

    fn rows(&self, user: u64) -> usize {
        let tables = self.tables.lock().unwrap();
        usize::from(tables.accounts.contains_key(&user))
            + tables.wallets.iter().filter(|(owner, _)| *owner == user).count()
    }
}

#[async_trait]
impl Store for FakeStore {
    async fn load(&self, user: u64) -> Result<Option<Profile>, StoreError> {
        self.ask(user).await?;
        let tables = self.tables.lock().unwrap();
        let wallets = tables.wallets.iter().filter(|(owner, _)| *owner == user);
        let wallets = wallets.map(|(_, wallet)| wallet.clone()).collect();
        Ok(tables.accounts.get(&user).map(|email| Profile { user, email: email.clone(), wallets }))
    }

    async fn save(&self, profile: &Profile) -> Result<(), StoreError> {
        self.ask(profile.user).await?;
        let mut tables = self.tables.lock().unwrap();
        tables.accounts.insert(profile.user, profile.email.clone());
        tables.wallets.retain(|(owner, _)| *owner != profile.user);
        tables.wallets.extend(profile.wallets.iter().map(|w| (profile.user, w.clone())));
        Ok(())
    }

    async fn erase(&self, user: u64) -> Result<(), StoreError> {
        self.ask(user).await?;
        let mut tables = self.tables.lock().unwrap();
        tables.accounts.remove(&user);
        tables.wallets.retain(|(owner, _)| *owner != user);
        Ok(())
    }
}

#[derive(Default)]
struct FakeDirectory {
    homes: Mutex<BTreeMap<u64, Home>>,
    left: Arc<AtomicI64>,
}

#[async_trait]
impl Directory for FakeDirectory {
    async fn home(&self, user: u64) -> Result<Option<Home>, StoreError> {
        Ok(self.homes.lock().unwrap().get(&user).copied())
    }

    async fn set(&self, user: u64, home: Option<Home>) -> Result<(), StoreError> {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            return Err(StoreError("directory lost".into()));
        }
        let mut homes = self.homes.lock().unwrap();
        match home {
            Some(home) => homes.insert(user, home),
            None => homes.remove(&user),
        };
        Ok(())
    }
}

type Fake = Residency<FakeStore, FakeDirectory>;

fn residency() -> (Fake, Arc<AtomicI64>) {
    let left = Arc::new(AtomicI64::new(i64::MAX));
    let store = || FakeStore { left: left.clone(), ..FakeStore::default() };
    let directory = FakeDirectory { left: left.clone(), ..FakeDirectory::default() };
    let limits = Duration::from_secs(2);
    let fake = Residency { eu: store(), us: store(), directory, attempts: 3, erase_limit: limits };
    (fake, left)
}

fn profile(user: u64) -> Profile {
    let wallets = vec!["0xaa".to_owned(), "0xbb".to_owned()];
    Profile { user, email: format!("{user}@mail.invalid"), wallets }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(future)
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(9), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q9.1 no EU row reaches the US pool, errors and retries included; server needed
    #[test]
    fn the_us_store_never_hears_of_an_eu_user(
        requests in prop::collection::vec((0u8..3, 0i64..6), 1..20),
    ) {
        let (fake, left) = residency();
        block_on(async {
            fake.register(Region::Eu, &profile(1)).await.unwrap();
            fake.register(Region::Us, &profile(2)).await.unwrap();
            for (request, succeed) in requests {
                left.store(succeed, Ordering::SeqCst);
                let _ = match request {
                    0 => fake.save(&profile(1)).await,
                    1 => fake.load(1).await.map(drop),
                    _ => fake.register(Region::Eu, &profile(1)).await,
                };
            }
        });
        prop_assert_eq!(&fake.us.tables.lock().unwrap().asked_about, &BTreeSet::from([2]));
        prop_assert_eq!(&fake.eu.tables.lock().unwrap().asked_about, &BTreeSet::from([1]));
    }
}

/// Q9.1 a failing region is asked again, then its error is reported; server needed
#[tokio::test(start_paused = true)]
async fn a_failing_region_is_an_error() {
    let (fake, left) = residency();
    fake.register(Region::Eu, &profile(1)).await.unwrap();
    left.store(0, Ordering::SeqCst);
    let lost = Err(ResidencyError::Store(StoreError("connection lost".into())));
    assert_eq!(fake.save(&profile(1)).await, lost);
    assert_eq!(left.load(Ordering::SeqCst), -3, "attempts");
    assert_eq!(fake.us.rows(1), 0);
}

/// Q9.2 an unknown region is an error, not a default
#[test]
fn an_unknown_region_is_an_error() {
    assert_eq!("eu".parse(), Ok(Region::Eu));
    assert_eq!("us".parse(), Ok(Region::Us));
    for word in ["", "EU", "uk", "eu "] {
        assert_eq!(word.parse::<Region>(), Err(UnknownRegion(word.into())));
    }
    let (fake, _) = residency();
    assert_eq!(block_on(fake.save(&profile(9))), Err(ResidencyError::UnknownUser));
    assert_eq!((fake.eu.rows(9), fake.us.rows(9)), (0, 0));
    assert_eq!(block_on(fake.register(Region::Us, &profile(1))), Ok(()));
    let again = block_on(fake.register(Region::Eu, &profile(1)));
    assert_eq!(again, Err(ResidencyError::Elsewhere));
}

/// Q9.3 deletion cascades and is complete within 2 s; server needed
#[tokio::test(start_paused = true)]
async fn an_erasure_leaves_no_row() {
    let (fake, _) = residency();
    for user in [1, 2] {
        fake.register(Region::Eu, &profile(user)).await.unwrap();
    }
    fake.forget(1).await.unwrap();
    assert_eq!((fake.eu.rows(1), fake.us.rows(1)), (0, 0));
    assert_eq!(fake.load(1).await, Err(ResidencyError::UnknownUser));
    assert_eq!(fake.eu.rows(2), 3, "another user lost rows");

    // In the middle of a move both halves go.
    fake.us.save(&profile(2)).await.unwrap();
    let moving = Some(Home::Moving { from: Region::Eu, to: Region::Us });
    fake.directory.set(2, moving).await.unwrap();
    fake.forget(2).await.unwrap();
    assert_eq!((fake.eu.rows(2), fake.us.rows(2)), (0, 0));
}

/// Q9.3 an erasure that is not complete within 2 s is an error and can be repeated
#[tokio::test(start_paused = true)]
async fn a_late_erasure_is_an_error() {
    let (mut fake, _) = residency();
    fake.register(Region::Eu, &profile(1)).await.unwrap();
    fake.eu.hangs = true;
    let start = tokio::time::Instant::now();
    let hour = Duration::from_secs(3_600);
    let forgotten = timeout(hour, fake.forget(1)).await.unwrap();
    assert_eq!(forgotten, Err(ResidencyError::NotErased(Duration::from_secs(2))));
    assert!(start.elapsed() <= Duration::from_millis(2_001));
    fake.eu.hangs = false;
    assert_eq!(fake.forget(1).await, Ok(()));
    assert_eq!(fake.eu.rows(1), 0);
}

/// Q9.4 a move of region leaves the row in exactly one place, wherever it is interrupted; server needed
#[tokio::test(start_paused = true)]
async fn an_interrupted_move_is_finished() {
    let mut interruptions = 0;
    for succeed in 0.. {
        let (fake, left) = residency();
        fake.register(Region::Eu, &profile(1)).await.unwrap();
        left.store(succeed, Ordering::SeqCst);
        let moved = fake.relocate(1, Region::Us).await;
        left.store(i64::MAX, Ordering::SeqCst);
        let interrupted = moved.is_err();
        if interrupted {
            interruptions += 1;
            assert_eq!(fake.load(1).await, Ok(Some(profile(1))), "after {succeed} operations");
            fake.relocate(1, Region::Us).await.unwrap();
        }
        assert_eq!((fake.eu.rows(1), fake.us.rows(1)), (0, 3), "after {succeed} operations");
        assert_eq!(fake.load(1).await, Ok(Some(profile(1))));
        assert_eq!(fake.directory.home(1).await, Ok(Some(Home::At(Region::Us))));
        if !interrupted {
            break;
        }
    }
    assert_eq!(interruptions, 5, "two notes, a read, a copy and a deletion");
}

/// Q9.4 nothing is saved into a region that is being left
#[tokio::test(start_paused = true)]
async fn nothing_is_saved_during_a_move() {
    let (fake, left) = residency();
    fake.register(Region::Eu, &profile(1)).await.unwrap();
    left.store(2, Ordering::SeqCst);
    assert!(fake.relocate(1, Region::Us).await.is_err());
    left.store(i64::MAX, Ordering::SeqCst);
    assert_eq!(fake.save(&profile(1)).await, Err(ResidencyError::Moving));
}
