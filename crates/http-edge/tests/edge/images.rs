use events::{
    Event as _, Outgoing, Service,
    images::{CodeSize, Corner, ImageFailed, Placement},
    subjects,
    users::Role,
};
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use uuid::Uuid;

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
    assert_eq!(first["notes"], json!([]), "nothing to know of it");
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

/// The placement that a picture was uploaded with.
async fn placement_of(edge: &TestEdge, image: &Value) -> Placement {
    let id = image["imageId"].as_str().unwrap().parse().unwrap();
    let mut conn = edge.system.conn().await;
    store::images::by_id(&mut conn, id).await.unwrap().unwrap().placement
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_chooses_where_the_code_goes() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let form = |corner: &'static str, size: &'static str| {
        let part = Part::bytes(picture()).file_name("cat.png");
        let form = Form::new().part("file", part).text("corner", corner).text("size", size);
        customer.request(Method::POST, "/api/images").multipart(form).send()
    };
    let (status, image) = read(form("lower_left", "large").await.unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{image}");
    let chosen = Placement { corner: Corner::LowerLeft, size: CodeSize::Large };
    assert_eq!(placement_of(&edge, &image).await, chosen);
    let (status, answer) = read(form("middle", "huge").await.unwrap()).await;
    assert_eq!((status, &answer["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid_fields")));
    assert_eq!(
        (&answer["errors"][0]["field"], &answer["errors"][1]["field"]),
        (&json!("corner"), &json!("size"))
    );

    let process = async |more: Value| {
        let mut body = json!({"imageId": image["imageId"], "targetUrl": "https://example.org/a"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        customer.post("/api/images/process", body).await
    };
    let (status, usual) = process(json!({})).await;
    assert_eq!(status, StatusCode::OK, "{usual}");
    let (_, moved) = process(json!({"corner": "upper_right"})).await;
    assert_ne!(moved["imageId"], usual["imageId"], "another place is another picture");
    assert_eq!(process(json!({"corner": "upper_right", "size": "normal"})).await.1, moved);
    let (upper, normal) = (Corner::UpperRight, CodeSize::Normal);
    assert_eq!(placement_of(&edge, &moved).await, Placement { corner: upper, size: normal });
    let (status, answer) = process(json!({"size": 7})).await;
    assert_eq!(
        (status, &answer["errors"][0]["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("size")),
        "{answer}"
    );
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rendering_that_cannot_be_read_is_shown_to_administrators_alone() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let image_id: Uuid = image["imageId"].as_str().unwrap().parse().unwrap();
    // What no picture of ours leads to: the media worker says that its own rendering did not read.
    let objects = edge.system.bus(Service::MediaWorker).await.objects(subjects::MEDIA_BUCKET).await.unwrap();
    let failed = ImageFailed {
        image_id,
        owner_id: customer.user().id,
        code: "read_back_failed".into(),
        message: "it cannot be read".into(),
        candidate: Some(objects.put(&format!("{image_id}/candidate"), "image/png", PNG).await.unwrap()),
        ..ImageFailed::sample()
    };
    let fact = Outgoing::request(Service::MediaWorker, "test", failed).recorded().unwrap();
    store::apply(&mut *edge.system.conn().await, &[fact]).await.unwrap();
    let url = format!("/media/{image_id}/failed");

    let admin = edge.staff(Role::Admin).await;
    let shown = admin.request(Method::GET, &url).send().await.unwrap();
    assert_eq!((shown.status(), shown.bytes().await.unwrap().as_ref()), (StatusCode::OK, PNG));
    for other in [customer, edge.staff(Role::Operator).await, edge.staff(Role::Auditor).await] {
        assert_eq!(other.get(&url).await.0, StatusCode::NOT_FOUND);
    }
    edge.stop().await;
}
