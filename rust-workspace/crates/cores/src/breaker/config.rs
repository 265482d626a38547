//! Thresholds, window, waits → a checked configuration.

use std::fmt;

/// Millionths in one.
const MILLION: u32 = 1_000_000;
/// Largest count window: its log of failures is allocated at the start.
pub const MOST_CALLS: u32 = 1_000_000;
/// Most buckets of a time window, most permits while half-open, most counted failures.
pub const MOST_PARTS: u32 = 100_000;
/// One second in nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// A share in whole millionths, above zero and at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ratio(u32);

impl Ratio {
    /// Half.
    pub const HALF: Self = Self(MILLION / 2);
    /// All.
    pub const ALL: Self = Self(MILLION);

    /// `millionths` of one.
    ///
    /// # Errors
    /// [`ConfigError`] unless in 1 ..= 1,000,000.
    pub fn millionths(millionths: u32) -> Result<Self, ConfigError> {
        within(
            "ratio in millionths",
            u64::from(millionths),
            1,
            u64::from(MILLION),
        )?;
        Ok(Self(millionths))
    }

    /// `percent` of one.
    ///
    /// # Errors
    /// [`ConfigError`] unless in 1 ..= 100.
    pub fn percent(percent: u32) -> Result<Self, ConfigError> {
        within("ratio in percent", u64::from(percent), 1, 100)?;
        Ok(Self(percent * (MILLION / 100)))
    }

    /// Whether `part` of `whole` is this share or more; never for a whole of zero.
    pub(crate) fn reached(self, part: u64, whole: u64) -> bool {
        whole > 0
            && u128::from(part) * u128::from(MILLION) >= u128::from(self.0) * u128::from(whole)
    }
}

/// Which results count together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The last `calls` results.
    Count {
        /// 1 ..= 1,000,000.
        calls: u32,
    },
    /// The results of the current bucket and the `buckets - 1` before it. Buckets begin at whole
    /// multiples of their length. A time earlier than the current bucket counts as in it.
    Time {
        /// 1 ..= 100,000.
        buckets: u32,
        /// Length of a bucket, at least 1 ns.
        bucket_nanos: u64,
    },
    /// The times of the last `failures` failures; all within `nanos` open the breaker. Rates and
    /// slow calls play no part.
    Failures {
        /// 1 ..= 100,000.
        failures: u32,
        /// A failure older than this does not count.
        nanos: u64,
    },
}

/// How long the breaker stays open: `first · growth^(attempt - 1)`, at most `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The first wait after the closed state (ns).
    pub first: u64,
    /// Growth per further opening in thousandths: 1000 is constant, 2000 doubles.
    pub growth_thousandths: u32,
    /// Upper bound (ns).
    pub most: u64,
}

impl Wait {
    /// The same wait each time.
    pub fn constant(nanos: u64) -> Self {
        Self {
            first: nanos,
            growth_thousandths: 1000,
            most: nanos,
        }
    }

    /// The wait of the `attempt`-th opening in a row (from 1), each step rounded down.
    pub fn of(&self, attempt: u32) -> u64 {
        let mut wait = self.first.min(self.most);
        for _ in 1..attempt {
            let grown = u128::from(wait) * u128::from(self.growth_thousandths) / 1000;
            let next = u64::try_from(grown).unwrap_or(u64::MAX).min(self.most);
            if next == wait {
                break;
            }
            wait = next;
        }
        wait
    }
}

/// Where the half-open state goes when its results do not come in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HalfOpenEnd {
    /// To open, with the next wait.
    Open,
    /// To closed.
    Closed,
}

/// All that a breaker is made from. [`Config::default`] has resilience4j's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which results count together. Default: the last 100.
    pub window: Window,
    /// Share of failures at or above which the breaker opens. Default: half.
    pub failure_rate: Ratio,
    /// Share of slow calls at or above which the breaker opens. Default: all.
    pub slow_rate: Ratio,
    /// A call is slow if it takes longer than this (ns). Default: 60 s.
    pub slow_after: u64,
    /// Results needed before a rate means anything; at most the size of a count window counts.
    /// Default: 100.
    pub minimum_calls: u32,
    /// Probes of one half-open state, under way and done. Default: 10.
    pub permits: u32,
    /// A probe that has not come back after this gives its permit back (ns). Default: 60 s.
    pub lease: u64,
    /// Longest half-open state (ns) and what follows it. Default: no limit.
    pub half_open_limit: Option<(u64, HalfOpenEnd)>,
    /// How long the breaker stays open. Default: 60 s each time.
    pub wait: Wait,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            window: Window::Count { calls: 100 },
            failure_rate: Ratio::HALF,
            slow_rate: Ratio::ALL,
            slow_after: 60 * SECOND,
            minimum_calls: 100,
            permits: 10,
            lease: 60 * SECOND,
            half_open_limit: None,
            wait: Wait::constant(60 * SECOND),
        }
    }
}

/// A setting out of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The setting's name.
    pub setting: &'static str,
    /// What was given.
    pub given: u64,
    /// Least allowed.
    pub least: u64,
    /// Most allowed.
    pub most: u64,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            given,
            least,
            most,
        } = self;
        match *most {
            u64::MAX => write!(f, "{setting} must be at least {least}, got {given}"),
            _ => write!(f, "{setting} must be in {least} ..= {most}, got {given}"),
        }
    }
}

impl std::error::Error for ConfigError {}

fn within(setting: &'static str, given: u64, least: u64, most: u64) -> Result<(), ConfigError> {
    if (least..=most).contains(&given) {
        return Ok(());
    }
    Err(ConfigError {
        setting,
        given,
        least,
        most,
    })
}

impl Config {
    /// Opens on the `failures`-th failure within `nanos`, waits `wait_nanos`, then lets one probe
    /// decide.
    pub fn failures_within(failures: u32, nanos: u64, wait_nanos: u64) -> Self {
        Self {
            window: Window::Failures { failures, nanos },
            permits: 1,
            wait: Wait::constant(wait_nanos),
            ..Self::default()
        }
    }

    /// Checks all bounds.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting out of its bounds.
    pub fn check(&self) -> Result<(), ConfigError> {
        match self.window {
            Window::Count { calls } => {
                within("window.calls", calls.into(), 1, MOST_CALLS.into())?;
            }
            Window::Time {
                buckets,
                bucket_nanos,
            } => {
                within("window.buckets", buckets.into(), 1, MOST_PARTS.into())?;
                within("window.bucket_nanos", bucket_nanos, 1, u64::MAX)?;
            }
            Window::Failures { failures, .. } => {
                within("window.failures", failures.into(), 1, MOST_PARTS.into())?;
            }
        }
        let most = u64::from(u32::MAX);
        within("minimum_calls", self.minimum_calls.into(), 1, most)?;
        within("permits", self.permits.into(), 1, MOST_PARTS.into())?;
        within("lease", self.lease, 1, u64::MAX)?;
        let growth = u64::from(self.wait.growth_thousandths);
        within("wait.growth_thousandths", growth, 1000, most)
    }

    /// Results after which the closed state's rates count.
    pub(crate) fn minimum_in_window(&self) -> u64 {
        match self.window {
            Window::Count { calls } => self.minimum_calls.min(calls).into(),
            _ => self.minimum_calls.into(),
        }
    }

    /// Probe results after which the half-open state is decided.
    pub(crate) fn minimum_of_probes(&self) -> u32 {
        match self.window {
            // This window has no minimum number of calls.
            Window::Failures { .. } => self.permits,
            _ => self.minimum_calls.min(self.permits),
        }
    }

    /// Whether counts mean that the other side is bad: a rate at or above its threshold.
    pub(crate) fn too_bad(&self, counts: super::window::Counts) -> bool {
        self.failure_rate.reached(counts.failures, counts.calls)
            || self.slow_rate.reached(counts.slow, counts.calls)
    }
}

#[cfg(test)]
mod tests;
