//! What outlives a restart.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::time::Duration;

use telegram_sim::{Config, Sim};

async fn sim(state_file: &Path) -> Sim {
    telegram_sim::start(Config { state_file: Some(state_file.to_owned()), ..Config::for_tests() })
        .await
        .unwrap()
}

#[tokio::test]
async fn chats_files_and_pending_updates_survive_and_ids_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("telegram.json");
    let first = sim(&path).await;
    let phone = first.phone(5);
    phone.text("hello").unwrap();
    phone.document(&b"content"[..], "a.txt", "text/plain").unwrap();
    phone.block();
    let before = phone.messages();
    let (next, pending) = (first.next_update_id(), first.updates_pending());
    first.stop().await.unwrap();

    let second = sim(&path).await;
    let phone = second.phone(5);
    assert_eq!(phone.messages(), before);
    let file_id = before[1].content["document"]["file_id"].as_str().unwrap();
    assert_eq!(phone.open(file_id).unwrap(), &b"content"[..]);
    assert_eq!(second.updates_pending(), pending);
    assert!(second.next_update_id() >= next);
    assert!(phone.text("still blocked").is_err());
    phone.unblock();
    assert!(phone.text("again").unwrap() > before[1].message_id);
}

#[tokio::test]
async fn after_a_crash_no_id_is_given_out_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("telegram.json");
    let first = sim(&path).await;
    let phone = first.phone(5);
    phone.text("written").unwrap();
    let written = || std::fs::read_to_string(&path).is_ok_and(|json| json.contains("written"));
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while !written() {
        assert!(std::time::Instant::now() < deadline, "nothing was written");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // What a crash leaves behind: the file as it was, while ids have gone on.
    let crashed = folder.path().join("crashed.json");
    std::fs::copy(&path, &crashed).unwrap();
    for _ in 0..1000 {
        phone.text("lost").unwrap();
    }
    let second = sim(&crashed).await;
    assert!(second.next_update_id() >= first.next_update_id());
    let last = phone.messages().last().unwrap().message_id;
    assert!(second.phone(5).text("next").unwrap() > last);
}
