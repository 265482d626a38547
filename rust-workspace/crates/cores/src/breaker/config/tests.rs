//! Settings → the bound that each breaks.

use super::*;

#[test]
fn bounds_are_checked_and_named() {
    let ok = Config::default();
    assert_eq!(ok.check(), Ok(()));
    type Change = fn(&mut Config);
    let cases: [(Change, &str); 9] = [
        (|c| c.window = Window::Count { calls: 0 }, "window.calls"),
        (
            |c| c.window = Window::Count { calls: 1_000_001 },
            "window.calls",
        ),
        (
            |c| {
                c.window = Window::Time {
                    buckets: 0,
                    bucket_nanos: 1,
                }
            },
            "window.buckets",
        ),
        (
            |c| {
                c.window = Window::Time {
                    buckets: 1,
                    bucket_nanos: 0,
                }
            },
            "window.bucket_nanos",
        ),
        (
            |c| {
                c.window = Window::Failures {
                    failures: 0,
                    nanos: 1,
                }
            },
            "window.failures",
        ),
        (|c| c.minimum_calls = 0, "minimum_calls"),
        (|c| c.permits = 0, "permits"),
        (|c| c.lease = 0, "lease"),
        (
            |c| c.wait.growth_thousandths = 999,
            "wait.growth_thousandths",
        ),
    ];
    for (change, name) in cases {
        let mut config = ok;
        change(&mut config);
        let error = config.check().unwrap_err();
        assert_eq!(error.setting, name);
        let text = error.to_string();
        let bound = if name == "lease" {
            "at least 1, got 0"
        } else {
            "must be "
        };
        assert!(text.contains(name) && text.contains(bound), "{text}");
    }
    assert!(Ratio::percent(0).is_err() && Ratio::percent(101).is_err());
    assert!(Ratio::millionths(0).is_err() && Ratio::millionths(1_000_001).is_err());
    assert_eq!(Ratio::percent(50), Ok(Ratio::HALF));
    assert_eq!(Ratio::millionths(1_000_000), Ok(Ratio::ALL));
}

#[test]
fn a_ratio_is_reached_at_equality_and_never_of_nothing() {
    let third = Ratio::millionths(333_333).unwrap();
    assert!(third.reached(1, 3) && !third.reached(1, 4));
    assert!(Ratio::HALF.reached(1, 2) && !Ratio::HALF.reached(49, 100));
    assert!(!Ratio::HALF.reached(0, 0));
    assert!(Ratio::ALL.reached(u64::MAX, u64::MAX));
}

#[test]
fn waits_grow_to_their_bound_and_do_not_overflow() {
    let wait = Wait {
        first: 10,
        growth_thousandths: 1500,
        most: 40,
    };
    let waits: Vec<u64> = (1..=6).map(|attempt| wait.of(attempt)).collect();
    assert_eq!(waits, [10, 15, 22, 33, 40, 40]);
    let huge = Wait {
        first: u64::MAX,
        growth_thousandths: u32::MAX,
        most: u64::MAX,
    };
    assert_eq!(huge.of(u32::MAX), u64::MAX);
    assert_eq!(Wait::constant(7).of(9), 7);
}
