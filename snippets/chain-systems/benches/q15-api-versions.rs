//! What Q15 states about time: a request through each version, the network left out.

use super::*;
use probe::Bench;
use tower::ServiceExt;

struct Fills;

impl Book for Fills {
    fn place(&self, order: &Order) -> Result<Receipt, String> {
        Ok(Receipt { id: 7, filled_micro: order.micro })
    }
}

/// One order through the whole router: routing, JSON in, JSON out.
fn order(bench: &mut Bench, path: &'static str, body: &'static str) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let router = api(Arc::new(Fills));
    bench.calls_with(
        || {
            let request = axum::http::Request::post(path).header("content-type", "application/json");
            (router.clone(), request.body(axum::body::Body::from(body)).expect("a request"))
        },
        |(router, request)| {
            let answer = runtime.block_on(router.oneshot(request)).expect("infallible");
            assert_eq!(answer.status(), StatusCode::OK);
        },
    );
}

fn v2(bench: &mut Bench) {
    order(bench, "/v2/orders", r#"{"market":"SOL-USD","side":"BUY","quantity":"12.5"}"#);
}

fn v3(bench: &mut Bench) {
    order(bench, "/v3/orders", r#"{"pair":"SOL-USD","buy":true,"micro":12500000}"#);
}
