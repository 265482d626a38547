//! Cores and peers → samples of nanoseconds a call, one line a row.
//!
//! Usage: `cores-bench one|two REPEATS`, where `one` and `two` are the number of threads, or
//! `cores-bench count GROUP/ROW|list`, which runs one row for an instruction counter.

mod breakers;
mod limiters;
mod routers;
mod table;

use table::Group;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_default();
    let rest = arguments.next();
    match mode.as_str() {
        "one" | "two" => {
            let repeats = rest.map_or(11, |text| text.parse().expect("a number of repeats"));
            let threads = if mode == "one" { 1 } else { 2 };
            breakers::windows_hold_what_was_recorded();
            // Part of a group's name, to run only such groups.
            let only = std::env::var("ONLY").unwrap_or_default();
            for group in groups(threads)
                .into_iter()
                .filter(|g| g.name.contains(&only))
            {
                table::print(&group, threads, repeats);
            }
        }
        "count" => count(&rest.expect("group/row, or list")),
        _ => panic!("usage: cores-bench one|two REPEATS | count GROUP/ROW|list"),
    }
}

fn groups(threads: usize) -> Vec<Group> {
    let mut groups = limiters::groups(threads);
    groups.extend(breakers::groups(threads));
    if threads == 1 {
        groups.extend(routers::groups());
    }
    groups
}

/// What the instruction counter collects, and nothing else.
#[inline(never)]
fn counted(run: &dyn Fn(u64), calls: u64) {
    run(calls);
}

/// Runs one row for `CALLS` calls, under `counted`.
fn count(wanted: &str) {
    let calls: u64 = std::env::var("CALLS").map_or(0, |text| text.parse().expect("CALLS"));
    for group in groups(1) {
        for row in group.rows {
            let name = format!("{}/{}", group.name, row.name);
            if wanted == "list" {
                println!("{name}");
            } else if name == wanted {
                (row.run)(1_000);
                counted(&*row.run, calls);
            }
        }
    }
}
