//! The values that a breaker takes and gives.

use std::fmt;

/// What the breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// Calls are permitted and recorded; too many bad ones open the breaker.
    Closed = 0,
    /// Calls are rejected until the wait is over.
    Open = 1,
    /// A few probes are permitted; their results close or open the breaker.
    HalfOpen = 2,
    /// Calls are rejected until someone changes the state.
    ForcedOpen = 3,
    /// Calls are permitted and not recorded.
    Disabled = 4,
    /// Calls are permitted and recorded; the breaker never opens.
    MetricsOnly = 5,
}

impl State {
    /// The state with this number; the control word holds no other numbers.
    pub(crate) fn from_bits(bits: u64) -> Self {
        match bits {
            1 => Self::Open,
            2 => Self::HalfOpen,
            3 => Self::ForcedOpen,
            4 => Self::Disabled,
            5 => Self::MetricsOnly,
            _ => Self::Closed,
        }
    }

    /// Lower-case name with underscores, as metrics like it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half_open",
            Self::ForcedOpen => "forced_open",
            Self::Disabled => "disabled",
            Self::MetricsOnly => "metrics_only",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Leave to make one call. Give it back with its result, or cancel it; a probe's permit that never
/// comes back expires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    pub(crate) era: u32,
    /// The lease of a probe; 0 for a call that is no probe.
    pub(crate) lease: u32,
    pub(crate) started: u64,
}

impl Permit {
    /// The permit with these parts, for a binding that has to store them as numbers.
    pub fn from_parts(era: u32, lease: u32, started: u64) -> Self {
        Self {
            era,
            lease,
            started,
        }
    }

    /// Era, lease and start time (ns), for [`from_parts`](Self::from_parts).
    pub fn parts(self) -> (u32, u32, u64) {
        (self.era, self.lease, self.started)
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It worked.
    Success,
    /// It failed.
    Failure,
    /// It says nothing about the other side: as if it had not been made.
    Ignored,
}

/// What a result did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is in the window.
    Counted,
    /// It was not for the window: ignored, or the state does not record.
    NotCounted,
    /// It belongs to an earlier era, or to a lease that has expired or was already settled.
    Stale,
}

/// Why a call is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The breaker is open.
    Open,
    /// All probes of the half-open state are under way or done.
    NoProbeFree,
    /// Someone forced the breaker open.
    ForcedOpen,
}

/// A rejected call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why.
    pub reason: Reason,
    /// Nanoseconds after which a call may be permitted; `u64::MAX` if no time is known.
    pub wait: u64,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            Reason::Open => "the breaker is open",
            Reason::NoProbeFree => "the breaker is half-open and all probes are taken",
            Reason::ForcedOpen => "the breaker is forced open",
        };
        match self.wait {
            u64::MAX => f.write_str(reason),
            wait => write!(f, "{reason}; retry in {wait} ns"),
        }
    }
}

impl std::error::Error for Rejected {}

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Before.
    pub from: State,
    /// After.
    pub to: State,
}

/// A change of state that the rules do not know: closed to half-open, metrics-only to open or
/// half-open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The state now.
    pub from: State,
    /// The state asked for.
    pub to: State,
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no transition from {} to {}", self.from, self.to)
    }
}

impl std::error::Error for IllegalTransition {}

/// A breaker at one moment, for metrics. Taking it changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapshot {
    /// The state. An open breaker stays open until a call asks, even when its wait is over.
    pub state: State,
    /// Number of changes of state so far, modulo 2^32.
    pub era: u32,
    /// Calls in the window: of the closed state, or of the probes while half-open. A breaker of
    /// [`failures_within`](super::Config::failures_within) counts failures only.
    pub calls: u64,
    /// Failed calls in the window.
    pub failures: u64,
    /// Slow calls in the window.
    pub slow: u64,
    /// Share of failures; `None` below the minimum number of calls.
    pub failure_rate: Option<f64>,
    /// Share of slow calls; `None` below the minimum number of calls.
    pub slow_rate: Option<f64>,
    /// Probes under way whose lease has not expired.
    pub probes: u32,
    /// Calls rejected since the breaker was made.
    pub rejected: u64,
    /// How often it opened since it was last closed.
    pub attempt: u32,
    /// Nanoseconds after which a call may be permitted: 0 if now, `u64::MAX` if not known.
    pub wait: u64,
}
