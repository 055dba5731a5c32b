//! Things that go wrong, and what is true afterwards.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::{Duration, Instant};

use serde_json::json;
use telegram_sim::{Config, Fault, Phone, Sim};

async fn sim() -> (Sim, Phone) {
    let sim = telegram_sim::start(Config::for_tests()).await.unwrap();
    let phone = sim.phone(5);
    phone.text("hi").unwrap();
    (sim, phone)
}

async fn send(sim: &Sim) -> Result<reqwest::Response, reqwest::Error> {
    reqwest::Client::new()
        .post(format!("{}/bot1:x/sendMessage", sim.url()))
        .timeout(Duration::from_millis(500))
        .json(&json!({"chat_id": 5, "text": "hello"}))
        .send()
        .await
}

#[tokio::test]
async fn an_answer_lost_by_hanging_leaves_the_message_delivered() {
    let (sim, phone) = sim().await;
    sim.add_fault(Fault::hang().on("sendMessage").times(1).after_the_work());
    assert!(send(&sim).await.unwrap_err().is_timeout());
    assert_eq!(phone.from_bot().len(), 1);
    assert_eq!(sim.calls("sendMessage").unanswered, 1);
    assert!(send(&sim).await.unwrap().status().is_success());
    assert_eq!(phone.from_bot().len(), 2);
}

#[tokio::test]
async fn hanging_before_the_work_delivers_nothing() {
    let (sim, phone) = sim().await;
    sim.add_fault(Fault::hang().times(1));
    assert!(send(&sim).await.unwrap_err().is_timeout());
    assert!(phone.from_bot().is_empty());
}

#[tokio::test]
async fn a_reset_comes_before_or_after_the_work() {
    let (sim, phone) = sim().await;
    sim.add_fault(Fault::reset().times(1));
    let error = send(&sim).await.unwrap_err();
    assert!(error.is_request() && !error.is_timeout(), "{error:?}");
    assert!(phone.from_bot().is_empty());
    sim.add_fault(Fault::reset().times(1).after_the_work());
    send(&sim).await.unwrap_err();
    assert_eq!(phone.from_bot().len(), 1);
    assert!(send(&sim).await.unwrap().status().is_success());
}

#[tokio::test]
async fn errors_last_until_removed() {
    let (sim, phone) = sim().await;
    let id = sim.add_fault(Fault::error(502).on("sendMessage"));
    for _ in 0..3 {
        assert_eq!(send(&sim).await.unwrap().status(), 502);
    }
    assert!(sim.remove_fault(id));
    assert_eq!(send(&sim).await.unwrap().status(), 200);
    assert_eq!(phone.from_bot().len(), 1);
    let calls = sim.calls("sendmessage");
    assert_eq!((calls.total, calls.ok, calls.failed[&502]), (4, 1, 3));
}

#[tokio::test]
async fn a_slow_answer_is_still_right() {
    let (sim, _phone) = sim().await;
    sim.add_fault(Fault::slow(150).in_chat(5).times(1));
    let started = Instant::now();
    assert_eq!(send(&sim).await.unwrap().status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn stopping_does_not_wait_for_what_hangs() {
    let (sim, _phone) = sim().await;
    sim.add_fault(Fault::hang());
    let url = format!("{}/bot1:x/getMe", sim.url());
    let hanging = tokio::spawn(reqwest::get(url));
    let hangs = |sim: &Sim| (sim.calls("getMe").total == 1).then_some(());
    let within = Duration::from_secs(5);
    sim.wait_for("hanging call", within, hangs).await.unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(5), sim.stop());
    stopped.await.expect("still running").unwrap();
    assert_eq!(hanging.await.unwrap().unwrap().status(), 504);
}
