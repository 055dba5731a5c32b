use events::{derived_id, users::Role};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::harness::{TestEdge, order, read};

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_created_listed_shown_and_cancelled() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let request = customer.request(Method::POST, "/api/orders").json(&order(|_| {}));
    let answer = request.send().await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let (status, created) = read(answer).await;
    assert_eq!(status, StatusCode::CREATED, "{created}");
    let created = &created["order"];
    assert_eq!(location, format!("/api/orders/{}", created["id"].as_str().unwrap()));
    assert_eq!(
        (&created["status"], &created["totalAmount"], &created["currency"]),
        (&json!("open"), &json!(1500.5), &json!("RUB"))
    );
    assert_eq!(created["customerId"], json!(customer.user().id));

    let (_, shown) = customer.get(&location).await;
    assert_eq!(&shown["order"], created, "asked for again it is the same");
    let (_, list) = customer.get("/api/orders?status=open").await;
    assert_eq!(&list["orders"], &json!([created]));
    let (_, balance) = customer.get("/api/balance").await;
    assert_eq!(balance, json!({"available": 8499.5, "held": 1500.5, "currency": "RUB"}));

    let stranger = edge.customer(0).await;
    assert_eq!(stranger.get(&location).await.0, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("{location}/cancel"), json!({})).await.0, StatusCode::NOT_FOUND);

    let (status, cancelled) = customer.post(&format!("{location}/cancel"), json!({})).await;
    assert_eq!((status, &cancelled["order"]["status"]), (StatusCode::OK, &json!("cancelled")));
    let (status, again) = customer.post(&format!("{location}/cancel"), json!({})).await;
    assert_eq!((status, &again["code"]), (StatusCode::CONFLICT, &json!("not_open")));
    let (_, events) = customer.get(&format!("{location}/events")).await;
    let types: Vec<&str> =
        events["events"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(
        types,
        [
            "vestnik.order.requested.v1",
            "vestnik.order.accepted.v1",
            "vestnik.order.cancel-requested.v1",
            "vestnik.order.cancelled.v1"
        ]
    );
    edge.system.no_dead_letters().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_its_status_and_code() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(100_000).await;
    let refused = async |change: fn(&mut Value)| {
        let (status, answer) = customer.post("/api/orders", order(change)).await;
        (status.as_u16(), answer["code"].as_str().unwrap_or_default().to_owned(), answer)
    };
    let (status, _) = edge.browser().post("/api/orders", order(|_| {})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let executor = edge.user(Role::Executor).await;
    let browser = edge.browser();
    browser.sign_in(&executor).await;
    let (status, answer) = browser.post("/api/orders", order(|_| {})).await;
    assert_eq!(
        (status, &answer["error"]),
        (StatusCode::FORBIDDEN, &json!("Создавать заказы могут только заказчики"))
    );

    let (status, code, answer) = refused(|body| body["totalAmount"] = json!(1000.01)).await;
    assert_eq!((status, code.as_str()), (402, "insufficient_balance"));
    assert_eq!(answer["missing"], json!(0.01));
    let (status, code, _) =
        refused(|body| body["customerId"] = json!("01900000-0000-7000-8000-000000000001")).await;
    assert_eq!((status, code.as_str()), (403, "not_your_account"));

    type Case = (fn(&mut Value), u16, &'static str, &'static str);
    let cases: [Case; 16] = [
        (|b| b["title"] = json!(""), 400, "title", "required"),
        (
            |b| {
                b.as_object_mut().unwrap().remove("platforms");
            },
            400,
            "platforms",
            "required",
        ),
        (|b| b["title"] = json!("x".repeat(201)), 422, "title", "too_long"),
        (|b| b["title"] = json!(7), 422, "title", "invalid"),
        (|b| b["description"] = json!("x".repeat(5001)), 422, "description", "too_long"),
        (|b| b["targetUrl"] = json!("javascript:alert(1)"), 422, "targetUrl", "invalid"),
        (|b| b["totalAmount"] = json!(99.99), 422, "totalAmount", "too_small"),
        (|b| b["totalAmount"] = json!(100_000_000.01), 422, "totalAmount", "too_large"),
        (|b| b["totalAmount"] = json!("abc"), 422, "totalAmount", "invalid"),
        (|b| b["totalAmount"] = json!(100.001), 422, "totalAmount", "invalid"),
        (|b| b["location"]["country"] = json!("XX"), 422, "location.country", "invalid"),
        (|b| b["deadline"] = json!("2020-01-01T00:00:00Z"), 422, "deadline", "in_the_past"),
        (|b| b["deadline"] = json!("2099-01-01T00:00:00Z"), 422, "deadline", "too_far"),
        (|b| b["deadline"] = json!("завтра"), 422, "deadline", "invalid"),
        (|b| b["platforms"] = json!(["vk", "vk"]), 422, "platforms", "repeated"),
        (|b| b["imageId"] = json!("cat.jpg"), 422, "imageId", "invalid"),
    ];
    for (change, expected, field, code) in cases {
        let (status, _, answer) = refused(change).await;
        assert_eq!(status, expected, "{field} {code}: {answer}");
        let told = &answer["errors"][0];
        assert_eq!((&told["field"], &told["code"]), (&json!(field), &json!(code)), "{answer}");
        assert!(!told["message"].as_str().unwrap().is_empty());
        assert!(answer["requestId"].is_string() && answer["type"].is_string() && answer["title"].is_string());
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_repetitions_one_order_with_one_answer() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let body = order(|_| {});
    let all = futures::future::join_all((0..8).map(|_| customer.keyed("/api/orders", "key-1", &body))).await;
    let (status, first) = customer.keyed("/api/orders", "key-1", &body).await;
    assert_eq!(status, StatusCode::CREATED);
    for (status, answer) in &all {
        assert_eq!((status, answer), (&StatusCode::CREATED, &first));
    }
    let (_, list) = customer.get("/api/orders").await;
    assert_eq!(list["orders"].as_array().unwrap().len(), 1);
    let (status, answer) =
        customer.keyed("/api/orders", "key-1", &order(|body| body["title"] = json!("Другое"))).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("idempotency_mismatch")));
    let (status, _) = customer.keyed("/api/orders", "key-1", &order(|body| body["title"] = json!(5))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a broken body is told so, whatever its key");
    // A refusal is repeated as well.
    let dear = order(|body| body["totalAmount"] = json!(99_999));
    for _ in 0..2 {
        let (status, _) = customer.keyed("/api/orders", "key-2", &dear).await;
        assert_eq!(status, StatusCode::PAYMENT_REQUIRED);
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_again_is_asked_about_first_but_not_for_programs() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(10_000_000).await;
    let body = order(|_| {});
    let (_, first) = customer.keyed("/api/orders", "a", &body).await;
    let (status, answer) = customer.keyed("/api/orders", "b", &body).await;
    assert_eq!((status, &answer["code"]), (StatusCode::CONFLICT, &json!("possible_duplicate")));
    assert_eq!(answer["existingOrderId"], first["order"]["id"]);
    let (status, again) = customer.keyed("/api/orders", "b", &body).await;
    assert_eq!(
        (status, &again["code"]),
        (StatusCode::CONFLICT, &json!("possible_duplicate")),
        "also when repeated"
    );
    let id = derived_id(&["order", &customer.user().id.to_string(), "b"]);
    let page = format!("/api/orders/{id}");
    assert_eq!(
        customer.get(&page).await.0,
        StatusCode::NOT_FOUND,
        "asked twice and answered twice: not pending"
    );
    let mut confirmed = body.clone();
    confirmed["confirmDuplicate"] = json!(true);
    let (status, _) = customer.keyed("/api/orders", "b", &confirmed).await;
    assert_eq!(status, StatusCode::CREATED);
    let token = edge.token(customer.user()).await;
    let request =
        reqwest::Client::new().post(format!("{}/api/orders", edge.public)).bearer_auth(token).json(&body);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::CREATED);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_worker_an_order_is_pending_and_found_again() {
    let edge = TestEdge::without_workers().await;
    let customer = edge.customer(1_000_000).await;
    let (status, answer) = customer.keyed("/api/orders", "slow", &order(|_| {})).await;
    assert_eq!((status, &answer["status"]), (StatusCode::ACCEPTED, &json!("pending")), "{answer}");
    let path = format!("/api/orders/{}", answer["id"].as_str().unwrap());
    let (status, shown) = customer.get(&path).await;
    assert_eq!((status, &shown["order"]["status"]), (StatusCode::OK, &json!("pending")));
    assert_eq!(edge.customer(0).await.get(&path).await.0, StatusCode::NOT_FOUND);
    edge.work();
    let (status, answer) = customer.keyed("/api/orders", "slow", &order(|_| {})).await;
    // The deadline of the body differs, so the same key is told apart.
    assert!(matches!(status, StatusCode::CREATED | StatusCode::CONFLICT), "{answer}");
    crate::harness::eventually("the order to be open", async || {
        customer.get(&path).await.1["order"]["status"] == "open"
    })
    .await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_kept_and_goes_with_the_order() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    assert_eq!(customer.get("/api/orders/draft").await.1, json!({"draft": null, "updatedAt": null}));
    let draft = json!({"title": "Начало", "platforms": ["vk"]});
    let (status, _) = customer.send("PUT", "/api/orders/draft", json!({"draft": draft})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(customer.get("/api/orders/draft").await.1["draft"], draft);
    let page = customer.page("/dashboard/customer/create-order").await.1;
    assert!(page.contains("value=\"Начало\""), "the form is restored");
    customer.keyed("/api/orders", "k", &order(|_| {})).await;
    crate::harness::eventually("the draft to be gone", async || {
        customer.get("/api/orders/draft").await.1["draft"].is_null()
    })
    .await;
    edge.stop().await;
}
