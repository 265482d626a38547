use super::*;

struct Fixed;

impl Book for Fixed {
    fn place(&self, order: &Order) -> Result<Receipt, String> {
        Ok(Receipt { id: 9, filled_micro: order.micro })
    }
}

/// Serves on a free port of the loopback and sends one request with a real client.
async fn over_loopback(method: reqwest::Method, path: &str, body: &str) -> (u16, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, api(Arc::new(Fixed))).await });
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .request(method, format!("http://{address}{path}"))
        .header("content-type", "application/json")
        .body(body.to_owned());
    let response = request.send().await.unwrap();
    let answer = (response.status().as_u16(), response.text().await.unwrap());
    server.abort();
    answer
}

/// Q15.1 /v2 and /v3 share one core and differ only in shape, over HTTP
#[tokio::test]
async fn both_over_http() {
    let v2 = over_loopback(reqwest::Method::POST, "/v2/orders", r#"{"market":"A-B","side":"BUY","quantity":"2"}"#).await;
    assert_eq!(v2, (200, r#"{"order_id":9,"status":"FILLED","executed":"2.000000"}"#.to_owned()));
    let v3 = over_loopback(reqwest::Method::POST, "/v3/orders", r#"{"pair":"A-B","buy":true,"micro":2000000}"#).await;
    assert_eq!(v3, (200, r#"{"id":9,"filled_micro":2000000,"open_micro":0}"#.to_owned()));
}

/// Q15.2 an unknown version is a 404 with a body, over HTTP
#[tokio::test]
async fn unknown_over_http() {
    let (status, body) = over_loopback(reqwest::Method::GET, "/v1/orders", "").await;
    assert_eq!(status, 404);
    assert!(body.contains("\"unknown\""), "{body}");
}
