//! A wish that died because of something outside it, tried again after that was mended: by the real order worker.

use std::time::Duration;

use diesel_async::RunQueryDsl as _;
use events::{
    Outgoing, Service,
    bus::{consume::ConsumeOptions, retry::Backoff},
    letters::LetterRedriven,
    subjects::ORDER_WORKER,
    users::Role,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use store::{Transactional, outbox};

use crate::harness::{Browser, TestEdge, eventually};

const QUICK: ConsumeOptions = ConsumeOptions {
    batch: 256,
    backoff: Backoff { first: Duration::from_millis(20), most: Duration::from_millis(100) },
    attempts: 3,
    grace: Duration::from_millis(500),
};

/// The order worker, with little patience.
async fn work(edge: &TestEdge) {
    let relay = edge.system.relay(Service::OrderWorker).await;
    let shutdown = edge.shutdown.clone();
    tokio::spawn(async move {
        let worker = order_worker::Worker::new(events::now);
        let handler = Transactional::new(ORDER_WORKER.name, relay.clone(), worker);
        tokio::join!(
            relay.bus().consume(ORDER_WORKER, QUICK, &handler, shutdown.clone()),
            relay.run(shutdown.clone()),
        );
    });
}

async fn sql(edge: &TestEdge, statement: &str) {
    diesel::sql_query(statement).execute(&mut edge.system.conn().await).await.unwrap();
}

async fn letters(admin: &Browser) -> Vec<Value> {
    admin.get("/api/admin/dead-letters").await.1["letters"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credit_that_died_is_given_once_however_often_it_is_tried_again() {
    let edge = TestEdge::without_workers().await;
    let (admin, other) = (edge.staff(Role::Admin).await, edge.staff(Role::Admin).await);
    let customer = edge.customer(1_000).await;
    sql(&edge, "ALTER TABLE ledger ADD CONSTRAINT poison CHECK (reason <> 'отрава')").await;
    work(&edge).await;
    let credit = format!("/api/admin/users/{}/credit", customer.user().id);
    let poisoned = json!({"amount": 150.5, "reason": "отрава"});
    let (status, answer) = admin.keyed(&credit, "poisoned", &poisoned).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    eventually("it to be given up", async || letters(&admin).await.len() == 1).await;
    let letter = letters(&admin).await.remove(0);
    assert_eq!(letter["attempts"], 3);
    assert!(letter["reason"].as_str().unwrap().contains("poison"), "{letter}");
    let available = async || customer.get("/api/balance").await.1["available"].clone();
    assert_eq!(available().await, json!(10), "what died has given nothing");

    sql(&edge, "ALTER TABLE ledger DROP CONSTRAINT poison").await;
    let redrive = format!("/api/admin/dead-letters/{}/redrive", letter["id"].as_str().unwrap());
    let (one, two) = tokio::join!(admin.post(&redrive, json!({})), other.post(&redrive, json!({})));
    let mut statuses = [one.0.as_u16(), two.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409], "of two administrators one is first");
    eventually("the credit", async || available().await == json!(160.5)).await;
    let (status, answer) = admin.keyed(&credit, "poisoned", &poisoned).await;
    assert_eq!((status, &answer["balance"]["available"]), (StatusCode::CREATED, &json!(160.5)), "{answer}");

    // A wish that nobody has stopped: what it asks for has been done.
    let again = LetterRedriven {
        consumer: ORDER_WORKER.name.into(),
        sequence: letter["sequence"].as_u64().unwrap(),
        subject: letter["subject"].as_str().unwrap().into(),
    };
    let again = Outgoing::request(Service::HttpEdge, "test", again);
    edge.system.bus(Service::HttpEdge).await.publish(&again).await.unwrap();
    edge.system.consumed(&[ORDER_WORKER]).await;
    eventually("all facts to be in the log", async || {
        let mut conn = edge.system.conn().await;
        outbox::backlog(&mut conn, Some(Service::OrderWorker)).await.unwrap() == 0
    })
    .await;
    assert_eq!(available().await, json!(160.5), "given once");
    let log = edge.system.log().await;
    let said = |what: &str| log.iter().filter(|message| message.subject.ends_with(what)).count();
    // The customer's first ten rubles are the other credit.
    assert_eq!([".credit-requested", ".credited", ".redriven"].map(said), [1, 2, 2]);
    assert_eq!(letters(&admin).await.len(), 1, "nothing else was given up");
    edge.stop().await;
}
