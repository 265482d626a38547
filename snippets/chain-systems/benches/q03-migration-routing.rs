//! What Q3 states about time: what the decision adds to an order.

use super::*;
use probe::Bench;

struct Fixed(Share);

#[async_trait]
impl FlagSource for Fixed {
    async fn share(&self, _: &str) -> Result<Share, FlagError> {
        Ok(self.0)
    }
}

/// The decision for one order, its time limit included, on a flag that is at hand.
fn decision(bench: &mut Bench) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let router = MigrationRouter {
        old: (),
        new: (),
        flags: Fixed(Share::percent(5).expect("a share")),
        flag: "hybrid".to_owned(),
        flag_limit: Duration::from_millis(5),
        fallbacks: AtomicU64::new(0),
    };
    let mut user = 0;
    runtime.block_on(async {
        bench.batches(|| {
            user += 1;
            futures::FutureExt::now_or_never(router.takes_new_path(UserId(user)))
        });
    });
    assert_eq!(router.fallbacks.into_inner(), 0);
}
