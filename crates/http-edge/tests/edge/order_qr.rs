//! The QR code of an order by itself.

use qr_code::Code;
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    harness::{self, Browser, TestEdge, eventually},
    images::{picture, upload},
};

/// The status, the content type and the bytes of what is under a path.
async fn file(browser: &Browser, path: &str) -> (StatusCode, String, Vec<u8>) {
    let answer = browser.request(Method::GET, path).send().await.unwrap();
    let content_type =
        answer.headers().get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap().to_owned());
    (answer.status(), content_type.unwrap_or_default(), answer.bytes().await.unwrap().to_vec())
}

async fn made(customer: &Browser, change: impl FnOnce(&mut Value)) -> Value {
    let (status, made) = customer.post("/api/orders", harness::order(change)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["order"].clone()
}

fn path(order: &Value, file: &str) -> String {
    format!("/api/orders/{}/{file}", order["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_without_a_picture_has_its_code_as_png_and_svg() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let tracked = made(&customer, |_| ()).await;
    let short = format!("{}{}", edge.public, tracked["shortUrl"].as_str().unwrap());
    let code = Code::of(&short).unwrap();
    let png = (StatusCode::OK, "image/png".to_owned(), code.png().unwrap());
    assert!(file(&customer, &path(&tracked, "qr.png")).await == png, "not the short link's code");
    let (status, content_type, svg) = file(&customer, &path(&tracked, "qr.svg")).await;
    assert_eq!((status, content_type.as_str()), (StatusCode::OK, "image/svg+xml"));
    assert_eq!(String::from_utf8(svg).unwrap(), code.svg());

    let raw = made(&customer, |body| body["trackLink"] = json!(false)).await;
    let code = Code::of(raw["targetUrl"].as_str().unwrap()).unwrap();
    assert!(file(&customer, &path(&raw, "qr.png")).await.2 == code.png().unwrap(), "not the target's code");

    let (_, page) =
        customer.page(&format!("/dashboard/customer/orders/{}", tracked["id"].as_str().unwrap())).await;
    assert!(page.contains(&format!("<img class=\"picture\" src=\"{}\"", path(&tracked, "qr.svg"))), "{page}");
    for file in ["qr.png", "qr.svg"] {
        assert!(page.contains(&format!("href=\"{}\" download=", path(&tracked, file))), "{page}");
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_sent_once_and_only_to_its_customer() {
    let edge = TestEdge::start().await;
    let (customer, stranger) = (edge.customer(1_000_000).await, edge.customer(0).await);
    let order = made(&customer, |_| ()).await;
    let qr = path(&order, "qr.png");
    let first = customer.request(Method::GET, &qr).send().await.unwrap();
    let tag = first.headers()[header::ETAG].clone();
    let again = customer.request(Method::GET, &qr).header(header::IF_NONE_MATCH, &tag).send().await.unwrap();
    assert_eq!((again.status(), &again.headers()[header::ETAG]), (StatusCode::NOT_MODIFIED, &tag));
    assert_eq!(file(&stranger, &qr).await.0, StatusCode::NOT_FOUND);
    assert_eq!(file(&edge.browser(), &qr).await.0, StatusCode::UNAUTHORIZED);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_beside_a_picture_is_the_one_upon_it() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let order = made(&customer, |body| body["imageId"] = image["imageId"].clone()).await;
    let media = |what: &str| format!("/media/{}/{what}", order["imageId"].as_str().unwrap());
    eventually("the picture is rendered", async || {
        file(&customer, &media("qr.png")).await.0 == StatusCode::OK
    })
    .await;
    for what in ["qr.png", "qr.svg"] {
        let (beside, upon) =
            (file(&customer, &path(&order, what)).await, file(&customer, &media(what)).await);
        assert!(beside == upon, "{what} differs");
    }
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_nowhere_or_fits_no_code_has_none() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let long = format!("https://example.org/{}", "a".repeat(qr_code::MAX_LINK_BYTES));
    let order = made(&customer, |body| {
        body["targetUrl"] = json!(long);
        body["trackLink"] = json!(false);
    })
    .await;
    let (status, problem) = customer.get(&path(&order, "qr.png")).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("link_too_long_for_qr"))
    );
    let (_, page) =
        customer.page(&format!("/dashboard/customer/orders/{}", order["id"].as_str().unwrap())).await;
    assert!(!page.contains("/qr."), "{page}");

    let poor = edge.customer(0).await;
    let (status, refused) = poor.post("/api/orders", harness::order(|_| ())).await;
    assert_eq!(status, StatusCode::PAYMENT_REQUIRED);
    let refused = json!({"id": refused["orderId"]});
    assert_eq!(file(&poor, &path(&refused, "qr.svg")).await.0, StatusCode::NOT_FOUND);
    edge.stop().await;
}
