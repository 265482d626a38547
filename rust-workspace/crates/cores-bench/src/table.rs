//! Rows that run so many calls → medians, and ratios of the first row to each other one.

use std::time::Instant;

use cpu_time::ProcessTime;

/// One contender: runs so many calls (on each thread).
pub struct Row {
    pub name: &'static str,
    pub run: Box<dyn Fn(u64)>,
}

/// Contenders for one job; the first one is ours.
pub struct Group {
    pub name: String,
    pub rows: Vec<Row>,
}

/// Nanoseconds a call of processor time (of all threads, by their number) and of wall time.
/// Processor time leaves out what other processes took away; wall time shows waiting as well.
fn time(row: &Row, threads: usize) -> (f64, f64) {
    let (cpu, wall) = (ProcessTime::now(), Instant::now());
    (row.run)(CALLS);
    let per_call = |nanos: u128| nanos as f64 / CALLS as f64;
    let (cpu, wall) = (cpu.elapsed().as_nanos(), wall.elapsed().as_nanos());
    (per_call(cpu) / threads as f64, per_call(wall))
}

pub fn row(name: &'static str, run: impl Fn(u64) + 'static) -> Row {
    Row {
        name,
        run: Box::new(run),
    }
}

/// Calls of one sample: 0.1 to 1 ms, so that most samples see no other process.
const CALLS: u64 = 20_000;

/// Runs all rows in turn, `repeats` times, starting with another row each time, and prints.
pub fn print(group: &Group, threads: usize, repeats: usize) {
    let mut samples = vec![Vec::with_capacity(repeats); group.rows.len()];
    for row in &group.rows {
        (row.run)(CALLS / 10);
    }
    for repeat in 0..repeats {
        for turn in 0..group.rows.len() {
            let place = (repeat + turn) % group.rows.len();
            samples[place].push(time(&group.rows[place], threads));
        }
    }
    println!("\n{} ({repeats} interleaved repeats)", group.name);
    for (row, times) in group.rows.iter().zip(&samples) {
        print!("  {:32}", row.name);
        show(&samples[0], times, |sample| sample.0);
        if threads > 1 {
            print!("   wall");
            show(&samples[0], times, |sample| sample.1);
        }
        println!();
    }
}

/// Prints the median of one kind of time, and the first row's ratio to it.
fn show(first: &[(f64, f64)], this: &[(f64, f64)], kind: fn(&(f64, f64)) -> f64) {
    let times: Vec<f64> = this.iter().map(kind).collect();
    let ratios: Vec<f64> = first
        .iter()
        .zip(this)
        .map(|(a, b)| kind(a) / kind(b))
        .collect();
    let (low, high) = interval(&ratios);
    print!(
        " {:9.2} ns   first/this {:6.3} [{low:.3}, {high:.3}]",
        median(&times),
        median(&ratios)
    );
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values
}

fn median(values: &[f64]) -> f64 {
    let values = sorted(values);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        (values[middle - 1] + values[middle]) / 2.0
    }
}

/// 95 % interval of the median, free of assumptions: order statistics at binomial ranks.
fn interval(values: &[f64]) -> (f64, f64) {
    let values = sorted(values);
    let n = values.len();
    let (mut probability, mut cumulated, mut rank) = (0.5_f64.powi(n as i32), 0.0, 0);
    // The largest rank whose tail is at most 2.5 %.
    while cumulated + probability <= 0.025 {
        cumulated += probability;
        rank += 1;
        probability *= (n - rank + 1) as f64 / rank as f64;
    }
    let low = rank.saturating_sub(1);
    (values[low], values[n - 1 - low])
}
