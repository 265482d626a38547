//! The methods that read the clock, hashed keys, texts → what their twins and their docs say.

use std::collections::hash_map::RandomState;
use std::fmt::{Debug, Display};

use cores::breaker::{
    Breaker, Config, ConfigError, Outcome, Permit, Reason, Rejected, State, Wait, Window,
};
use cores::limiter::{
    BoundError, Denied, KeyedDenied, KeyedLimiter, Limiter, Quota, QuotaError, Tiers,
};
use cores::router::{jump_hash, split, Part, Ranges, Share};
use cores::{Clock, ManualClock};

const SECOND: u64 = 1_000_000_000;

#[test]
fn a_limiter_reads_its_clock() {
    let clock = ManualClock::at(5);
    let limiter = Limiter::with_clock(Quota::per_second(1, 3).unwrap(), clock.clone());
    assert_eq!(limiter.available(), 3);
    assert!(limiter.check().is_ok() && limiter.check_n(2).is_ok());
    assert!(limiter.check().is_err() && limiter.check_n(2).is_err());
    clock.advance(2 * SECOND);
    assert_eq!(limiter.available(), 2);
    limiter.set_quota(Quota::per_second(9, 1).unwrap());
    assert_eq!((limiter.available(), limiter.quota().count()), (1, 9));
    assert!(limiter.check().is_ok() && limiter.check().is_err());
}

#[test]
fn a_keyed_limiter_reads_its_clock_and_takes_hashes() {
    let clock = ManualClock::at(5);
    let quota = Quota::per_second(1, 1).unwrap();
    let keys: KeyedLimiter<u32, _> =
        KeyedLimiter::with_clock(quota, 9, clock.clone(), RandomState::new()).unwrap();
    assert!(keys.check(&7).is_ok() && keys.check(&7).is_err() && keys.check(&8).is_ok());
    clock.advance(SECOND);
    assert!(keys.check(&7).is_ok());
    assert_eq!(keys.clock().now(), SECOND + 5);
    // Equal hashes, other keys: told apart by the keys themselves.
    let check = |key: u32| keys.check_hashed_at(11, |&kept| kept == key, || key, 0, 1);
    assert!(check(101).is_ok() && check(101).is_err() && check(102).is_ok());
    keys.list_hashed(11, |&kept| kept == 101, || 101);
    keys.list_hashed(12, |&kept| kept == 103, || 103);
    assert!(check(101).is_ok() && check(101).is_ok());
    let listed = || keys.check_hashed_at(12, |&kept| kept == 103, || 103, 0, 1);
    assert!(
        listed().is_ok() && listed().is_ok(),
        "listed before it was seen"
    );
    assert!(keys.unlist_hashed(11, |&kept| kept == 101));
    assert!(!keys.unlist_hashed(11, |&kept| kept == 101));
    assert!(check(101).is_err());
}

#[test]
fn tiers_read_their_clock() {
    let quota = Quota::per_second(1, 1).unwrap();
    let tiers = Tiers::with_clock([("free", quota)], ManualClock::at(0)).unwrap();
    assert!(tiers.check("free").is_ok());
    shows(
        &tiers.check("free").unwrap_err(),
        "not before 1000000000 ns",
    );
    shows(&tiers.check("gold").unwrap_err(), "no tier \"gold\"");
}

#[test]
fn a_breaker_reads_its_clock_and_keeps_its_configuration() {
    let clock = ManualClock::at(0);
    let config = Config {
        slow_after: 9,
        ..Config::failures_within(1, 30, 60)
    };
    let breaker = Breaker::with_clock(config, clock.clone()).unwrap();
    assert_eq!(*breaker.config(), config);
    let permit = breaker.acquire().unwrap();
    let (era, lease, started) = permit.parts();
    assert_eq!(Permit::from_parts(era, lease, started), permit);
    breaker.record(permit, Outcome::Failure);
    assert_eq!(breaker.snapshot().wait, 61);
    assert_eq!(breaker.acquire().unwrap_err().wait, 61);
    clock.advance(61);
    let probe = breaker.acquire().unwrap();
    assert_eq!((probe.parts().0, probe.parts().2), (era + 2, 61));
    assert_ne!(probe.parts().1, 0);
}

/// The text is in what `Display` writes.
fn shows(value: &impl Display, text: &str) {
    let shown = value.to_string();
    assert!(shown.contains(text), "{shown:?} lacks {text:?}");
}

/// The text is in what `Debug` writes.
fn debugs(value: &impl Debug, text: &str) {
    let shown = format!("{value:?}");
    assert!(shown.contains(text), "{shown:?} lacks {text:?}");
}

#[test]
fn errors_say_what_is_wrong_and_what_is_allowed() {
    shows(
        &QuotaError::ZeroBurst,
        "burst must be at least 1 cell, got 0",
    );
    shows(
        &QuotaError::ZeroPeriod,
        "period must be at least 1 ns, got 0",
    );
    shows(&BoundError, "max_keys must be at least 1, got 0");
    let limiter = Limiter::with_clock(Quota::per_second(1, 2).unwrap(), ());
    let large: Denied = limiter.check_n_at(0, 3).unwrap_err();
    shows(&large, "cost must be at most the burst of 2, got 3");
    shows(
        &KeyedDenied::Key(large),
        "cost must be at most the burst of 2",
    );
    shows(&KeyedDenied::Full { wait: 7 }, "the first frees in 7 ns");
    assert_eq!((large.wait(), KeyedDenied::Key(large).wait()), (None, None));
    let error = ConfigError {
        setting: "permits",
        given: 0,
        least: 1,
        most: 9,
    };
    shows(&error, "permits must be in 1 ..= 9, got 0");
    let most = u64::MAX;
    shows(
        &ConfigError { most, ..error },
        "permits must be at least 1, got 0",
    );
    shows(&jump_hash(1, 0).unwrap_err(), "at least 1");
    shows(
        &Share::millionths(1_000_001).unwrap_err(),
        "0 ..= 1000000 millionths, got 1000001",
    );
    let part = Part { weight: 1, cap: 4 };
    shows(&split(5, &[part]).unwrap_err(), "amount must be at most 4,");
    shows(&Ranges::new(&[], &[], 9).unwrap_err(), "at least 1");
}

#[test]
fn states_and_rejections_have_texts() {
    let names = [
        "closed",
        "open",
        "half_open",
        "forced_open",
        "disabled",
        "metrics_only",
    ];
    let states = [
        State::Closed,
        State::Open,
        State::HalfOpen,
        State::ForcedOpen,
        State::Disabled,
        State::MetricsOnly,
    ];
    for (state, name) in states.iter().zip(names) {
        assert_eq!((state.name(), state.to_string()), (name, name.to_owned()));
    }
    let rejected = |reason, wait| Rejected { reason, wait };
    shows(
        &rejected(Reason::Open, 5),
        "the breaker is open; retry in 5 ns",
    );
    shows(
        &rejected(Reason::NoProbeFree, 5),
        "all probes are taken; retry",
    );
    let forced = rejected(Reason::ForcedOpen, u64::MAX).to_string();
    assert_eq!(forced, "the breaker is forced open");
    let breaker = Breaker::with_clock(Config::default(), ()).unwrap();
    let illegal = breaker.transition_at(State::HalfOpen, 0).unwrap_err();
    shows(&illegal, "no transition from closed to half_open");
}

#[test]
fn what_is_debugged_names_itself_and_its_state() {
    let quota = Quota::per_second(3, 4).unwrap();
    debugs(&Limiter::with_clock(quota, ()), "Limiter { quota: Quota");
    let keys: KeyedLimiter<u8, ()> =
        KeyedLimiter::with_clock(quota, 9, (), RandomState::new()).unwrap();
    debugs(&keys, "KeyedLimiter");
    let config = Config {
        window: Window::Count { calls: 3 },
        wait: Wait::constant(7),
        ..Config::default()
    };
    debugs(
        &Breaker::with_clock(config, ()).unwrap(),
        "Breaker { state: Closed",
    );
}
