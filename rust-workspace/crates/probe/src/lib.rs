//! Times the calls of a bench, and reports what it saw in frames.
//!
//! A bench is a function that is given a [`Bench`] and hands it the calls to time:
//!
//! ```
//! fn sort(bench: &mut probe::Bench) {
//!     bench.batches(|| {
//!         let mut numbers = [3, 1, 2];
//!         numbers.sort_unstable();
//!         numbers
//!     });
//! }
//! let seen = probe::try_out(sort);
//! assert!(seen.operations > 0);
//! ```
//!
//! The program that holds it calls [`main`], and the harness starts that program once a launch,
//! pinned to the cores that the claim is about. All times are in picoseconds, so that the mean
//! of many calls keeps its digits.
//!
//! What each method is for, and what it does not show, stands at the method.

mod calibration;
mod clock;
mod frames;
mod launch;
mod series;
mod threads;

pub use launch::{main, try_out, Named};
pub use series::{Bench, Kind, Series};
pub use threads::Scheduled;
