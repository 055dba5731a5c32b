//! The status-code table of the HTTP contract, one test per cell. The cells share one edge with real workers, and
//! one without any for what takes too long.

use std::sync::LazyLock;

use diesel_async::RunQueryDsl as _;
use events::users::Role;
use futures::StreamExt as _;
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{
    harness::{BOT_TOKEN, Browser, PASSWORD, TestEdge, order, read},
    images::{picture, upload},
};

type Answer = (StatusCode, Value);

/// Each test would have a runtime of its own, with which its edge would end.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static EDGE: LazyLock<TestEdge> = LazyLock::new(|| RUNTIME.block_on(TestEdge::start()));
static IDLE: LazyLock<TestEdge> = LazyLock::new(|| RUNTIME.block_on(TestEdge::without_workers()));

fn cell(
    edge: &'static LazyLock<TestEdge>,
    status: u16,
    code: &str,
    ask: impl AsyncFnOnce(&TestEdge) -> Answer,
) {
    let edge = LazyLock::force(edge);
    let (answered, body) = RUNTIME.block_on(ask(edge));
    assert_eq!((answered.as_u16(), body["code"].as_str().unwrap_or_default()), (status, code), "{body}");
}

macro_rules! cells {
    ($($name:ident: $edge:ident $status:literal $code:literal $ask:expr;)*) => {
        $(#[test] fn $name() { cell(&$edge, $status, $code, $ask); })*
    };
}

/// A customer with 10,000 ₽.
async fn customer(edge: &TestEdge) -> Browser {
    edge.customer(1_000_000).await
}

fn new_account(change: impl FnOnce(&mut Value)) -> Value {
    let phone = format!("+7925{:07}", Uuid::now_v7().as_u128() % 10_000_000);
    let mut body = json!({"phone": phone, "password": PASSWORD, "name": "Анна", "role": "CUSTOMER"});
    change(&mut body);
    body
}

fn sign_in(phone: &str, password: &str) -> Value {
    json!({"phone": phone, "password": password})
}

/// An answer without a body to read.
async fn bare(browser: &Browser, method: Method, path: &str) -> Answer {
    read(browser.request(method, path).send().await.unwrap()).await
}

/// A stream, of which only the beginning is looked at.
async fn stream(browser: &Browser, path: &str) -> Answer {
    let answer = browser.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    (answer.status(), Value::Null)
}

async fn an_order(customer: &Browser) -> String {
    let (status, made) = customer.post("/api/orders", order(|_| {})).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    format!("/api/orders/{}", made["order"]["id"].as_str().unwrap())
}

async fn a_picture(customer: &Browser) -> Value {
    upload(customer, &picture(), "cat.png").await.1["imageId"].clone()
}

async fn rendered(customer: &Browser) -> String {
    let body = json!({"imageId": a_picture(customer).await, "targetUrl": "https://example.org/"});
    let (status, answer) = customer.post("/api/images/process", body).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    format!("/media/{}", answer["imageId"].as_str().unwrap())
}

fn message(change: impl FnOnce(&mut Value)) -> Value {
    let user = Uuid::now_v7().as_u128() % 1_000_000_000;
    let mut body =
        json!({"userId": user, "messageText": "Здравствуйте", "botType": "operator", "direction": "in"});
    change(&mut body);
    body
}

async fn trusted(browser: &Browser, body: &Value) -> Answer {
    let request = browser.request(Method::POST, "/api/chat-message").bearer_auth(BOT_TOKEN).json(body);
    read(request.send().await.unwrap()).await
}

// POST /api/auth/register
cells! {
    register_201: EDGE 201 "" async |edge| edge.browser().post("/api/auth/register", new_account(|_| {})).await;
    register_400: EDGE 400 "missing_fields" async |edge| {
        edge.browser().post("/api/auth/register", new_account(|body| body["name"] = json!(null))).await
    };
    register_409: EDGE 409 "phone_taken" async |edge| {
        let user = edge.user(Role::Customer).await;
        edge.browser().post("/api/auth/register", new_account(|body| body["phone"] = json!(user.phone))).await
    };
    register_422: EDGE 422 "invalid_fields" async |edge| {
        edge.browser().post("/api/auth/register", new_account(|body| body["role"] = json!("ADMIN"))).await
    };
    register_429: EDGE 429 "too_many_requests" async |edge| {
        let user = edge.user(Role::Customer).await;
        let taken = new_account(|body| body["phone"] = json!(user.phone));
        let tries = (0..11).map(|_| async {
            let request = edge.browser().request(Method::POST, "/api/auth/register");
            read(request.header("x-forwarded-for", "203.0.113.9").json(&taken).send().await.unwrap()).await
        });
        let answers = futures::future::join_all(tries).await;
        answers.into_iter().find(|answer| answer.0 != StatusCode::CONFLICT).unwrap()
    };
}

// POST /api/auth/signin, signout; GET /api/auth/session
cells! {
    sign_in_200: EDGE 200 "" async |edge| {
        let user = edge.user(Role::Customer).await;
        edge.browser().post("/api/auth/signin", sign_in(&user.phone, PASSWORD)).await
    };
    sign_in_401: EDGE 401 "bad_credentials" async |edge| {
        edge.browser().post("/api/auth/signin", sign_in("+79991112233", PASSWORD)).await
    };
    sign_in_429: EDGE 429 "too_many_requests" async |edge| {
        let mut answer = (StatusCode::OK, Value::Null);
        for _ in 0..8 {
            answer = edge.browser().post("/api/auth/signin", sign_in("+79991112244", "wrong horse")).await;
        }
        answer
    };
    sign_in_for_staff_only_403: EDGE 403 "not_staff" async |edge| {
        let user = edge.user(Role::Customer).await;
        Browser::at(&edge.backoffice).post("/api/auth/signin", sign_in(&user.phone, PASSWORD)).await
    };
    sign_out_204: EDGE 204 "" async |edge| {
        bare(&customer(edge).await, Method::POST, "/api/auth/signout").await
    };
    session_200: EDGE 200 "" async |edge| customer(edge).await.get("/api/auth/session").await;
    session_401: EDGE 401 "unauthorized" async |edge| edge.browser().get("/api/auth/session").await;
    session_of_the_other_listener_401: EDGE 401 "unauthorized" async |edge| {
        let customer = customer(edge).await;
        Browser { base: edge.backoffice.clone(), ..customer }.get("/api/auth/session").await
    };
}

// POST /api/orders
cells! {
    create_201: EDGE 201 "" async |edge| customer(edge).await.post("/api/orders", order(|_| {})).await;
    create_202: IDLE 202 "" async |edge| customer(edge).await.post("/api/orders", order(|_| {})).await;
    create_400: EDGE 400 "missing_fields" async |edge| {
        customer(edge).await.post("/api/orders", order(|body| body["title"] = json!(" "))).await
    };
    create_401: EDGE 401 "unauthorized" async |edge| edge.browser().post("/api/orders", order(|_| {})).await;
    create_402: EDGE 402 "insufficient_balance" async |edge| {
        customer(edge).await.post("/api/orders", order(|body| body["totalAmount"] = json!(10_000.01))).await
    };
    create_403_for_executors: EDGE 403 "not_a_customer" async |edge| {
        let executor = edge.user(Role::Executor).await;
        let browser = edge.browser();
        browser.sign_in(&executor).await;
        browser.post("/api/orders", order(|_| {})).await
    };
    create_403_for_another: EDGE 403 "not_your_account" async |edge| {
        let other = edge.user(Role::Customer).await;
        customer(edge).await.post("/api/orders", order(|body| body["customerId"] = json!(other.id))).await
    };
    create_404: EDGE 404 "user_not_found" async |edge| {
        let gone = edge.customer(0).await;
        // The edge knows the session for some seconds more than there is anybody behind it.
        assert_eq!(gone.get("/api/balance").await.0, StatusCode::OK);
        let mut conn = edge.system.conn().await;
        for statement in ["DELETE FROM sessions WHERE user_id", "DELETE FROM credentials WHERE user_id", "DELETE FROM users WHERE id"] {
            let statement = format!("{statement} = '{}'", gone.user().id);
            diesel::sql_query(statement).execute(&mut conn).await.unwrap();
        }
        gone.post("/api/orders", order(|_| {})).await
    };
    create_409_for_another_body: EDGE 409 "idempotency_mismatch" async |edge| {
        let customer = customer(edge).await;
        customer.keyed("/api/orders", "key", &order(|_| {})).await;
        customer.keyed("/api/orders", "key", &order(|body| body["title"] = json!("Другой"))).await
    };
    create_409_for_the_same_content: EDGE 409 "possible_duplicate" async |edge| {
        let (customer, body) = (customer(edge).await, order(|_| {}));
        customer.keyed("/api/orders", "one", &body).await;
        customer.keyed("/api/orders", "two", &body).await
    };
    create_201_for_the_same_content_if_it_is_meant: EDGE 201 "" async |edge| {
        let (customer, mut body) = (customer(edge).await, order(|_| {}));
        customer.keyed("/api/orders", "one", &body).await;
        body["confirmDuplicate"] = json!(true);
        customer.keyed("/api/orders", "two", &body).await
    };
    create_201_for_the_same_content_of_a_program: EDGE 201 "" async |edge| {
        let (customer, body) = (customer(edge).await, order(|_| {}));
        let token = edge.token(customer.user()).await;
        customer.keyed("/api/orders", "one", &body).await;
        let client = reqwest::Client::new().post(format!("{}/api/orders", edge.public));
        read(client.bearer_auth(token).json(&body).send().await.unwrap()).await
    };
    create_422: EDGE 422 "invalid_fields" async |edge| {
        customer(edge).await.post("/api/orders", order(|body| body["platforms"] = json!(["myspace"]))).await
    };
}

// Orders one has
cells! {
    list_200: EDGE 200 "" async |edge| customer(edge).await.get("/api/orders?status=open&limit=10").await;
    list_401: EDGE 401 "unauthorized" async |edge| edge.browser().get("/api/orders").await;
    list_422: EDGE 422 "invalid_fields" async |edge| customer(edge).await.get("/api/orders?status=lost").await;
    show_200: EDGE 200 "" async |edge| {
        let customer = customer(edge).await;
        let path = an_order(&customer).await;
        customer.get(&path).await
    };
    show_404_for_anothers: EDGE 404 "not_found" async |edge| {
        let path = an_order(&customer(edge).await).await;
        customer(edge).await.get(&path).await
    };
    events_200: EDGE 200 "" async |edge| {
        let customer = customer(edge).await;
        let path = an_order(&customer).await;
        customer.get(&format!("{path}/events")).await
    };
    events_404_for_anothers: EDGE 404 "not_found" async |edge| {
        let path = an_order(&customer(edge).await).await;
        customer(edge).await.get(&format!("{path}/events")).await
    };
    cancel_200: EDGE 200 "" async |edge| {
        let customer = customer(edge).await;
        let path = an_order(&customer).await;
        customer.post(&format!("{path}/cancel"), json!({})).await
    };
    cancel_404_for_anothers: EDGE 404 "not_found" async |edge| {
        let path = an_order(&customer(edge).await).await;
        customer(edge).await.post(&format!("{path}/cancel"), json!({})).await
    };
    cancel_409: EDGE 409 "not_open" async |edge| {
        let customer = customer(edge).await;
        let path = an_order(&customer).await;
        customer.post(&format!("{path}/cancel"), json!({})).await;
        customer.post(&format!("{path}/cancel"), json!({})).await
    };
    live_200: EDGE 200 "" async |edge| stream(&customer(edge).await, "/api/orders/live").await;
    live_401: EDGE 401 "unauthorized" async |edge| edge.browser().get("/api/orders/live").await;
    check_200: EDGE 200 "" async |edge| customer(edge).await.post("/api/orders/check", json!({})).await;
    check_401: EDGE 401 "unauthorized" async |edge| edge.browser().post("/api/orders/check", json!({})).await;
}

// Drafts and money
cells! {
    draft_get_200: EDGE 200 "" async |edge| customer(edge).await.get("/api/orders/draft").await;
    draft_put_200: EDGE 200 "" async |edge| {
        customer(edge).await.send("PUT", "/api/orders/draft", json!({"draft": {"title": "x"}})).await
    };
    draft_put_409: EDGE 409 "draft_changed" async |edge| {
        let customer = customer(edge).await;
        customer.send("PUT", "/api/orders/draft", json!({"draft": {"title": "x"}})).await;
        customer.send("PUT", "/api/orders/draft", json!({"draft": {"title": "y"}, "basedOn": null})).await
    };
    draft_delete_204: EDGE 204 "" async |edge| {
        bare(&customer(edge).await, Method::DELETE, "/api/orders/draft").await
    };
    draft_401: EDGE 401 "unauthorized" async |edge| edge.browser().get("/api/orders/draft").await;
    balance_200: EDGE 200 "" async |edge| customer(edge).await.get("/api/balance").await;
    balance_401: EDGE 401 "unauthorized" async |edge| edge.browser().get("/api/balance").await;
}

// Pictures
cells! {
    image_201: EDGE 201 "" async |edge| upload(&customer(edge).await, &picture(), "cat.png").await;
    image_401: EDGE 401 "unauthorized" async |edge| upload(&edge.browser(), &picture(), "cat.png").await;
    image_408: EDGE 408 "too_slow" async |edge| {
        let form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cat.png\"\r\n\r\nand no more";
        let body = futures::stream::iter([Ok::<_, std::io::Error>(form)]).chain(futures::stream::pending());
        let customer = customer(edge).await;
        let request = customer.request(Method::POST, "/api/images");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        read(request.body(reqwest::Body::wrap_stream(body)).send().await.unwrap()).await
    };
    image_413: EDGE 413 "too_large" async |edge| {
        upload(&customer(edge).await, &vec![0; 20 * 1024 * 1024 + 1], "cat.png").await
    };
    image_415: EDGE 415 "unsupported_image" async |edge| {
        upload(&customer(edge).await, b"PK\x03\x04 a zip", "cat.jpg").await
    };
    image_422: EDGE 422 "invalid_image" async |edge| {
        upload(&customer(edge).await, &picture()[..20], "cat.png").await
    };
    image_422_for_a_wrong_link: EDGE 422 "invalid_fields" async |edge| {
        let form = Form::new().part("file", Part::bytes(picture()).file_name("cat.png"));
        let form = form.text("targetUrl", "javascript:alert(1)");
        let customer = customer(edge).await;
        read(customer.request(Method::POST, "/api/images").multipart(form).send().await.unwrap()).await
    };
    process_200: EDGE 200 "" async |edge| {
        let customer = customer(edge).await;
        let body = json!({"imageId": a_picture(&customer).await, "targetUrl": "https://example.org/"});
        customer.post("/api/images/process", body).await
    };
    process_202: IDLE 202 "" async |edge| {
        let customer = customer(edge).await;
        let body = json!({"imageId": a_picture(&customer).await, "targetUrl": "https://example.org/"});
        let request = customer.request(Method::POST, "/api/images/process").header("prefer", "wait=1");
        read(request.json(&body).send().await.unwrap()).await
    };
    process_400: EDGE 400 "missing_fields" async |edge| {
        customer(edge).await.post("/api/images/process", json!({"targetUrl": "https://example.org/"})).await
    };
    process_404_for_anothers: EDGE 404 "not_found" async |edge| {
        let image = a_picture(&customer(edge).await).await;
        let body = json!({"imageId": image, "targetUrl": "https://example.org/"});
        customer(edge).await.post("/api/images/process", body).await
    };
    process_429: IDLE 429 "too_many_renderings" async |edge| {
        let customer = customer(edge).await;
        let image = a_picture(&customer).await;
        let ask = async |number: usize| {
            let body = json!({"imageId": image, "targetUrl": format!("https://example.org/{number}")});
            let request = customer.request(Method::POST, "/api/images/process").header("prefer", "wait=0");
            request.json(&body).send().await.unwrap()
        };
        for number in 0..8 {
            assert_eq!(ask(number).await.status(), StatusCode::ACCEPTED);
        }
        let refused = ask(8).await;
        assert_eq!(refused.headers()["retry-after"], "10");
        assert_eq!(ask(0).await.status(), StatusCode::ACCEPTED, "what is under way may be asked for again");
        read(refused).await
    };
    process_422: EDGE 422 "invalid_fields" async |edge| {
        let body = json!({"imageUrl": "https://example.org/cat.jpg", "targetUrl": "https://example.org/"});
        customer(edge).await.post("/api/images/process", body).await
    };
    original_200: EDGE 200 "" async |edge| {
        let customer = customer(edge).await;
        let path = rendered(&customer).await;
        for what in ["processed", "qr.png", "qr.svg", "thumbnail"] {
            assert_eq!(bare(&customer, Method::GET, &format!("{path}/{what}")).await.0, StatusCode::OK, "{what}");
        }
        bare(&customer, Method::GET, &format!("{path}/original")).await
    };
    media_401: EDGE 401 "unauthorized" async |edge| {
        let path = rendered(&customer(edge).await).await;
        edge.browser().get(&format!("{path}/processed")).await
    };
    media_404_for_anothers: EDGE 404 "not_found" async |edge| {
        let path = rendered(&customer(edge).await).await;
        customer(edge).await.get(&format!("{path}/processed")).await
    };
}

// POST /api/chat-message, on both listeners
cells! {
    message_201: EDGE 201 "" async |edge| edge.browser().post("/api/chat-message", message(|_| {})).await;
    message_201_in_the_back_office: EDGE 201 "" async |edge| {
        Browser::at(&edge.backoffice).post("/api/chat-message", message(|_| {})).await
    };
    message_201_again: EDGE 201 "" async |edge| {
        let body = message(|body| body["telegramMessageId"] = json!(7));
        let first = trusted(&edge.browser(), &body).await;
        let again = trusted(&edge.browser(), &body).await;
        assert_eq!(first.1["message"]["id"], again.1["message"]["id"]);
        again
    };
    message_400: EDGE 400 "missing_fields" async |edge| {
        edge.browser().post("/api/chat-message", message(|body| body["messageText"] = json!(null))).await
    };
    message_401: EDGE 401 "token_required" async |edge| {
        edge.browser().post("/api/chat-message", message(|body| body["direction"] = json!("out"))).await
    };
    message_413: EDGE 413 "too_large" async |edge| {
        let body = message(|body| body["messageText"] = json!("x".repeat(70_000)));
        edge.browser().post("/api/chat-message", body).await
    };
    message_429: EDGE 429 "too_many_requests" async |edge| {
        // An address of its own, so that the other cells have theirs.
        let browser = edge.browser();
        let send = || {
            let request = browser.request(Method::POST, "/api/chat-message").json(&message(|_| {}));
            async { request.header("x-forwarded-for", "192.0.2.29").send().await.unwrap() }
        };
        let sent = futures::future::join_all((0..40).map(|_| send())).await;
        let (taken, refused): (Vec<_>, Vec<_>) = sent.into_iter().partition(|answer| answer.status().is_success());
        assert!((30..40).contains(&taken.len()), "{} at once", taken.len());
        let refused = refused.into_iter().next().unwrap();
        assert!(refused.headers().contains_key("retry-after"));
        read(refused).await
    };
}

// The back office: administrators
cells! {
    credit_201: EDGE 201 "" async |edge| {
        let (admin, user) = (edge.staff(Role::Admin).await, edge.user(Role::Customer).await);
        let path = format!("/api/admin/users/{}/credit", user.id);
        admin.keyed(&path, "key", &json!({"amount": 100, "reason": "test"})).await
    };
    credit_403: EDGE 403 "not_an_admin" async |edge| {
        let (operator, user) = (edge.staff(Role::Operator).await, edge.user(Role::Customer).await);
        let path = format!("/api/admin/users/{}/credit", user.id);
        operator.keyed(&path, "key", &json!({"amount": 100, "reason": "test"})).await
    };
    credit_404: EDGE 404 "user_not_found" async |edge| {
        let path = format!("/api/admin/users/{}/credit", Uuid::now_v7());
        edge.staff(Role::Admin).await.keyed(&path, "key", &json!({"amount": 100, "reason": "test"})).await
    };
    dead_letters_200: EDGE 200 "" async |edge| {
        edge.staff(Role::Admin).await.get("/api/admin/dead-letters").await
    };
    dead_letters_403: EDGE 403 "not_an_admin" async |edge| {
        edge.staff(Role::Operator).await.get("/api/admin/dead-letters").await
    };
    redrive_404: EDGE 404 "not_found" async |edge| {
        edge.staff(Role::Admin).await.post("/api/admin/dead-letters/order-worker-999999/redrive", json!({})).await
    };
}

// The back office: operators
cells! {
    chats_200: EDGE 200 "" async |edge| edge.staff(Role::Operator).await.get("/api/operator-chats").await;
    chats_401: EDGE 401 "unauthorized" async |edge| Browser::at(&edge.backoffice).get("/api/operator-chats").await;
    chats_403: EDGE 403 "not_an_operator" async |edge| {
        edge.staff(Role::Auditor).await.get("/api/operator-chats").await
    };
    chats_are_not_on_the_public_site_404: EDGE 404 "not_found" async |edge| {
        customer(edge).await.get("/api/operator-chats").await
    };
    chat_status_404: EDGE 404 "not_found" async |edge| {
        let body = json!({"userId": 999_999_999_999_i64, "status": "closed"});
        edge.staff(Role::Operator).await.send("PATCH", "/api/operator-chats", body).await
    };
    chats_live_200: EDGE 200 "" async |edge| {
        stream(&edge.staff(Role::Operator).await, "/api/operator-chats/live").await
    };
    reply_404: EDGE 404 "not_found" async |edge| {
        let path = "/api/users/999999999999/operator-chat";
        edge.staff(Role::Operator).await.post(path, json!({"messageText": "Здравствуйте"})).await
    };
}

// Both listeners
cells! {
    openapi_200: EDGE 200 "" async |edge| edge.browser().get("/api/openapi.json").await;
    docs_200: EDGE 200 "" async |edge| {
        let (status, _) = edge.browser().page("/api/docs").await;
        (status, Value::Null)
    };
    no_such_route_404: EDGE 404 "not_found" async |edge| edge.browser().get("/api/nothing").await;
    no_such_method_405: EDGE 405 "method_not_allowed" async |edge| {
        edge.browser().send("PATCH", "/api/balance", json!({})).await
    };
    another_site_403: EDGE 403 "cross_origin" async |edge| {
        let customer = customer(edge).await;
        let request = customer.client.post(format!("{}/api/orders", edge.public));
        read(request.header("origin", "https://evil.example").json(&order(|_| {})).send().await.unwrap()).await
    };
}
