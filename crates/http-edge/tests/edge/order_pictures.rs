//! Which picture an order shows: the chosen one, with the order's own link in its code.

use events::{Event as _, Outgoing, Service, images::ImageFailed, orders::short_code};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    harness::{TestEdge, order, read},
    images::{picture, upload},
};

fn id(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

async fn link_of(edge: &TestEdge, image: &Value) -> String {
    let mut conn = edge.system.conn().await;
    store::images::by_id(&mut conn, id(image)).await.unwrap().unwrap().target_url.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_code_is_its_short_link_and_the_preview_is_what_is_ordered() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let key = Uuid::now_v7().to_string();
    let preview =
        json!({"imageId": image["imageId"], "trackLink": true, "orderKey": key, "corner": "upper_left"});
    let (status, preview) = customer.post("/api/images/process", preview).await;
    assert_eq!(status, StatusCode::OK, "{preview}");

    let body = order(|body| body["imageId"] = preview["imageId"].clone());
    let (status, made) = customer.keyed("/api/orders", &key, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let made = &made["order"];
    assert_eq!(made["imageId"], preview["imageId"], "nothing else is rendered");
    let code = short_code(id(&made["id"]));
    assert_eq!(made["shortUrl"], json!(format!("/q/{code}")));
    assert_eq!(link_of(&edge, &made["imageId"]).await, format!("{}/q/{code}", edge.public));
    assert_eq!(customer.keyed("/api/orders", &key, &body).await.1["order"]["id"], made["id"]);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_with_another_link_or_none_is_rendered_for_the_order() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let elsewhere = json!({"imageId": image["imageId"], "targetUrl": "https://example.org/elsewhere"});
    let (_, elsewhere) = customer.post("/api/images/process", elsewhere).await;
    for (title, picture, track) in [
        ("without a link", &image, json!(null)),
        ("with another link", &elsewhere, json!(true)),
        ("with another link, raw", &elsewhere, json!(false)),
    ] {
        let body = order(|body| {
            body["title"] = json!(title);
            body["imageId"] = picture["imageId"].clone();
            body["trackLink"] = track.clone();
        });
        let (status, made) = customer.post("/api/orders", body).await;
        assert_eq!(status, StatusCode::CREATED, "{title}: {made}");
        let made = &made["order"];
        let expected = match track {
            Value::Bool(false) => "https://example.org/".to_owned(),
            _ => format!("{}/q/{}", edge.public, short_code(id(&made["id"]))),
        };
        assert_ne!(made["imageId"], picture["imageId"], "{title}");
        assert_eq!(link_of(&edge, &made["imageId"]).await, expected, "{title}");
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_order_under_another_key_is_asked_back_although_its_code_would_be_another() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let body = order(|body| body["imageId"] = image["imageId"].clone());
    let (status, first) = customer.keyed("/api/orders", "one", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");
    let (status, asked) = customer.keyed("/api/orders", "two", &body).await;
    assert_eq!((status, &asked["code"]), (StatusCode::CONFLICT, &json!("possible_duplicate")));
    assert_eq!(asked["existingOrderId"], first["order"]["id"]);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_somebody_else_is_not_available() {
    let edge = TestEdge::start().await;
    let (owner, other) = (edge.customer(1_000_000).await, edge.customer(1_000_000).await);
    let (_, image) = upload(&owner, &picture(), "cat.png").await;
    let body = order(|body| body["imageId"] = image["imageId"].clone());
    let (status, problem) = other.post("/api/orders", body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["code"], "image_not_available");
    assert_eq!(problem["errors"][0]["message"], "Картинка недоступна: загрузите её ещё раз");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_order_is_the_same_although_its_picture_failed_meanwhile() {
    let edge = TestEdge::without_workers().await;
    tokio::spawn(order_worker::run(edge.system.worker_config(), edge.shutdown.clone()));
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let wish = json!({"imageId": image["imageId"], "trackLink": true, "orderKey": "key"});
    let request =
        customer.request(Method::POST, "/api/images/process").header("prefer", "wait=0").json(&wish);
    let (status, rendering) = read(request.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{rendering}");
    let body = order(|body| body["imageId"] = rendering["imageId"].clone());
    let (status, first) = customer.keyed("/api/orders", "key", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{first}");

    let (image_id, owner_id) = (id(&rendering["imageId"]), customer.user().id);
    let failed = ImageFailed { image_id, owner_id, ..ImageFailed::sample() };
    let cause = Outgoing::request_with_id(Uuid::now_v7(), Service::HttpEdge, "test", failed.clone());
    let fact = Outgoing::fact(Service::MediaWorker, &cause.meta, 0, Some(1), events::now(), &failed);
    store::apply(&mut *edge.system.conn().await, &[fact.recorded().unwrap()]).await.unwrap();
    let (status, again) = customer.keyed("/api/orders", "key", &body).await;
    assert_eq!((status, &again["order"]["id"]), (StatusCode::CREATED, &first["order"]["id"]), "{again}");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_order_that_is_paid_for_is_rendered_beyond_the_limit() {
    let edge = TestEdge::without_workers().await;
    let customer = edge.customer(0).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    for number in 0..8 {
        let wish = json!({"imageId": image["imageId"], "targetUrl": format!("https://example.org/{number}")});
        let request = customer.request(Method::POST, "/api/images/process").header("prefer", "wait=0");
        assert_eq!(request.json(&wish).send().await.unwrap().status(), StatusCode::ACCEPTED);
    }
    let body = order(|body| body["imageId"] = image["imageId"].clone());
    let (status, refused) = customer.keyed("/api/orders", "key", &body).await;
    assert_eq!((status, &refused["code"]), (StatusCode::TOO_MANY_REQUESTS, &json!("too_many_renderings")));
    edge.credit(customer.user(), 1_000_000).await;
    let (status, pending) = customer.keyed("/api/orders", "key", &body).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{pending}");
    edge.stop().await;
}
