use std::time::Duration;

use http_edge::{Bound, Config};
use process::Shutdown;
use reqwest::StatusCode;
use testkit::{System, free_address};

use crate::harness::eventually;

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_one_clear_sentence_that_names_the_variable() {
    let system = System::start().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = Config {
        connections: system.connections(),
        public_listen: free_address(),
        backoffice_listen: taken.local_addr().unwrap(),
        metrics_listen: free_address(),
        api_base_url: None,
        trusted_proxies: "".parse().unwrap(),
        chat_message_token: None,
        upload_seconds: 120,
        telegram_api_url: None,
    };
    let error = Bound::new(config, Shutdown::new()).await.unwrap_err();
    let sentence =
        format!("cannot listen on {}; set BACKOFFICE_LISTEN to a free address", taken.local_addr().unwrap());
    assert_eq!(error.to_string(), sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_waits_for_the_broker_says_when_it_is_ready_and_keeps_its_cookies_from_plain_http() {
    let system = System::start().await;
    let metrics = free_address();
    let config = Config {
        connections: system.connections(),
        public_listen: free_address(),
        backoffice_listen: free_address(),
        metrics_listen: metrics,
        api_base_url: Some("https://vestnik.example".parse().unwrap()),
        trusted_proxies: "".parse().unwrap(),
        chat_message_token: None,
        upload_seconds: 120,
        telegram_api_url: None,
    };
    let public = config.public_listen;
    let shutdown = Shutdown::new();
    let running = tokio::spawn(http_edge::run(config, shutdown.clone()));
    eventually("the edge to be ready", async || {
        let ready = reqwest::get(format!("http://{metrics}/readyz")).await;
        ready.is_ok_and(|answer| answer.status() == StatusCode::OK)
    })
    .await;
    let body = serde_json::json!({"phone": "+79241242417", "password": "correct horse", "name": "Анна",
        "role": "customer"});
    let request = reqwest::Client::new().post(format!("http://{public}/api/auth/register")).json(&body);
    let answer = request.header("origin", "https://vestnik.example").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::CREATED);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.starts_with("__Host-vestnik_session=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(answer.headers().contains_key("strict-transport-security"));
    shutdown.cancel();
    tokio::time::timeout(Duration::from_secs(3), running).await.expect("it stops").unwrap().unwrap();
}
