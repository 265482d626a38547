//! The same checks → this limiter and `governor` answer alike, where governor's rate is exact.

#[path = "../../../cores/tests/cores/histories.rs"]
mod histories;

use std::num::NonZeroU32;
use std::time::Duration;

use cores::limiter::{Denied, Limiter, Quota};
use governor::clock::{Clock, FakeRelativeClock};
use governor::RateLimiter;
use proptest::prelude::*;

#[test]
fn answers_and_waits_are_governors() {
    // governor cuts 1e9 / n to whole nanoseconds: pick intervals, not rates.
    let histories = (
        1..2_000_000_u64,
        1..50_u32,
        prop::collection::vec((0..3_000_000_u64, 1..60_u32), 1..200),
    );
    histories::compare(
        "governor",
        &histories,
        |(interval, burst, history), steps| {
            let theirs_quota = governor::Quota::with_period(Duration::from_nanos(interval))
                .expect("not zero")
                .allow_burst(NonZeroU32::new(burst).expect("not zero"));
            let clock = FakeRelativeClock::default();
            let theirs = RateLimiter::direct_with_clock(theirs_quota, clock.clone());
            let ours =
                Limiter::with_clock(Quota::new(1, interval, burst.into()).expect("valid"), ());
            let mut now = 0;
            for (ahead, cost) in history {
                *steps += 1;
                now += ahead;
                clock.advance(Duration::from_nanos(ahead));
                let answer = ours.check_n_at(now, cost.into());
                match theirs.check_n(NonZeroU32::new(cost).expect("not zero")) {
                    Ok(Ok(())) => prop_assert_eq!(answer, Ok(())),
                    Ok(Err(until)) => {
                        let wait = until.wait_time_from(clock.now()).as_nanos();
                        prop_assert_eq!(answer.unwrap_err().wait().map(u128::from), Some(wait));
                    }
                    Err(_) => {
                        let too_large = matches!(answer, Err(Denied::TooLarge { .. }));
                        prop_assert!(too_large, "{answer:?}");
                    }
                }
            }
            Ok(())
        },
    );
}
