//! What Q26 states about time: the checks around a forecast, the network left out.

use super::*;
use probe::Bench;

struct Constant;

impl Network for Constant {
    fn run(&self, window: &[f32]) -> Result<f32, ForecastError> {
        Ok(window[0])
    }
}

/// A target, with 30 forecasts to judge the drift by.
fn target(bench: &mut Bench) {
    let gauge = Gauge::new("forecast", "requests a second").expect("a name");
    let mut predictor = Predictor::new(Constant, gauge);
    (0..40).for_each(|n| predictor.came(100.0, 100.0 + f64::from(n % 3)));
    let window = [[100.0, 0.5]; MINUTES];
    bench.batches(|| predictor.target(&window, 90.0));
}
