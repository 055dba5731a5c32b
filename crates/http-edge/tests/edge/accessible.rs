//! Every page in a real browser: nothing serious for axe-core, and no scrolling to the side on a phone; light and
//! dark, in both languages.

use events::{
    Event as _, Outgoing, Service,
    orders::{OrderContent, OrderRequested},
    users::Role,
};
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::json;
use uuid::Uuid;

use crate::{
    browser::Window,
    harness::{BOT_TOKEN, Browser, TestEdge, eventually, order},
    letters::{Moody, given_up},
    scans,
};

/// Goes through the pages of one site and says what is wrong with them.
async fn findings(window: &Window, base: &str, paths: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (lang, theme) in [("ru", "light"), ("en", "dark")] {
        for path in paths {
            window.go(&format!("{base}{path}")).await;
            let cookies =
                format!("document.cookie = 'lang={lang}; path=/'; document.cookie = 'theme={theme}; path=/'");
            window.run(&cookies).await;
            window.go(&format!("{base}{path}")).await;
            window.0.resize(1280, 900).await;
            let axe = window.0.accessibility_findings().await;
            found.extend(axe.into_iter().map(|one| format!("{path} in {lang}, {theme}: {one}")));
            window.0.resize(360, 740).await;
            let wide = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
            let wider = window.run(wide).await;
            if wider != json!(0) {
                found.push(format!("{path} in {lang}: {wider} pixels wider than a phone"));
            }
            let axe = window.0.accessibility_findings().await;
            found.extend(axe.into_iter().map(|one| format!("{path} in {lang}, {theme}, 360: {one}")));
        }
    }
    found
}

fn paths(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_stranger_and_of_a_customer() {
    let edge = TestEdge::start().await;
    let window = Window::open().await;
    let strangers = paths(&["/", "/auth/signin", "/auth/signup", "/nowhere", "/q/0123456789ab", "/api/docs"]);
    let mut found = findings(&window, &edge.public, &strangers).await;

    let customer = edge.customer(1_000_000).await;
    let (_, over) = scans::order(&edge, &customer, events::now() - SignedDuration::from_secs(1)).await;
    let over = format!("/q/{over}");
    assert_eq!(edge.browser().page(&over).await.0, StatusCode::GONE);
    found.extend(findings(&window, &edge.public, &[over]).await);
    let (_, made) = customer.post("/api/orders", order(|_| {})).await;
    let id = made["order"]["id"].as_str().unwrap();
    window.sign_in(&edge.public, &customer.user().phone, "/dashboard/customer").await;
    let order = format!("/dashboard/customer/orders/{id}");
    let mut own = paths(&[
        "/dashboard/customer",
        "/dashboard/customer?status=rejected",
        "/dashboard/customer/create-order",
        "/dashboard/customer/money",
        "/dashboard/account",
        "/dashboard/executor",
    ]);
    own.push(order);
    own.extend(refused(&edge, &customer).await);
    found.extend(findings(&window, &edge.public, &own).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.0.close().await;
    edge.stop().await;
}

/// Pages of orders that there are not: one breaks the rules, one repeats another.
async fn refused(edge: &TestEdge, customer: &Browser) -> [String; 2] {
    let wrong = OrderContent { title: " ".into(), deadline: events::now(), ..OrderContent::sample() };
    let wrong = OrderRequested {
        order_id: Uuid::now_v7(),
        customer_id: customer.user().id,
        content: wrong,
        ..OrderRequested::sample()
    };
    let wrong = Outgoing::request(Service::HttpEdge, &customer.user().id.to_string(), wrong);
    edge.system.bus(Service::HttpEdge).await.publish(&wrong).await.unwrap();
    let twice = order(|body| body["title"] = json!("Дважды"));
    customer.keyed("/api/orders", "once", &twice).await;
    assert_eq!(customer.keyed("/api/orders", "twice", &twice).await.0, StatusCode::CONFLICT);
    let mut ids = Vec::new();
    eventually("both to be refused", async || {
        let log = edge.system.log().await;
        let refused = log.iter().filter_map(|message| message.subject.strip_suffix(".request-refused"));
        ids = refused.map(|subject| subject.trim_start_matches("orders.").to_owned()).collect();
        ids.len() == 2
    })
    .await;
    let pages = [&ids[0], &ids[1]].map(|id| format!("/dashboard/customer/orders/{id}"));
    for page in &pages {
        let (status, text) = customer.page(page).await;
        assert!(status == StatusCode::OK && text.contains("Заказ не создан"), "{status} {text}");
    }
    pages
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_an_operator() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let body =
        json!({"userId": 4242, "messageText": "Здравствуйте", "botType": "operator", "direction": "in"});
    let request =
        reqwest::Client::new().post(format!("{}/api/chat-message", edge.public)).bearer_auth(BOT_TOKEN);
    assert!(request.json(&body).send().await.unwrap().status().is_success());
    let chat = "/api/users/4242/operator-chat";
    operator.post(chat, json!({"messageText": "**Да**, ||завтра||"})).await;
    operator.post(&format!("{chat}/notes"), json!({"noteText": "Перезвонить"})).await;
    let canned = format!("/api/canned-replies/{}", Uuid::now_v7());
    operator.send("PUT", &canned, json!({"shortcut": "привет", "cannedText": "Здравствуйте, {name}!"})).await;
    let window = Window::open().await;
    let mut found = findings(&window, &edge.backoffice, &paths(&["/auth/signin"])).await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/operator-chats").await;
    let desk = paths(&[
        "/dashboard/operator-chats",
        "/dashboard/operator-chats?status=mine",
        "/dashboard/users/4242/operator-chat",
        "/dashboard/canned-replies",
        "/nowhere",
    ]);
    found.extend(findings(&window, &edge.backoffice, &desk).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_an_administrator_and_of_an_auditor() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, made) = customer.post("/api/orders", order(|_| {})).await;
    let admin = edge.staff(Role::Admin).await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &admin.user().phone, "/dashboard/users").await;
    let mut pages =
        paths(&["/dashboard/users", "/dashboard/orders", "/dashboard/dead-letters", "/dashboard/account"]);
    pages.push(format!("/dashboard/users/{}", customer.user().id));
    pages.push(format!("/dashboard/orders/{}", made["order"]["id"].as_str().unwrap()));
    let mut found = findings(&window, &edge.backoffice, &pages).await;
    window.0.close().await;

    let auditor = edge.staff(Role::Auditor).await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &auditor.user().phone, "/dashboard/account").await;
    found.extend(findings(&window, &edge.backoffice, &paths(&["/"])).await);
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_of_a_dead_letter_that_waits_and_of_one_that_is_settled() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    let _moody = Moody::start(&edge).await;
    let [waiting, settled] = [given_up(&edge, &admin).await.1, given_up(&edge, &admin).await.1];
    let discard = format!("/api/admin/dead-letters/{settled}/discard");
    assert_eq!(admin.post(&discard, json!({"reason": "a test"})).await.0, StatusCode::ACCEPTED);
    let pages = [waiting, settled].map(|id| format!("/dashboard/dead-letters/{id}"));
    for page in &pages {
        assert_eq!(admin.page(page).await.0, StatusCode::OK);
    }
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &admin.user().phone, "/dashboard/dead-letters").await;
    let found = findings(&window, &edge.backoffice, &pages).await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.0.close().await;
    edge.stop().await;
}
