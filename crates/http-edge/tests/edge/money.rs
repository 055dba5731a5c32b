//! Money and lists as a customer sees them.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::harness::{TestEdge, eventually, order};

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_adds_up_to_the_balance_whatever_page_of_it_is_read() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    for title in ["one", "two", "three"] {
        let (status, made) = customer.post("/api/orders", order(|body| body["title"] = json!(title))).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        if title == "two" {
            let cancel = format!("/api/orders/{}/cancel", made["order"]["id"].as_str().unwrap());
            assert_eq!(customer.post(&cancel, json!({})).await.0, StatusCode::OK);
        }
    }
    let mut entries: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    loop {
        let (status, page) = customer.get(&format!("/api/balance/entries?limit=2{cursor}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        entries.extend(page["entries"].as_array().unwrap().clone());
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let numbers: Vec<i64> = entries.iter().map(|entry| entry["number"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [5, 4, 3, 2, 1]);
    let kopecks = |value: &Value| (value.as_f64().unwrap() * 100.0).round() as i64;
    let (mut available, mut held) = (0, 0);
    for entry in entries.iter().rev() {
        available += kopecks(&entry["available"]);
        held += kopecks(&entry["held"]);
        assert_eq!((kopecks(&entry["availableAfter"]), kopecks(&entry["heldAfter"])), (available, held));
    }
    let (_, balance) = customer.get("/api/balance").await;
    assert_eq!((kopecks(&balance["available"]), kopecks(&balance["held"])), (available, held));
    assert_eq!(held, 300_100);

    let (status, page) = customer.page("/dashboard/customer/money").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("three") && page.contains("Возвращено из резерва"));
    let other = edge.customer(0).await;
    assert_eq!(other.get("/api/balance/entries").await.1["entries"], json!([]));
    assert_eq!(customer.get("/api/balance/entries?cursor=x").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_are_found_by_their_words_and_their_number() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let mut ids = Vec::new();
    for (title, link) in
        [("Кофейня 100%", "https://example.org/coffee"), ("Пекарня", "https://example.org/b_read")]
    {
        let body = order(|body| {
            body["title"] = json!(title);
            body["targetUrl"] = json!(link);
            body["location"]["city"] = json!("Владивосток");
        });
        ids.push(customer.post("/api/orders", body).await.1["order"]["id"].clone());
    }
    let found = async |search: &str| {
        let query: String = url::form_urlencoded::byte_serialize(search.as_bytes()).collect();
        let (status, list) = customer.get(&format!("/api/orders?search={query}")).await;
        assert_eq!(status, StatusCode::OK, "{list}");
        list["orders"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found("кофей").await, [ids[0].clone()]);
    assert_eq!(found("100%").await, [ids[0].clone()]);
    assert_eq!(found("b_r").await, [ids[1].clone()], "an underscore is no wildcard");
    assert_eq!(found("bxr").await, Vec::<Value>::new());
    assert_eq!(found("ВЛАДИВ").await, [ids[1].clone(), ids[0].clone()]);
    assert_eq!(found(ids[0].as_str().unwrap()).await, [ids[0].clone()]);
    assert_eq!(found("  ").await.len(), 2);
    let long = format!("/api/orders?search={}", "x".repeat(101));
    assert_eq!(customer.get(&long).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, page) = customer.page("/dashboard/customer?search=nothing").await;
    assert!(page.contains("Таких заказов нет"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_at_once_on_a_balance_for_ten_are_ten_orders() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(100_000).await;
    let asked = (0..200).map(|number| {
        let customer = customer.clone();
        async move {
            let body = order(|body| {
                body["title"] = json!(format!("Заказ {number}"));
                body["totalAmount"] = json!(100);
            });
            customer.keyed("/api/orders", &format!("race-{number}"), &body).await.0
        }
    });
    let answers = futures::future::join_all(asked).await;
    let count = |status| answers.iter().filter(|answer| **answer == status).count();
    assert_eq!(count(StatusCode::CREATED), 10);
    assert_eq!(count(StatusCode::PAYMENT_REQUIRED), 190);
    let (_, balance) = customer.get("/api/balance").await;
    assert_eq!(balance, json!({"available": 0, "held": 1000, "currency": "RUB"}));
    eventually("every order to be listed", async || {
        let (_, list) = customer.get("/api/orders?status=open&limit=100").await;
        list["orders"].as_array().unwrap().len() == 10
    })
    .await;
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wish_sent_twenty_times_at_once_is_one_order_and_one_hold() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let body = order(|_| {});
    let answers =
        futures::future::join_all((0..20).map(|_| customer.keyed("/api/orders", "same", &body))).await;
    for (status, answer) in &answers {
        assert_eq!(*status, StatusCode::CREATED, "{answer}");
        assert_eq!(answer["order"]["id"], answers[0].1["order"]["id"]);
    }
    assert_eq!(customer.get("/api/balance").await.1["held"], json!(1500.5));
    let (status, other) =
        customer.keyed("/api/orders", "same", &order(|body| body["title"] = json!("Другой"))).await;
    assert_eq!((status, &other["code"]), (StatusCode::CONFLICT, &json!("idempotency_mismatch")));
    edge.stop().await;
}
