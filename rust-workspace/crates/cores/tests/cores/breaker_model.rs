//! Calls → what the breaker must answer, by a slow model that keeps every result and counts again.

use cores::breaker::{
    Config, Effect, HalfOpenEnd, Outcome, Reason, Snapshot, State, Transition, Window,
};

/// A result that was counted, in order.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// Bucket of a time window.
    pub(crate) tick: u64,
    pub(crate) time: u64,
    pub(crate) failed: bool,
    pub(crate) slow: bool,
}

/// A call under way.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    pub(crate) era: u32,
    pub(crate) started: u64,
    /// Number of the probe, if it is one.
    pub(crate) probe: Option<usize>,
}

/// The rules, with everything kept and counted again each time.
pub(crate) struct Model {
    pub(crate) config: Config,
    pub(crate) state: State,
    pub(crate) era: u32,
    pub(crate) attempt: u32,
    pub(crate) log: Vec<Entry>,
    pub(crate) latest_tick: u64,
    pub(crate) open_until: u64,
    pub(crate) entered: u64,
    /// Last nanosecond of each probe under way, by number.
    pub(crate) probes: Vec<Option<u64>>,
    pub(crate) done: Vec<(bool, bool)>,
    pub(crate) rejected: u64,
}

impl Model {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            config,
            state: State::Closed,
            era: 0,
            attempt: 0,
            log: Vec::new(),
            latest_tick: 0,
            open_until: 0,
            entered: 0,
            probes: Vec::new(),
            done: Vec::new(),
            rejected: 0,
        }
    }

    pub(crate) fn go(&mut self, to: State, now: u64) -> Transition {
        let from = self.state;
        self.state = to;
        self.era += 1;
        self.log.clear();
        self.probes.clear();
        self.done.clear();
        match to {
            State::Open => {
                self.attempt += 1;
                let mut wait = self.config.wait.first;
                for _ in 1..self.attempt {
                    wait = wait * u64::from(self.config.wait.growth_thousandths) / 1000;
                    wait = wait.min(self.config.wait.most);
                }
                self.open_until = now + wait.min(self.config.wait.most);
            }
            State::HalfOpen => self.entered = now,
            _ => self.attempt = 0,
        }
        Transition { from, to }
    }

    fn end_half_open(&mut self, now: u64) -> Option<Transition> {
        let (limit, end) = self.config.half_open_limit?;
        if self.state == State::HalfOpen && now > self.entered + limit {
            return Some(match end {
                HalfOpenEnd::Open => self.go(State::Open, now),
                HalfOpenEnd::Closed => self.go(State::Closed, now),
            });
        }
        None
    }

    fn under_way(&self, now: u64) -> usize {
        self.probes
            .iter()
            .flatten()
            .filter(|&&until| now <= until)
            .count()
    }

    fn wait(&self, now: u64) -> u64 {
        match self.state {
            State::Closed | State::Disabled | State::MetricsOnly => 0,
            State::ForcedOpen => u64::MAX,
            State::Open if now > self.open_until => 0,
            State::Open => self.open_until - now + 1,
            State::HalfOpen => {
                if self.under_way(now) + self.done.len() < self.config.permits as usize {
                    return 0;
                }
                let alive = self.probes.iter().flatten().filter(|&&until| now <= until);
                alive.min().map_or(u64::MAX, |until| until - now + 1)
            }
        }
    }

    pub(crate) fn acquire(
        &mut self,
        now: u64,
    ) -> (Result<Call, (Reason, u64)>, Option<Transition>) {
        let mut seen = self.end_half_open(now);
        if self.state == State::Open && now > self.open_until {
            seen = Some(self.go(State::HalfOpen, now));
        }
        let plain = Call {
            era: self.era,
            started: now,
            probe: None,
        };
        let answer = match self.state {
            State::Closed | State::Disabled | State::MetricsOnly => Ok(plain),
            State::Open => Err((Reason::Open, self.wait(now))),
            State::ForcedOpen => Err((Reason::ForcedOpen, u64::MAX)),
            State::HalfOpen => {
                self.drop_expired(now);
                match self.wait(now) {
                    0 => {
                        self.probes.push(Some(now + self.config.lease));
                        Ok(Call {
                            probe: Some(self.probes.len() - 1),
                            ..plain
                        })
                    }
                    wait => Err((Reason::NoProbeFree, wait)),
                }
            }
        };
        self.rejected += u64::from(answer.is_err());
        (answer, seen)
    }

    /// A lease that was seen expired stays so when the clock goes back.
    pub(crate) fn drop_expired(&mut self, now: u64) {
        for probe in &mut self.probes {
            *probe = probe.filter(|&until| now <= until);
        }
    }

    pub(crate) fn record(
        &mut self,
        call: Call,
        outcome: Outcome,
        now: u64,
    ) -> (Effect, Option<Transition>) {
        let ended = self.end_half_open(now);
        if call.era != self.era {
            return (Effect::Stale, ended);
        }
        let failed = outcome == Outcome::Failure;
        let by_rates = !matches!(self.config.window, Window::Failures { .. });
        let late = now > call.started && now - call.started > self.config.slow_after;
        let slow = by_rates && late;
        if self.state == State::HalfOpen {
            self.drop_expired(now);
            let number = call.probe.expect("permits of this era are probes");
            if self.probes[number].take().is_none() {
                return (Effect::Stale, None);
            }
        }
        if outcome == Outcome::Ignored {
            return (Effect::NotCounted, None);
        }
        match self.state {
            State::HalfOpen => {
                self.done.push((failed, slow));
                (Effect::Counted, self.decide(now))
            }
            State::Closed | State::MetricsOnly => {
                self.log_result(failed, slow, now);
                let trip = self.state == State::Closed && self.must_open(failed, now);
                (Effect::Counted, trip.then(|| self.go(State::Open, now)))
            }
            _ => (Effect::NotCounted, None),
        }
    }

    fn decide(&mut self, now: u64) -> Option<Transition> {
        if (self.done.len() as u32) < self.least_probes() {
            return None;
        }
        let next = if self.bad(self.counts(now)) {
            State::Open
        } else {
            State::Closed
        };
        Some(self.go(next, now))
    }

    pub(crate) fn snapshot(&self, now: u64) -> Snapshot {
        let (calls, failures, slow) = self.counts(now);
        let least = match (self.state, self.config.window) {
            (State::HalfOpen, _) => self.least_probes().into(),
            (_, Window::Failures { .. }) => u64::MAX,
            _ => self.least(),
        };
        let rate = |part: u64| (calls >= least).then(|| part as f64 / calls as f64);
        Snapshot {
            state: self.state,
            era: self.era,
            calls,
            failures,
            slow,
            failure_rate: rate(failures),
            slow_rate: rate(slow),
            probes: match self.state {
                State::HalfOpen => self.under_way(now) as u32,
                _ => 0,
            },
            rejected: self.rejected,
            attempt: self.attempt,
            wait: self.wait(now),
        }
    }

    pub(crate) fn transition(&mut self, to: State, now: u64) -> Result<Option<Transition>, ()> {
        let legal = match self.state {
            State::Closed => to != State::HalfOpen,
            State::MetricsOnly => to != State::Open && to != State::HalfOpen,
            _ => true,
        };
        if !legal {
            return Err(());
        }
        Ok((to != self.state).then(|| self.go(to, now)))
    }
}
