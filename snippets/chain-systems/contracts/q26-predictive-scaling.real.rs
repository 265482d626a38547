use super::*;

const HIDDEN: usize = 4;

/// Weights between -0.5 and 0.5, the same on every run.
struct Weights(u64);

impl Weights {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f32::from(u16::try_from(self.0 >> 48).unwrap()) / 65_536.0 - 0.5
    }
    fn take(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.next()).collect()
    }
}

/// The network's numbers: gates in ONNX's order (input, output, forget, cell).
struct Lstm {
    values: usize,
    w: Vec<f32>,
    r: Vec<f32>,
    b: Vec<f32>,
    dense: Vec<f32>,
    bias: Vec<f32>,
}

fn lstm(values: usize) -> Lstm {
    let mut weights = Weights(26);
    Lstm {
        values,
        w: weights.take(4 * HIDDEN * values),
        r: weights.take(4 * HIDDEN * HIDDEN),
        b: weights.take(8 * HIDDEN),
        dense: weights.take(HIDDEN),
        bias: weights.take(1),
    }
}

impl Lstm {
    /// The equations of the ONNX operator, written out in 64 bits.
    fn reference(&self, window: &[f32]) -> f64 {
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let (mut h, mut c) = ([0.0f64; HIDDEN], [0.0f64; HIDDEN]);
        for x in window.chunks(self.values) {
            let gate = |gate: usize, unit: usize| {
                let row = gate * HIDDEN + unit;
                let from_x: f64 = (0..self.values).map(|k| f64::from(self.w[row * self.values + k]) * f64::from(x[k])).sum();
                let from_h: f64 = (0..HIDDEN).map(|k| f64::from(self.r[row * HIDDEN + k]) * h[k]).sum();
                from_x + from_h + f64::from(self.b[row]) + f64::from(self.b[4 * HIDDEN + row])
            };
            let (mut next_h, mut next_c) = (h, c);
            for unit in 0..HIDDEN {
                next_c[unit] = sigmoid(gate(2, unit)) * c[unit] + sigmoid(gate(0, unit)) * gate(3, unit).tanh();
                next_h[unit] = sigmoid(gate(1, unit)) * next_c[unit].tanh();
            }
            (h, c) = (next_h, next_c);
        }
        (0..HIDDEN).map(|k| h[k] * f64::from(self.dense[k])).sum::<f64>() + f64::from(self.bias[0])
    }

    /// The same network as an ONNX file.
    fn onnx(&self) -> Vec<u8> {
        let tensor = |name: &str, dims: &[usize], data: &[f32]| {
            let dims: Vec<u8> = dims.iter().flat_map(|d| number(1, *d as u64)).collect();
            let raw: Vec<u8> = data.iter().flat_map(|x| x.to_le_bytes()).collect();
            bytes(5, &[dims, number(2, 1), bytes(8, name.as_bytes()), bytes(9, &raw)].concat())
        };
        let node = |op: &str, from: &[&str], to: &[&str], attribute: &[u8]| {
            let from: Vec<u8> = from.iter().flat_map(|n| bytes(1, n.as_bytes())).collect();
            let to: Vec<u8> = to.iter().flat_map(|n| bytes(2, n.as_bytes())).collect();
            let name = bytes(3, op.as_bytes());
            bytes(1, &[from, to, name, bytes(4, op.as_bytes()), attribute.to_vec()].concat())
        };
        let integer = |name: &str, value: usize| {
            bytes(5, &[bytes(1, name.as_bytes()), number(3, value as u64), number(20, 2)].concat())
        };
        let value = |field: u64, name: &str, dims: &[usize]| {
            let dims: Vec<u8> = dims.iter().flat_map(|d| bytes(1, &number(1, *d as u64))).collect();
            let kind = bytes(1, &[number(1, 1), bytes(2, &dims)].concat());
            bytes(field, &[bytes(1, name.as_bytes()), bytes(2, &kind)].concat())
        };
        let graph = [
            node("LSTM", &["x", "w", "r", "b"], &["", "h"], &integer("hidden_size", HIDDEN)),
            node("Flatten", &["h"], &["flat"], &integer("axis", 2)),
            node("Gemm", &["flat", "dense", "bias"], &["load"], &[]),
            bytes(2, b"lstm"),
            tensor("w", &[1, 4 * HIDDEN, self.values], &self.w),
            tensor("r", &[1, 4 * HIDDEN, HIDDEN], &self.r),
            tensor("b", &[1, 8 * HIDDEN], &self.b),
            tensor("dense", &[HIDDEN, 1], &self.dense),
            tensor("bias", &[1], &self.bias),
            value(11, "x", &[MINUTES, 1, self.values]),
            value(12, "load", &[1, 1]),
        ];
        let opset = bytes(8, &[bytes(1, b""), number(2, 13)].concat());
        [number(1, 7), bytes(7, &graph.concat()), opset].concat()
    }
}

/// A protobuf integer.
fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

/// Protobuf bytes, texts and messages.
fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Q26.1 the prediction equals the reference implementation's within 1e-4
#[test]
fn forecast_equals_the_reference() {
    let lstm = lstm(VALUES);
    let network = OnnxNetwork::read(lstm.onnx().as_slice()).unwrap();
    let gauge = Gauge::new("predicted_load", "load").unwrap();
    let predictor = Predictor::new(network, gauge);
    let mut weights = Weights(1);
    let mut forecasts = Vec::new();
    for _ in 0..50 {
        let window: Vec<[f32; VALUES]> = (0..MINUTES).map(|_| [4.0 * weights.next(), weights.next()]).collect();
        let Ok(Target::Forecast(forecast)) = predictor.target(&window, 0.0) else { panic!("no forecast") };
        let reference = lstm.reference(window.as_flattened());
        assert!((forecast - reference).abs() < 1e-4, "{forecast} and {reference}");
        forecasts.push(forecast);
    }
    let (least, most) = forecasts.iter().fold((f64::MAX, f64::MIN), |(a, b), f| (a.min(*f), b.max(*f)));
    assert!(most - least > 0.01, "the windows matter: {least} to {most}");
}

/// Q26.4 a wrong shape is an error, for the window and for the file
#[test]
fn wrong_shapes_are_errors() {
    let network = OnnxNetwork::read(lstm(VALUES).onnx().as_slice()).unwrap();
    assert_eq!(network.run(&[1.0; 23]), Err(ForecastError::WrongShape { wanted: 24, given: 23 }));
    assert_eq!(network.run(&[1.0; 48]), Err(ForecastError::WrongShape { wanted: 24, given: 48 }));
    assert!(network.run(&[1.0; 24]).is_ok());
    assert!(matches!(OnnxNetwork::read(lstm(3).onnx().as_slice()), Err(ForecastError::Network(_))));
    assert!(matches!(OnnxNetwork::read(&b"no network"[..]), Err(ForecastError::Network(_))));
}
