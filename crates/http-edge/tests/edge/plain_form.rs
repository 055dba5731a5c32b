//! The order form in a browser without script.

use jiff::SignedDuration;
use reqwest::{Method, Response, StatusCode, multipart::Form};
use serde_json::json;

use crate::harness::{Browser, TestEdge};

const FORM: &str = "/dashboard/customer/create-order";

/// Sends the form with what everybody fills in alike, and these fields.
async fn send(customer: &Browser, deadline: &str, fields: &[(&'static str, &str)]) -> Response {
    let mut form = Form::new()
        .text("description", "Подписаться")
        .text("targetUrl", "https://example.org/")
        .text("country", "RU")
        .text("deadline", deadline.to_owned())
        .text("timeZone", "Europe/Moscow")
        .text("platforms", "vk");
    for (name, value) in fields {
        form = form.text(*name, (*value).to_owned());
    }
    let request = customer.request(Method::POST, FORM).header("accept", "text/html").multipart(form);
    request.send().await.unwrap()
}

fn deadline() -> String {
    (events::now() + SignedDuration::from_hours(72)).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_form_that_was_changed_makes_another_order_when_pressed_again() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let deadline = deadline();
    let wish = async |title: &str, id: &str| {
        send(&customer, &deadline, &[("orderId", id), ("title", title), ("totalAmount", "100")]).await
    };
    assert_eq!(wish("Первый", "one").await.headers()["location"], "/dashboard/customer?notice=order-created");
    let asked = wish("Второй", "one").await;
    assert_eq!(asked.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = asked.text().await.unwrap();
    assert!(page.contains("По этой форме уже создан заказ"), "{page}");
    assert_eq!(hidden(&page, "confirmDuplicate"), None, "no question that leads in a circle");
    let id = hidden(&page, "orderId").unwrap();
    assert_eq!(wish("Второй", &id).await.headers()["location"], "/dashboard/customer?notice=order-created");
    assert_eq!(customer.get("/api/balance").await.1["held"], json!(200));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_of_another_tab_is_replaced_only_when_pressed_again() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let save = async |title: &str, at: Option<&str>| {
        let mut fields = vec![("orderId", "one"), ("title", title), ("action", "save")];
        fields.extend(at.map(|at| ("draftSavedAt", at)));
        send(&customer, "", &fields).await
    };
    let title = async || customer.get("/api/orders/draft").await.1["draft"]["title"].clone();
    assert_eq!(save("Первая", None).await.headers()["location"], format!("{FORM}?notice=draft-saved"));
    let (_, restored) = customer.page(FORM).await;
    let seen = hidden(&restored, "draftSavedAt").unwrap();

    let asked = save("Вторая", None).await;
    assert_eq!((asked.status(), title().await), (StatusCode::UNPROCESSABLE_ENTITY, json!("Первая")));
    let page = asked.text().await.unwrap();
    assert!(page.contains("Черновик изменили в другой вкладке") && page.contains("Вторая"), "{page}");
    assert_eq!(hidden(&page, "draftSavedAt").as_ref(), Some(&seen));
    assert_eq!(save("Вторая", Some(&seen)).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(title().await, json!("Вторая"));
    assert_eq!(save("Третья", Some(&seen)).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "an old one");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_order_was_refused_for_want_of_money_is_ordered_after_a_top_up() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let deadline = deadline();
    let press = async |action: &str, id: &str| {
        let fields = [("orderId", id), ("title", "Позже"), ("totalAmount", "100"), ("action", action)];
        send(&customer, &deadline, &fields).await
    };
    assert_eq!(press("save", "one").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(press("create", "one").await.status(), StatusCode::UNPROCESSABLE_ENTITY, "no money");
    edge.credit(customer.user(), 100_000).await;
    let (_, page) = customer.page(FORM).await;
    assert!(page.contains("Позже"), "the draft is still there");
    let id = hidden(&page, "orderId").unwrap();
    assert_eq!(press("create", &id).await.headers()["location"], "/dashboard/customer?notice=order-created");
    edge.stop().await;
}
