//! A program's benches and its arguments in, one launch of one bench out, as frames.
//!
//! The arguments are `BENCH WARM_UP_MS MEASURE_MS CORES LAUNCH CALLS LONGEST_MS`; without any the
//! names are listed. The key of the frames comes on standard input.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::calibration;
use crate::clock;
use crate::frames::{read_key, Frames};
use crate::series::{Bench, Budget, Series};
use crate::threads::allowed_cores;

/// A bench with its name.
pub type Named<'a> = (&'a str, fn(&mut Bench));

/// Runs the bench that the arguments name. A bench file needs no `main`: the harness writes one.
#[must_use]
pub fn main(benches: &[Named]) -> ExitCode {
    let begun = Instant::now();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match launch(benches, &arguments, begun) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("probe: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a bench for a moment and returns what it saw: for a bench's own tests.
///
/// # Panics
///
/// Where the bench measures nothing, or twice.
pub fn try_out(bench: fn(&mut Bench)) -> Series {
    let budget = Budget {
        warm_up: Duration::from_millis(1),
        measure: Duration::from_millis(10),
        calls: 0,
        longest: Duration::from_millis(10),
        cores: 1,
        launch: 0,
        clock_cost: clock::cost(),
    };
    let mut given = Bench::new(budget);
    bench(&mut given);
    given.into_series().expect("the bench measured nothing")
}

fn launch(benches: &[Named], arguments: &[String], begun: Instant) -> io::Result<()> {
    let [name, warm_up, measure, cores, number, calls, longest] = arguments else {
        for (name, _) in benches {
            println!("{name}");
        }
        return Ok(());
    };
    // Before any code of the bench runs, so that nothing of it can read the key.
    let mut frames = Frames::new(read_key(io::stdin())?, io::stdout());
    let bench = benches
        .iter()
        .find(|(known, _)| known == name)
        .ok_or_else(|| io::Error::other(format!("no bench `{name}`")))?
        .1;
    let budget = Budget {
        warm_up: Duration::from_millis(parsed(warm_up)?),
        measure: Duration::from_millis(parsed(measure)?),
        calls: parsed(calls)?,
        longest: Duration::from_millis(parsed(longest)?),
        cores: usize::try_from(parsed(cores)?).map_err(io::Error::other)?,
        launch: parsed(number)?,
        clock_cost: clock::cost(),
    };
    frames.write(&begin(&budget))?;
    let before = calibration::round_time();
    let mut given = Bench::new(budget);
    bench(&mut given);
    let series = given
        .into_series()
        .ok_or_else(|| io::Error::other(format!("`{name}` measured nothing")))?;
    let after = calibration::round_time();
    frames.write(&observed(&series, before, after, begun))?;
    frames.write("{\"end\":true}")?;
    io::stdout().flush()
}

fn parsed(text: &str) -> io::Result<u64> {
    text.parse()
        .map_err(|_| io::Error::other(format!("`{text}` is no whole number")))
}

/// The first frame: where the launch runs.
fn begin(budget: &Budget) -> String {
    let parallelism = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{{\"cores_allowed\":\"{}\",\"parallelism\":{parallelism},\"clock_cost_ps\":{}}}",
        allowed_cores().escape_default(),
        budget.clock_cost
    )
}

/// The second frame: the series, times in picoseconds, the kernel's counts in nanoseconds.
///
/// It says how long the program has run by its own clock, which the harness holds against its.
fn observed(series: &Series, before: u64, after: u64, begun: Instant) -> String {
    let times: Vec<String> = series
        .times
        .iter_recorded()
        .map(|step| format!("[{},{}]", step.value_iterated_to(), step.count_at_value()))
        .collect();
    let scheduled = series.scheduled.map_or_else(
        || "null".to_owned(),
        |seen| format!("[{},{},{}]", seen.ran, seen.waited, seen.slices),
    );
    format!(
        "{{\"kind\":\"{}\",\"operations\":{},\"elapsed_ps\":{},\"base\":[{},{}],\
         \"threads\":{},\"scheduled_ns\":{scheduled},\
         \"calibration_ps\":[{before},{after}],\"alive_ps\":{},\"times_ps\":[{}]}}",
        series.kind.name(),
        series.operations,
        series.elapsed,
        series.base.0,
        series.base.1,
        series.threads,
        clock::picoseconds(begun.elapsed()),
        times.join(",")
    )
}
