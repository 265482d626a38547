//! What Q17 states about time: what a shadow adds to the live answer.

use super::*;
use probe::Bench;

struct Fixed;

#[async_trait]
impl Pricing for Fixed {
    async fn quote(&self, swap: &Swap) -> Result<u64, String> {
        Ok(swap.amount_in * 3)
    }
}

fn desk(percent: u64) -> Desk {
    Desk { live: Arc::new(Fixed), shadow: Shadow::new(Arc::new(Fixed), percent) }
}

/// A live quote on the way through the handler, 5 of 100 shadowed against none. The shadow's
/// own work runs on the same core, between the quotes.
fn live_path(bench: &mut Bench) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let (without, with) = (desk(0), desk(5));
    let ask = |desk: &Desk, id: u64| {
        let swap = Swap { id, amount_in: 1_000 };
        runtime.block_on(swap_quote(State(desk.clone()), Json(swap))).map(|Json(quote)| quote)
    };
    let (mut first, mut second) = (0, 0);
    bench.paired(
        || {
            first += 1;
            ask(&without, first)
        },
        || {
            second += 1;
            ask(&with, second)
        },
    );
}
