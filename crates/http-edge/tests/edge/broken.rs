//! What the edge stands on breaks and comes back.

use reqwest::StatusCode;
use serde_json::json;

use crate::{
    harness::{TestEdge, eventually, order},
    live::Live,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_dies_and_comes_back_leaves_no_gap() {
    let mut edge = TestEdge::start().await;
    let customer = edge.customer(10_000_000).await;
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    let (status, _) = customer.keyed("/api/orders", "before", &order(|_| {})).await;
    assert_eq!(status, StatusCode::CREATED);
    live.until("order").await;

    let meanwhile = order(|body| body["title"] = json!("Пока брокера нет"));
    let waiting = {
        let (customer, body) = (customer.clone(), meanwhile.clone());
        async move { customer.keyed("/api/orders", "meanwhile", &body).await }
    };
    let waiting = tokio::spawn(waiting);
    edge.system.crash_nats(tokio::time::sleep(std::time::Duration::from_millis(300))).await;
    let (status, answer) = waiting.await.unwrap();
    // In time it is created; else it is pending, or the client is told to come again. It is never lost.
    assert!(matches!(status.as_u16(), 201 | 202 | 503), "{status} {answer}");
    eventually("the order to be created, under the same key", async || {
        customer.keyed("/api/orders", "meanwhile", &meanwhile).await.0 == StatusCode::CREATED
    })
    .await;
    let heard = live.until("order").await;
    assert_eq!(heard.data["title"], "Пока брокера нет", "the open page has heard of it");
    let (_, list) = customer.get("/api/orders").await;
    assert_eq!(list["orders"].as_array().unwrap().len(), 2, "and it is one");
    edge.stop().await;
}
