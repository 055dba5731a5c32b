//! What follows when somebody scans a code: the redirect, the count, the page.

use std::time::{Duration, Instant};

use events::{
    Event, Outgoing, Service,
    orders::{
        Device, OrderAccepted, OrderCancelled, OrderContent, OrderExpired, OrderScanned, Scan, short_code,
    },
    subjects,
};
use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode, header};
use serde_json::{Value, json};
use store::orders::scans;
use uuid::Uuid;

use crate::{
    browser::Window,
    harness::{Browser, TestEdge, eventually},
    live::Live,
};

const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36";
const TARGET: &str = "https://Example.org/Menu?table=5#wine";

/// An open order with a short link: its id and its code.
pub(crate) async fn order(edge: &TestEdge, customer: &Browser, deadline: Timestamp) -> (Uuid, String) {
    let id = Uuid::now_v7();
    accept(edge, customer, id, deadline).await;
    (id, short_code(id))
}

async fn accept(edge: &TestEdge, customer: &Browser, order_id: Uuid, deadline: Timestamp) {
    let content = OrderContent {
        target_url: TARGET.into(),
        image_id: None,
        source_image_id: None,
        deadline,
        track_link: true,
        ..OrderContent::sample()
    };
    let customer_id = customer.user().id;
    tell(edge, order_id, 1, OrderAccepted { order_id, customer_id, content, ..OrderAccepted::sample() })
        .await;
}

/// A fact of the order worker's: in the tables, then in the log.
async fn tell<E: Event>(edge: &TestEdge, order_id: Uuid, version: u64, event: E) {
    let cause = Outgoing::request_with_id(order_id, Service::HttpEdge, "test", event.clone());
    let fact = Outgoing::fact(Service::OrderWorker, &cause.meta, 0, Some(version), events::now(), &event);
    store::apply(&mut *edge.system.conn().await, &[fact.recorded().unwrap()]).await.unwrap();
    edge.system.bus(Service::OrderWorker).await.publish(&fact).await.unwrap();
}

fn later() -> Timestamp {
    events::now() + SignedDuration::from_hours(48)
}

async fn scan(edge: &TestEdge, method: Method, code: &str, agent: &str) -> reqwest::Response {
    let request = edge.browser().client.request(method, format!("{}/q/{code}", edge.public));
    request
        .header(header::USER_AGENT, agent)
        .header(header::REFERER, "https://vk.com/feed?id=5")
        .send()
        .await
        .unwrap()
}

async fn counted(edge: &TestEdge, order: Uuid, device: Device) -> u64 {
    let mut conn = edge.system.conn().await;
    let rows = scans::by_hour(&mut conn, order, None, None).await.unwrap();
    rows.iter().filter(|row| row.device == device).map(|row| row.scans).sum()
}

/// The scans that are in the log.
async fn logged(edge: &TestEdge) -> Vec<Value> {
    let log = edge.system.log().await;
    log.iter()
        .filter(|message| message.subject.ends_with(".scanned"))
        .flat_map(|message| {
            let body: Value = serde_json::from_slice(&message.body).unwrap();
            body["scans"].as_array().unwrap().clone()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_leads_to_its_orders_target_and_is_counted() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let id = Uuid::now_v7();
    let code = short_code(id);
    assert_eq!(scan(&edge, Method::GET, &code, PHONE).await.status(), StatusCode::NOT_FOUND, "too early");
    accept(&edge, &customer, id, later()).await;
    let begun = Instant::now();
    eventually("the code to lead somewhere", async || {
        scan(&edge, Method::HEAD, &code, PHONE).await.status() == StatusCode::FOUND
    })
    .await;
    assert!(begun.elapsed() < Duration::from_secs(5), "by the log, and not by age");
    let answer = scan(&edge, Method::GET, &code, PHONE).await;
    assert_eq!(answer.status(), StatusCode::FOUND);
    let headers = answer.headers();
    assert_eq!(headers["location"], TARGET, "exactly as the customer wrote it");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert!(!headers.contains_key("set-cookie"));
    let head = scan(&edge, Method::HEAD, &code, PHONE).await;
    assert_eq!((head.status(), &head.headers()["location"]), (StatusCode::FOUND, &TARGET.parse().unwrap()));
    assert_eq!(
        scan(&edge, Method::GET, &code, "TelegramBot (like TwitterBot)").await.status(),
        StatusCode::FOUND
    );
    eventually("both scans to be counted", async || {
        counted(&edge, id, Device::Phone).await + counted(&edge, id, Device::Bot).await == 2
    })
    .await;
    assert_eq!(counted(&edge, id, Device::Phone).await, 1, "to ask for the head is no scan");
    let logged = logged(&edge).await;
    assert_eq!(logged.len(), 2);
    let keys: Vec<&String> = logged[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["at", "device", "referrer"], "nothing else of the visitor");
    assert_eq!((&logged[0]["device"], &logged[0]["referrer"]), (&json!("phone"), &json!("vk.com")));

    // The back office has no codes.
    let staff = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let there = staff.get(format!("{}/q/{code}", edge.backoffice)).send().await.unwrap();
    assert_eq!(there.status(), StatusCode::NOT_FOUND);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_nowhere_says_so_in_both_languages() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    for no_code in ["nonsense", "0123456789ab", "ABCDEFGHJKMN", "..%2F..%2Fetc"] {
        let answer = scan(&edge, Method::GET, no_code, PHONE).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{no_code}");
    }
    let customer_id = customer.user().id;
    let (cancelled, cancelled_code) = order(&edge, &customer, later()).await;
    let (expired, expired_code) = order(&edge, &customer, later()).await;
    let (_, overdue_code) = order(&edge, &customer, events::now() - SignedDuration::from_secs(1)).await;
    for code in [&cancelled_code, &expired_code] {
        assert_eq!(scan(&edge, Method::GET, code, PHONE).await.status(), StatusCode::FOUND);
    }
    tell(&edge, cancelled, 2, OrderCancelled { order_id: cancelled, customer_id, amount: 150_000 }).await;
    tell(&edge, expired, 2, OrderExpired { order_id: expired, customer_id, amount: 150_000 }).await;
    for code in [&cancelled_code, &expired_code, &overdue_code] {
        let begun = Instant::now();
        eventually("the end to be known", async || {
            scan(&edge, Method::HEAD, code, PHONE).await.status() == StatusCode::GONE
        })
        .await;
        assert!(begun.elapsed() < Duration::from_secs(5), "by the log, and not by age");
        for (lang, words) in [("ru", "больше никуда не ведёт"), ("en", "leads nowhere any more")]
        {
            let request = edge.browser().request(Method::GET, &format!("/q/{code}"));
            let answer = request.header(header::ACCEPT_LANGUAGE, lang).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::GONE);
            assert!(!answer.headers().contains_key("location"));
            let page = answer.text().await.unwrap();
            assert!(page.contains(words), "{page}");
            assert!(!page.contains("Example.org") && !page.contains(&customer.user().name), "whose it was");
        }
    }
    assert_eq!(edge.browser().page("/q/0123456789ab").await.0, StatusCode::NOT_FOUND);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_counted_exactly_and_told_in_few_events() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(order(&edge, &customer, later()).await);
    }
    let client = edge.browser().client;
    let urls: Vec<String> =
        (0..2_000).map(|number: usize| format!("{}/q/{}", edge.public, orders[number % 4].1)).collect();
    let follow = |url: String| {
        let request = client.get(url).header(header::USER_AGENT, PHONE);
        async move { request.send().await.unwrap().status() }
    };
    let answers: Vec<StatusCode> = stream::iter(urls).map(follow).buffer_unordered(64).collect().await;
    assert!(answers.iter().all(|status| *status == StatusCode::FOUND));
    for (id, _) in &orders {
        eventually("500 scans of each order", async || counted(&edge, *id, Device::Phone).await == 500).await;
    }
    edge.system.consumed(&[subjects::ORDER_WORKER_SCANS]).await;
    for (id, _) in &orders {
        assert_eq!(counted(&edge, *id, Device::Phone).await, 500, "and no more");
    }
    let events =
        edge.system.log().await.iter().filter(|message| message.subject.ends_with(".scanned")).count();
    assert!(events <= 500, "{events} events for 2,000 scans");
    // They do not stand in the way of the order's own history.
    let (id, _) = orders[0];
    let (status, body) = customer.get(&format!("/api/orders/{id}/scans")).await;
    assert_eq!((status, &body["total"], &body["bots"]), (StatusCode::OK, &json!(500), &json!(0)));
    assert_eq!(body["devices"]["phone"], 500);
    let hours = body["byHour"].as_array().unwrap();
    assert_eq!(hours.iter().map(|hour| hour["scans"].as_u64().unwrap()).sum::<u64>(), 500);
    let from = "?from=2100-01-01T00:00:00Z";
    assert_eq!(customer.get(&format!("/api/orders/{id}/scans{from}")).await.1["total"], 0);
    assert_eq!(customer.get(&format!("/api/orders/{id}/scans?from=soon")).await.0, StatusCode::BAD_REQUEST);
    let stranger = edge.customer(0).await;
    assert_eq!(stranger.get(&format!("/api/orders/{id}/scans")).await.0, StatusCode::NOT_FOUND);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orders_history_does_not_list_its_scans() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let (_, body) = customer.post("/api/orders", crate::harness::order(|_| {})).await;
    let order_id: Uuid = body["order"]["id"].as_str().unwrap().parse().unwrap();
    let customer_id = customer.user().id;
    let bus = edge.system.bus(Service::HttpEdge).await;
    let scanned: Vec<Outgoing> = (0..1_500)
        .map(|_| {
            let event = OrderScanned { order_id, customer_id, ..OrderScanned::sample() };
            Outgoing::request(Service::HttpEdge, "http-edge", event)
        })
        .collect();
    bus.publish_all(&scanned).await.unwrap();
    customer.post(&format!("/api/orders/{order_id}/cancel"), json!({})).await;
    let (_, history) = customer.get(&format!("/api/orders/{order_id}/events")).await;
    let types: Vec<&str> =
        history["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(
        types,
        [
            "vestnik.order.requested.v1",
            "vestnik.order.accepted.v1",
            "vestnik.order.cancel-requested.v1",
            "vestnik.order.cancelled.v1"
        ]
    );
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_is_told_of_its_own_scans_in_sums() {
    let edge = TestEdge::start().await;
    let (customer, other) = (edge.customer(0).await, edge.customer(0).await);
    let (id, code) = order(&edge, &customer, later()).await;
    let (_, others_code) = order(&edge, &other, later()).await;
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    for code in [&others_code, &code, &code, &code] {
        scan(&edge, Method::GET, code, PHONE).await;
    }
    // A scan more or less may have come a second later.
    let mut frame = live.until("scans").await;
    while frame.data["total"] != 3 {
        assert_eq!(frame.data["orderId"], id.to_string());
        frame = live.until("scans").await;
    }
    assert_eq!((&frame.data["orderId"], frame.id), (&json!(id.to_string()), None));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_scanned_just_before_the_edge_stops_is_in_the_log() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (_, code) = order(&edge, &customer, later()).await;
    for _ in 0..20 {
        scan(&edge, Method::GET, &code, PHONE).await;
    }
    edge.shutdown.cancel();
    let TestEdge { system, serving, .. } = edge;
    serving.await.unwrap().unwrap();
    let log = system.log().await;
    let scans: usize = log
        .iter()
        .filter(|message| message.subject.ends_with(".scanned"))
        .map(|message| {
            serde_json::from_slice::<Value>(&message.body).unwrap()["scans"].as_array().unwrap().len()
        })
        .sum();
    assert_eq!(scans, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_is_away_stops_nobody_and_loses_nothing() {
    let mut edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (id, code) = order(&edge, &customer, later()).await;
    scan(&edge, Method::GET, &code, PHONE).await;
    let url = format!("{}/q/{code}", edge.public);
    let client = edge.browser().client;
    edge.system
        .crash_nats(async {
            for _ in 0..50 {
                let answer = client.get(&url).header(header::USER_AGENT, PHONE).send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::FOUND);
            }
        })
        .await;
    eventually("all scans to be counted", async || counted(&edge, id, Device::Phone).await == 51).await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_orders_page_shows_them() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (id, code) = order(&edge, &customer, later()).await;
    let path = format!("/dashboard/customer/orders/{id}");
    assert!(customer.page(&path).await.1.contains("Пока никто не сканировал"));
    for _ in 0..3 {
        scan(&edge, Method::GET, &code, PHONE).await;
    }
    scan(&edge, Method::GET, &code, "WhatsApp/2.23").await;
    eventually("the scans on the page", async || {
        let page = customer.page(&path).await.1;
        page.contains("<dd data-scans=\"total\">3</dd>") && page.contains("не в счёте: 1")
    })
    .await;
    customer.form("/preferences", &[("lang", "en"), ("next", "/")]).await;
    let page = customer.page(&path).await.1;
    assert!(page.contains("Scans by hour") && page.contains("<rect "), "{page}");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chart_fits_a_phone_and_grows_without_a_reload() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let (order_id, code) = order(&edge, &customer, later()).await;
    let customer_id = customer.user().id;
    let at = |hours| events::now() - SignedDuration::from_hours(hours);
    let scans = (0..71).map(|hours| Scan { at: at(hours), device: Device::Phone, referrer: None }).collect();
    let event = OrderScanned { order_id, customer_id, scans };
    let told = Outgoing::request(Service::HttpEdge, "http-edge", event);
    edge.system.bus(Service::HttpEdge).await.publish(&told).await.unwrap();
    eventually("the hours to be counted", async || counted(&edge, order_id, Device::Phone).await == 71).await;

    let window = Window(testkit::Browser::open(360, 780, "ru").await);
    let path = format!("/dashboard/customer/orders/{order_id}");
    window.sign_in(&edge.public, &customer.user().phone, &path).await;
    window.until("71 bars", "document.querySelectorAll('.scans-chart rect').length === 71").await;
    window.run("document.querySelector('[data-event=scans]').open = true").await;
    let fits = "return innerWidth <= 500 && document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(window.run(fits).await, json!(true), "no scrolling sideways");
    let seen = "const {width, height} = document.querySelector('.scans-chart svg').getBoundingClientRect();
                return width > 200 && height > 80";
    assert_eq!(window.run(seen).await, json!(true));
    window.run("window.before = true").await;
    scan(&edge, Method::GET, &code, PHONE).await;
    window.until("the scan", "document.querySelector('[data-scans=total]').textContent === '72'").await;
    assert_eq!(window.run("return window.before === true").await, json!(true), "without a reload");
    let open = "return document.querySelector('[data-event=scans]').open";
    assert_eq!(window.run(open).await, json!(true), "what was opened stays open");
    window.0.close().await;
    edge.stop().await;
}
