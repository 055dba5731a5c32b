use std::io::Cursor;

use anyhow::{Context as _, ensure};
use events::Service;
use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    report::Report,
    session::{Session, answer},
};
use crate::{commands::credit, target::Target};

const LINK: &str = "https://example.org/vestnik-smoke";

/// A new customer signs up, is credited, uploads a picture, orders, and cancels.
pub(super) async fn run(target: &Target, report: &mut Report) {
    if let Err(error) = flow(target, report).await {
        report.check::<()>("orders: the flow goes on", Err(error));
    }
}

/// Stops at the first check that the rest depends on.
async fn flow(target: &Target, report: &mut Report) -> anyhow::Result<()> {
    let base = target.public_url();
    let stranger = Session::browser(&base)?;
    let refused = stranger.post("/api/orders", &json!({}), StatusCode::UNAUTHORIZED).await;
    report.check("orders: a stranger is answered 401", refused);

    let customer = Session::browser(&base)?;
    let signed_up = sign_up(&customer).await;
    let Some(user_id) = report.check("orders: a customer signs up", signed_up) else { return Ok(()) };

    let order = order(None);
    let poor = customer.post("/api/orders", &order, StatusCode::PAYMENT_REQUIRED).await;
    report.check("orders: an empty balance is answered 402", poor);

    let bus = target.bus(Service::Vestnik).await?;
    let credited = credit::credit(&bus, events::request_id(), user_id, 500_000, "smoke").await;
    report.check("orders: a credit arrives", credited);
    bus.close().await;

    let picture = picture(&customer).await;
    let picture = report.check("pictures: the code in the picture is read back from outside", picture);

    let order = self::order(picture.as_deref());
    let key = Uuid::now_v7().to_string();
    let created = create(&customer, &order, &key, StatusCode::CREATED).await;
    let Some(id) = report.check("orders: created and answered 201", created) else { return Ok(()) };
    let again = create(&customer, &order, &key, StatusCode::CREATED).await;
    let same = again.and_then(|again| {
        ensure!(again == id, "another order came back: {again}");
        Ok(())
    });
    report.check("orders: the same key again is the same order", same);
    let mut other = order.clone();
    other["title"] = json!("Другой заказ");
    let mismatch = create(&customer, &other, &key, StatusCode::CONFLICT).await;
    report.check("orders: the same key with another content is answered 409", mismatch.map(drop));

    report.check("orders: listed, open, its amount held", listed(&customer, &id).await);
    let cancelled = customer.post(&format!("/api/orders/{id}/cancel"), &json!({}), StatusCode::OK).await;
    report.check("orders: cancelled", cancelled);
    report.check("orders: the hold is released", balance(&customer, 5_000.0, 0.0).await);
    Ok(())
}

async fn sign_up(customer: &Session) -> anyhow::Result<Uuid> {
    let number = Uuid::now_v7().as_u128() % 10_000_000;
    let body = json!({
        "phone": format!("+7998{number:07}"), "password": format!("smoke-{}", Uuid::now_v7().simple()),
        "name": "Проверка", "role": "CUSTOMER",
    });
    let answer = customer.post("/api/auth/register", &body, StatusCode::CREATED).await?;
    Ok(answer["user"]["id"].as_str().context("no id in the answer")?.parse()?)
}

fn order(image_id: Option<&str>) -> Value {
    json!({
        "title": "Проверка системы", "description": "Этот заказ создан командой vestnik smoke.",
        "targetUrl": LINK, "totalAmount": 1500.50, "deadline": "2030-12-31T12:00:00Z",
        "location": {"country": "RU", "region": "Приморский край", "city": "Владивосток"},
        "platforms": ["telegram", "vk"], "imageId": image_id,
    })
}

async fn create(
    customer: &Session,
    order: &Value,
    key: &str,
    expected: StatusCode,
) -> anyhow::Result<String> {
    let request = customer.request(Method::POST, "/api/orders").header("idempotency-key", key).json(order);
    let body = answer(request, expected).await?;
    Ok(body["order"]["id"].as_str().unwrap_or_default().to_owned())
}

async fn listed(customer: &Session, id: &str) -> anyhow::Result<()> {
    let list = customer.get("/api/orders?limit=10").await?;
    let orders = list["orders"].as_array().context("no list")?;
    let order = orders.iter().find(|order| order["id"] == id).context("the order is not listed")?;
    ensure!(order["status"] == "open", "its status is {}", order["status"]);
    balance(customer, 3_499.5, 1_500.5).await
}

async fn balance(customer: &Session, available: f64, held: f64) -> anyhow::Result<()> {
    let balance = customer.get("/api/balance").await?;
    ensure!(
        balance["available"].as_f64() == Some(available) && balance["held"].as_f64() == Some(held),
        "the balance is {balance}, not {available} and {held}"
    );
    Ok(())
}

/// Uploads a picture, has it processed, fetches it and reads its code.
async fn picture(customer: &Session) -> anyhow::Result<String> {
    let mut jpeg = Cursor::new(Vec::new());
    let image = image::RgbImage::from_fn(1_200, 900, |x, y| image::Rgb([(x / 5) as u8, (y / 4) as u8, 120]));
    image.write_to(&mut jpeg, image::ImageFormat::Jpeg)?;
    let file = multipart::Part::bytes(jpeg.into_inner()).file_name("smoke.jpg");
    let form = multipart::Form::new().part("file", file);
    let request = customer.request(Method::POST, "/api/images").multipart(form);
    let uploaded = answer(request, StatusCode::CREATED).await?;
    let body = json!({"imageId": uploaded["imageId"], "targetUrl": LINK});
    let processed = customer.post("/api/images/process", &body, StatusCode::OK).await?;
    let url = processed["processedImageUrl"].as_str().context("no processedImageUrl")?;
    let bytes = customer.request(Method::GET, url).send().await?.error_for_status()?.bytes().await?;
    let link = read_code(&bytes)?;
    ensure!(link == LINK, "the code says {link}");
    Ok(processed["imageId"].as_str().context("no imageId")?.to_owned())
}

fn read_code(bytes: &[u8]) -> anyhow::Result<String> {
    let picture = image::load_from_memory(bytes)?.to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.as_raw()[y * width + x]);
    let grid = prepared.detect_grids().into_iter().next().context("no code in the picture")?;
    Ok(grid.decode()?.1)
}
