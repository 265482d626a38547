use super::*;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use proptest::prelude::*;
use std::sync::Mutex;
use tower::ServiceExt;

/// A book that trades a third of each order and notes what it was asked.
#[derive(Default)]
struct Third(Mutex<Vec<Order>>);

impl Book for Third {
    fn place(&self, order: &Order) -> Result<Receipt, String> {
        if order.pair == "NO-PAIR" {
            return Err("no such pair".into());
        }
        self.0.lock().unwrap().push(order.clone());
        Ok(Receipt { id: 7, filled_micro: order.micro / 3 })
    }
}

async fn ask(book: &Arc<Third>, method: &str, path: &str, body: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = api(book.clone()).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// Q15.1 /v2 and /v3 share one core and differ only in shape
#[tokio::test]
async fn one_core_two_shapes() {
    for (buy, side) in [(true, "BUY"), (false, "SELL")] {
        let book = Arc::new(Third::default());
        let v2 = format!(r#"{{"market":"ETH-USDC","side":"{side}","quantity":"1.5"}}"#);
        let v3 = format!(r#"{{"pair":"ETH-USDC","buy":{buy},"micro":1500000}}"#);
        let (old, old_body) = ask(&book, "POST", "/v2/orders", &v2).await;
        let (new, new_body) = ask(&book, "POST", "/v3/orders", &v3).await;
        assert_eq!((old, new), (200, 200), "{old_body} {new_body}");
        let order = Order { pair: "ETH-USDC".into(), buy, micro: 1_500_000 };
        assert_eq!(*book.0.lock().unwrap(), vec![order.clone(), order]);
        let value = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap();
        let (old, new) = (value(&old_body), value(&new_body));
        assert_eq!(old["order_id"], new["id"]);
        assert_eq!(from_decimal(old["executed"].as_str().unwrap()), new["filled_micro"].as_u64());
        assert_eq!(new["open_micro"], 1_000_000);
    }
    let book = Arc::new(Third::default());
    let (status, body) = ask(&book, "POST", "/v3/orders", r#"{"pair":"NO-PAIR","buy":true,"micro":1}"#).await;
    assert_eq!((status, body.as_str()), (422, r#"{"code":"rejected","message":"no such pair"}"#));
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(15), failure_persistence: None, ..ProptestConfig::default() })]

    /// Q15.1 amounts survive the way through v2's text
    #[test]
    fn decimals_round_trip(micro in any::<u64>(), text in "[0-9.+ e-]{0,12}") {
        prop_assert_eq!(from_decimal(&to_decimal(micro)), Some(micro));
        if let Some(read) = from_decimal(&text) {
            let given: f64 = text.parse().unwrap();
            prop_assert!((read as f64 / 1e6 - given).abs() <= given * 1e-9);
        }
        prop_assert_eq!(from_decimal("0.0000001"), None);
    }
}

/// Q15.2 an unknown version is a 404 with a body, not a panic
#[tokio::test]
async fn unknown_version_is_404() {
    let book = Arc::new(Third::default());
    for path in ["/v1/orders", "/v4/orders", "/v2/nothing", "/", "/v3"] {
        let (status, body) = ask(&book, "POST", path, "{}").await;
        assert_eq!(status, 404, "{path}");
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["code"], "unknown");
        assert!(body["message"].as_str().unwrap().starts_with(path), "{body}");
    }
}

/// Q15.3 v2's answers do not change (golden)
#[tokio::test]
async fn v2_is_golden() {
    let golden = [
        (r#"{"market":"ETH-USDC","side":"BUY","quantity":"1.5"}"#, 200, r#"{"order_id":7,"status":"OPEN","executed":"0.500000"}"#),
        (r#"{"market":"ETH-USDC","side":"SELL","quantity":"0"}"#, 200, r#"{"order_id":7,"status":"FILLED","executed":"0.000000"}"#),
        (r#"{"market":"NO-PAIR","side":"SELL","quantity":"3"}"#, 422, r#"{"code":"rejected","message":"no such pair"}"#),
        (r#"{"market":"ETH-USDC","side":"BUY","quantity":"1.0000001"}"#, 422, r#"{"code":"quantity","message":"not a decimal with at most six places"}"#),
    ];
    let book = Arc::new(Third::default());
    for (request, status, body) in golden {
        assert_eq!(ask(&book, "POST", "/v2/orders", request).await, (status, body.to_owned()));
    }
}

/// Q15.4 the OpenAPI document lists both
#[tokio::test]
async fn document_lists_both() {
    let (status, body) = ask(&Arc::new(Third::default()), "GET", "/openapi.json", "").await;
    let document: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200);
    for path in ["/v2/orders", "/v3/orders"] {
        let answers = &document["paths"][path]["post"]["responses"];
        assert!(answers["200"].is_object() && answers["422"].is_object(), "{path}: {answers}");
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), 2);
}
