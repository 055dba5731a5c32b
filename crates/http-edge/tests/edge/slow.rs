//! Clients that send so slowly that they only take others' turns.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use reqwest::{Body, Method, StatusCode};

use crate::{
    harness::{Browser, TestEdge},
    images::{picture, upload},
};

/// A picture that never ends, a byte at a time.
async fn drip(browser: &Browser, path: &str, field: &str) -> StatusCode {
    let head =
        format!("--drip\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"cat.png\"\r\n\r\n");
    let drops = stream::unfold((), async |()| {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Vec::from(b"."), ()))
    });
    let body = stream::iter([head.into_bytes()]).chain(drops).map(Ok::<_, std::io::Error>);
    let request = browser.request(Method::POST, path).header("accept", "text/html");
    let request = request.header("content-type", "multipart/form-data; boundary=drip");
    let answer = request.body(Body::wrap_stream(body)).send();
    let answer = tokio::time::timeout(Duration::from_secs(30), answer);
    answer.await.expect("an answer within 30 s").unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_upload_is_cut_off_and_gives_its_turn_back() {
    let edge = TestEdge::configured(|config| config.upload_seconds = 1).await;
    let customer = edge.customer(0).await;
    // One more than may be read at a time: it has a turn because another has lost his.
    let dripping = (0..5).map(|_| drip(&customer, "/api/images", "file"));
    let answers = futures::future::join_all(dripping).await;
    assert_eq!(answers, [StatusCode::REQUEST_TIMEOUT; 5]);
    let (status, image) = upload(&customer, &picture(), "cat.png").await;
    assert_eq!(status, StatusCode::CREATED, "{image}");
    let form = drip(&customer, "/dashboard/customer/create-order", "picture").await;
    assert_eq!(form, StatusCode::REQUEST_TIMEOUT);
    edge.stop().await;
}
