//! Results and times → what the windows hold.

use super::*;

const GOOD: Mark = Mark {
    failed: false,
    slow: false,
};
const FAILED: Mark = Mark {
    failed: true,
    slow: false,
};
const SLOW: Mark = Mark {
    failed: false,
    slow: true,
};

#[test]
fn a_count_window_forgets_exactly_the_call_that_slides_out() {
    let mut window = CountWindow::new(3);
    window.record(FAILED, 0);
    window.record(SLOW, 0);
    assert_eq!(
        window.counts(0),
        Counts {
            calls: 2,
            failures: 1,
            slow: 1
        }
    );
    // Third and fourth call are good and only in the stripes.
    assert_eq!(
        window.counts(1),
        Counts {
            calls: 3,
            failures: 1,
            slow: 1
        }
    );
    assert_eq!(
        window.counts(2),
        Counts {
            calls: 3,
            failures: 0,
            slow: 1
        }
    );
    window.record(FAILED, 2);
    assert_eq!(
        window.counts(2),
        Counts {
            calls: 3,
            failures: 1,
            slow: 0
        }
    );
    window.take_over(2);
    assert_eq!(
        window.counts(0),
        Counts {
            calls: 3,
            failures: 1,
            slow: 0
        }
    );
    window.clear();
    assert_eq!(window.counts(0), Counts::default());
}

#[test]
fn a_time_window_drops_whole_buckets() {
    let mut window = TimeWindow::new(2, 10);
    window.advance(25);
    window.record(FAILED);
    window.take_over(4);
    assert_eq!(
        (window.end(), window.is_over(29), window.is_over(30)),
        (30, false, true)
    );
    assert_eq!(
        window.counts_at(39, 1),
        Counts {
            calls: 6,
            failures: 1,
            slow: 0
        }
    );
    assert_eq!(window.counts_at(40, 1), Counts::default());
    window.advance(30);
    window.record(GOOD);
    // Backwards: stays.
    window.advance(5);
    assert_eq!(
        window.counts(0),
        Counts {
            calls: 6,
            failures: 1,
            slow: 0
        }
    );
    window.advance(40);
    assert_eq!(
        window.counts(0),
        Counts {
            calls: 1,
            failures: 0,
            slow: 0
        }
    );
    window.advance(u64::MAX);
    assert_eq!(window.counts(0), Counts::default());
    assert_eq!(TimeWindow::new(1, u64::MAX).end(), u64::MAX);
}

#[test]
fn failures_count_up_to_their_age() {
    let mut times = FailureTimes::new(2, 10);
    assert!(!times.record(100));
    assert!(!times.record(111));
    assert!(times.record(121));
    assert_eq!(
        (
            times.count_at(121),
            times.count_at(122),
            times.count_at(132)
        ),
        (2, 1, 0)
    );
    // A clock that went back: as if at 121.
    assert!(times.record(5));
}
