use super::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::Mutex;
use tokio::time::Instant;

const FLAG: &str = "settle-on-chain";

struct Path(&'static str);

#[async_trait]
impl OrderPath for Path {
    async fn submit(&self, order: Order) -> Result<Receipt, Rejected> {
        Ok(Receipt(format!("{}-{}", self.0, order.user.0)))
    }
}

enum Flag {
    Answers(Share),
    Fails,
    Hangs,
}

struct Flags(Mutex<Flag>);

#[async_trait]
impl FlagSource for Flags {
    async fn share(&self, flag: &str) -> Result<Share, FlagError> {
        assert_eq!(flag, FLAG);
        match *self.0.lock().unwrap() {
            Flag::Answers(share) => return Ok(share),
            Flag::Fails => return Err(FlagError("503".into())),
            Flag::Hangs => {}
        }
        std::future::pending().await
    }
}

fn router(flag: Flag) -> MigrationRouter<Path, Path, Flags> {
    MigrationRouter {
        old: Path("old"),
        new: Path("new"),
        flags: Flags(Mutex::new(flag)),
        flag: FLAG.into(),
        flag_limit: Duration::from_millis(5),
        fallbacks: AtomicU64::new(0),
    }
}

fn order(user: u64) -> Order {
    Order { user: UserId(user), quantity: 1 }
}

fn percent(p: u8) -> Share {
    Share::percent(p).unwrap()
}

/// Q3.1 at p % the share of 100,000 users on the new path is p ± 0.5 points
#[test]
fn the_share_is_right_for_every_percent() {
    let mut at_place = vec![0u32; usize::from(Share::PLACES)];
    for user in 0..100_000 {
        at_place[usize::from(place(FLAG, UserId(user)))] += 1;
    }
    // Counted by places, which `covers` compares with, so that all 101 shares take one pass …
    for p in 0..=100u8 {
        let places = usize::from(percent(p).0);
        let covered: u32 = at_place[..places].iter().sum();
        let share = f64::from(covered) / 1_000.0;
        assert!((share - f64::from(p)).abs() <= 0.5, "{p} %: {share}");
    }
    // … and once by `covers` itself.
    let ten = percent(10);
    let covered = (0..100_000).filter(|user| ten.covers(FLAG, UserId(*user))).count();
    assert!((9_500..=10_500).contains(&covered), "10 %: {covered}");
    assert_eq!(Share::percent(101), Err(ShareTooLarge(101)));
}

/// Q3.2 a user keeps its side while p is unchanged, in every process
#[tokio::test(start_paused = true)]
async fn a_user_keeps_its_side() {
    // Recorded once: a change here moves users between the paths.
    let recorded = [(0, 4_302), (1, 7_513), (42, 9_781), (4_999_999, 5_038)];
    for (user, expected) in recorded {
        assert_eq!(place(FLAG, UserId(user)), expected, "user {user}");
    }
    let first = router(Flag::Answers(percent(30)));
    let second = router(Flag::Answers(percent(30)));
    for user in 0..1_000 {
        let side = first.submit(order(user)).await;
        assert_eq!(first.submit(order(user)).await, side);
        assert_eq!(second.submit(order(user)).await, side);
    }
}

/// A fixed seed, and nothing written to disk.
fn seeded() -> ProptestConfig {
    ProptestConfig { rng_seed: RngSeed::Fixed(3), failure_persistence: None, ..Default::default() }
}

proptest! {
    #![proptest_config(seeded())]

    /// Q3.3 growing p never moves a user back
    #[test]
    fn a_larger_share_covers_the_smaller(user: u64, p in 0u8..=100, q in 0u8..=100) {
        let (small, large) = (percent(p.min(q)), percent(p.max(q)));
        if small.covers(FLAG, UserId(user)) {
            prop_assert!(large.covers(FLAG, UserId(user)));
        }
    }
}

/// Q3.4 p = 0 routes nobody, at once
#[tokio::test(start_paused = true)]
async fn zero_routes_nobody_at_once() {
    let first_in_line = (0..).find(|user| place(FLAG, UserId(*user)) == 0).unwrap();
    let router = router(Flag::Answers(percent(50)));
    let placed = router.submit(order(first_in_line)).await.unwrap();
    assert_eq!(placed, Receipt(format!("new-{first_in_line}")));

    *router.flags.0.lock().unwrap() = Flag::Answers(percent(0));
    for user in (0..1_000).chain([first_in_line]) {
        assert_eq!(router.submit(order(user)).await, Ok(Receipt(format!("old-{user}"))));
    }
    assert_eq!(router.fallbacks.load(Ordering::Relaxed), 0, "these are no fallbacks");
}

/// Q3.5 a failing flag service falls back to the old path
#[tokio::test(start_paused = true)]
async fn a_failing_flag_takes_the_old_path() {
    let router = router(Flag::Fails);
    for user in 0..100 {
        assert_eq!(router.submit(order(user)).await, Ok(Receipt(format!("old-{user}"))));
    }
    assert_eq!(router.fallbacks.load(Ordering::Relaxed), 100);
}

/// Q3.5 a flag service that hangs costs its time limit and no more
#[tokio::test(start_paused = true)]
async fn a_hanging_flag_takes_the_old_path_in_time() {
    let router = router(Flag::Hangs);
    let start = Instant::now();
    let placed = tokio::time::timeout(Duration::from_secs(1), router.submit(order(3))).await;
    assert_eq!(placed, Ok(Ok(Receipt("old-3".into()))));
    // tokio's timer counts whole milliseconds and may add one.
    assert!(start.elapsed() <= Duration::from_millis(6), "{:?}", start.elapsed());
}
