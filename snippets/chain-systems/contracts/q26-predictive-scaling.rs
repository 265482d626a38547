use super::*;

/// A network that answers with the last depth; no forecast where the gas price is negative.
struct Last;

impl Network for Last {
    fn run(&self, window: &[f32]) -> Result<f32, ForecastError> {
        let last = &window[window.len() - VALUES..];
        if last[1] < 0.0 { Ok(f32::NAN) } else { Ok(last[0]) }
    }
}

fn predictor() -> (Gauge, Predictor<Last>) {
    let gauge = Gauge::new("predicted_load", "load of two minutes from now").unwrap();
    (gauge.clone(), Predictor::new(Last, gauge))
}

fn window(depth: f32) -> Vec<[f32; VALUES]> {
    (1..=MINUTES).map(|minute| [if minute == MINUTES { depth } else { 0.0 }, 1.0]).collect()
}

/// Q26.2 the gauge shows it
#[test]
fn gauge_shows_the_forecast() {
    let (gauge, mut predictor) = predictor();
    for depth in [250.0f32, 75.5] {
        assert_eq!(predictor.target(&window(depth), 9.0), Ok(Target::Forecast(depth.into())));
        assert_eq!(gauge.get(), f64::from(depth));
    }
    (0..JUDGED).for_each(|_| predictor.came(10.0, 100.0));
    assert_eq!(predictor.target(&window(8.0), 9.0), Ok(Target::Present(9.0)));
    assert_eq!(gauge.get(), 8.0, "shown though not trusted");
}

/// Q26.3 drift (MAE > 10 %) falls back to reactive
#[test]
fn drift_falls_back() {
    let (_, mut predictor) = predictor();
    let trusted = |predictor: &Predictor<Last>| {
        matches!(predictor.target(&window(5.0), 9.0), Ok(Target::Forecast(_)))
    };
    (0..JUDGED - 1).for_each(|_| predictor.came(0.0, 100.0));
    assert!(trusted(&predictor), "too few comparisons");
    predictor.came(0.0, 100.0);
    assert!(!trusted(&predictor));
    (0..JUDGED).for_each(|n| predictor.came(if n % 2 == 0 { 110.0 } else { 90.0 }, 100.0));
    assert!(trusted(&predictor), "10 % is not over 10 %, too high or too low");
    predictor.came(89.0, 100.0);
    assert!(!trusted(&predictor));
    predictor.came(100.0, 100.0);
    assert!(trusted(&predictor), "and back");
}

/// Q26.4 a wrong shape is an error
#[test]
fn wrong_shape_is_an_error() {
    let (gauge, predictor) = predictor();
    for minutes in [0, 1, MINUTES - 1, MINUTES + 1, 600] {
        let error = ForecastError::WrongShape { wanted: 24, given: 2 * minutes };
        assert_eq!(predictor.target(&vec![[1.0, 1.0]; minutes], 9.0), Err(error));
    }
    let mut hole = window(5.0);
    hole[3][0] = f32::NAN;
    assert_eq!(predictor.target(&hole, 9.0), Err(ForecastError::NotFinite));
    hole[3] = [0.0, 0.0];
    hole[MINUTES - 1][1] = -1.0;
    assert_eq!(predictor.target(&hole, 9.0), Err(ForecastError::NotFinite));
    assert_eq!(gauge.get(), 0.0, "nothing was shown");
}
