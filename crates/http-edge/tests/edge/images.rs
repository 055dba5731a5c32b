use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use crate::harness::{Browser, TestEdge, read};

/// One grey pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0,
    0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63,
    0x68, 0, 0, 0, 0x82, 0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42,
    0x60, 0x82,
];

pub(crate) async fn upload(browser: &Browser, bytes: &[u8], name: &str) -> (StatusCode, Value) {
    let part = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    let request = browser.request(Method::POST, "/api/images").multipart(Form::new().part("file", part));
    read(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_stored_at_once_and_is_its_owners() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (status, image) = upload(&customer, PNG, "cat.jpg").await;
    assert_eq!((status, &image["width"]), (StatusCode::CREATED, &json!(1)), "{image}");
    let url = image["imageUrl"].as_str().unwrap();
    let answer = customer.request(Method::GET, url).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png", "from the bytes, not the name");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    let etag = answer.headers()["etag"].clone();
    assert_eq!(answer.bytes().await.unwrap(), PNG);
    let again = customer.request(Method::GET, url).header("if-none-match", etag).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(edge.customer(0).await.get(url).await.0, StatusCode::NOT_FOUND);
    assert_eq!(edge.browser().get(url).await.0, StatusCode::UNAUTHORIZED);
    let staff = edge.staff(events::users::Role::Operator).await;
    assert_eq!(staff.request(Method::GET, url).send().await.unwrap().status(), StatusCode::OK);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused_by_its_bytes() {
    let edge = TestEdge::without_workers().await;
    let customer = edge.customer(0).await;
    for (bytes, status, code) in [
        (&b"PK\x03\x04zip"[..], 415, "unsupported_image"),
        (b"GIF89a\x01\x00\x01\x00", 415, "unsupported_image"),
        (&PNG[..20], 422, "invalid_image"),
        (b"", 400, "missing_fields"),
        (&vec![0; 20 * 1024 * 1024 + 1], 413, "too_large"),
        (&vec![0; 22 * 1024 * 1024], 413, "too_large"),
    ] {
        let (given, answer) = upload(&customer, bytes, "cat.png").await;
        assert_eq!((given.as_u16(), &answer["code"]), (status, &json!(code)), "{} bytes", bytes.len());
    }
    let (status, answer) =
        customer.post("/api/images/process", json!({"targetUrl": "https://example.org/"})).await;
    assert_eq!((status, &answer["error"]), (StatusCode::BAD_REQUEST, &json!("Не все поля заполнены")));
    let foreign = json!({"imageUrl": "https://example.org/cat.jpg", "targetUrl": "https://example.org/"});
    let (status, answer) = customer.post("/api/images/process", foreign).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("imageUrl"))
    );
    edge.stop().await;
}

/// A picture that is large enough for a code.
pub(crate) fn picture() -> Vec<u8> {
    let picture = image::RgbImage::from_fn(480, 360, |x, y| image::Rgb([(x / 2) as u8, (y / 2) as u8, 90]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_given_its_code_and_another_link_makes_another_picture() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let process = async |target: &str| {
        let body = json!({"imageId": image["imageId"], "targetUrl": target});
        customer.post("/api/images/process", body).await
    };
    let (status, first) = process("https://example.org/a").await;
    assert_eq!(status, StatusCode::OK, "{first}");
    assert_eq!(process("https://example.org/a").await.1, first, "the same link is the same picture");
    let (_, second) = process("https://example.org/b").await;
    assert_ne!(second["imageId"], first["imageId"]);
    let svg_url = format!("/media/{}/qr.svg", first["imageId"].as_str().unwrap());
    let svg = customer.request(Method::GET, &svg_url).send().await.unwrap();
    assert!(svg.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let uploads = edge.system.log().await.into_iter().filter(|event| event.subject.ends_with(".uploaded"));
    assert_eq!(uploads.count(), 3, "one upload and one per link");

    let body = crate::harness::order(|body| {
        body["processedImageUrl"] = first["processedImageUrl"].clone();
        body["targetUrl"] = json!("https://example.org/a");
    });
    let (status, order) = customer.post("/api/orders", body).await;
    assert_eq!(status, StatusCode::CREATED, "{order}");
    assert_eq!(order["order"]["processedImageUrl"], first["processedImageUrl"]);
    assert_eq!(order["order"]["thumbnailUrl"], first["thumbnailUrl"]);
    assert_eq!(order["order"]["shortUrl"], json!(null), "what was put on the picture is what is ordered");
    let path = format!("/api/orders/{}/events", order["order"]["id"].as_str().unwrap());
    let (_, events) = customer.get(&path).await;
    assert_eq!(events["events"].as_array().unwrap().len(), 4, "the picture's events are in the timeline");
    edge.stop().await;
}
