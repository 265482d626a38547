//! Rows that run so many calls → samples, one line a row, for `run.py` to read.

use std::time::Instant;

use cpu_time::ProcessTime;

/// One contender: runs so many calls (on each thread).
pub struct Row {
    pub name: &'static str,
    pub run: Box<dyn Fn(u64)>,
    /// Calls of one sample.
    calls: u64,
}

impl Row {
    /// The same with a tenth of the calls, for a contender that takes a hundred times as long.
    pub fn with_fewer_calls(self) -> Self {
        Self {
            calls: self.calls / 10,
            ..self
        }
    }
}

/// Contenders for one job; the first one is ours.
pub struct Group {
    pub name: String,
    pub rows: Vec<Row>,
}

/// Nanoseconds a call.
struct Sample {
    /// Processor time of all threads, by their number: leaves out what other processes took away.
    processor: f64,
    /// Wall time: shows waiting as well.
    wall: f64,
}

fn time(row: &Row, threads: usize) -> Sample {
    let (processor, wall) = (ProcessTime::now(), Instant::now());
    (row.run)(row.calls);
    let (processor, wall) = (processor.elapsed(), wall.elapsed());
    let per_call = |time: std::time::Duration| time.as_nanos() as f64 / row.calls as f64;
    Sample {
        processor: per_call(processor) / threads as f64,
        wall: per_call(wall),
    }
}

pub fn row(name: &'static str, run: impl Fn(u64) + 'static) -> Row {
    Row {
        name,
        run: Box::new(run),
        calls: CALLS,
    }
}

/// Calls of most samples: 0.1 to 1 ms, so that most samples see no other process.
const CALLS: u64 = 20_000;

/// Runs all rows in turn, `repeats` times, starting with another row each time, and prints for each
/// row and kind of time a line: group, row, kind, samples, with tabs between.
pub fn print(group: &Group, threads: usize, repeats: usize) {
    let mut samples: Vec<Vec<Sample>> = group.rows.iter().map(|_| Vec::new()).collect();
    for row in &group.rows {
        (row.run)(row.calls / 10);
    }
    for repeat in 0..repeats {
        for turn in 0..group.rows.len() {
            let place = (repeat + turn) % group.rows.len();
            samples[place].push(time(&group.rows[place], threads));
        }
    }
    for (row, samples) in group.rows.iter().zip(&samples) {
        let line = |kind: &str, of: fn(&Sample) -> f64| {
            let times: Vec<String> = samples.iter().map(|s| format!("{:.4}", of(s))).collect();
            println!("{}\t{}\t{kind}\t{}", group.name, row.name, times.join("\t"));
        };
        line("processor", |sample| sample.processor);
        if threads > 1 {
            line("wall", |sample| sample.wall);
        }
    }
}
