use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, MessageType, ReplyFile, ReplyRequested, ReplySent, TextEntity, plan};
use serde_json::Value;
use telegram_sim::{Fault, Message};

use crate::scene::{ANNA, Scene, saying};

/// A PNG of one pixel.
const PIXEL: [u8; 70] = *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

/// With its files, cut into calls as the edge does it.
fn with_files(words: &str, files: Vec<ReplyFile>) -> ReplyRequested {
    let parts = plan(words, &[], &files);
    ReplyRequested { files, parts, ..saying(words) }
}

fn sent(event: &ChatEvent) -> &ReplySent {
    let ChatEvent::ReplySent(sent) = event else { panic!("{event:?}") };
    sent
}

/// What Telegram calls the file of a message.
fn file_id<'m>(message: &'m Message, kind: &str) -> &'m str {
    let file = match message.content.get(kind) {
        Some(Value::Array(sizes)) => sizes.last().unwrap(),
        Some(file) => file,
        None => panic!("no {kind} in {:?}", message.content),
    };
    file["file_id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_out_whole_with_its_caption_and_is_uploaded_once() {
    let (scene, bridge) = Scene::with_bridge().await;
    let bytes: Vec<u8> = (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let document = scene.file(MessageType::Document, "договор «7».pdf", &bytes).await;
    let mut reply = with_files("вот он", vec![document.clone()]);
    reply.entities = vec![TextEntity::plain("bold", 0, 3), TextEntity::plain("hashtag", 4, 2)];
    scene.publish(reply).await;
    scene.wait_for_told(ANNA, 1).await;
    let told = scene.phone(ANNA).from_bot();
    assert_eq!(told[0].words(), "вот он");
    assert_eq!(told[0].content["document"]["file_name"], "договор «7».pdf");
    let marked = serde_json::json!([{"type": "bold", "offset": 0, "length": 3}]);
    assert_eq!(told[0].content["caption_entities"], marked);
    let first = file_id(&told[0], "document");
    assert_eq!(scene.phone(ANNA).open(first).unwrap(), bytes);
    scene.outcomes(1).await;

    // As long as the bot knows it, it is not uploaded again.
    scene.publish(with_files("ещё раз", vec![document.clone()])).await;
    scene.wait_for_told(ANNA, 2).await;
    let told = scene.phone(ANNA).from_bot();
    assert_eq!(file_id(&told[1], "document"), first);
    scene.outcomes(2).await;

    // And when Telegram does not want to know it any more, it is.
    let mut conn = scene.system.conn().await;
    let forget = diesel::sql_query("UPDATE telegram_files SET telegram_file_id = 'gone'");
    assert_eq!(forget.execute(&mut conn).await.unwrap(), 1);
    drop(conn);
    scene.publish(with_files("и ещё", vec![document])).await;
    scene.wait_for_told(ANNA, 3).await;
    let third = scene.phone(ANNA).from_bot();
    assert_ne!(file_id(&third[2], "document"), first);
    assert_eq!(scene.outcomes(3).await, vec!["sent 1"; 3]);
    assert_eq!(scene.sim.calls("sendDocument").total, 4);
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_pictures_are_one_album_and_each_has_its_id() {
    let (scene, bridge) = Scene::with_bridge().await;
    let mut pictures = Vec::new();
    for number in 0..3_u8 {
        // What follows the end of a picture makes it another file.
        let bytes = [&PIXEL[..], &[number]].concat();
        pictures.push(scene.file(MessageType::Photo, &format!("{number}.png"), &bytes).await);
    }
    // One of them is known already.
    scene.publish(with_files("первая", vec![pictures[1].clone()])).await;
    scene.outcomes(1).await;
    scene.publish(with_files("альбом", pictures)).await;
    assert_eq!(scene.outcomes(2).await, vec!["sent 1"; 2]);
    let told = scene.phone(ANNA).from_bot();
    assert_eq!(told.len(), 4);
    assert_eq!((told[1].words(), told[2].words()), ("альбом", ""));
    assert!(told[1..].iter().all(|one| one.content["media_group_id"] == told[1].content["media_group_id"]));
    assert_eq!(file_id(&told[2], "photo"), file_id(&told[0], "photo"));
    let events = scene.wait_for_events("chat.reply-sent", 2).await;
    let ids: Vec<i64> = told[1..].iter().map(|one| i64::from(one.message_id)).collect();
    assert_eq!(
        (sent(&events[1]).telegram_message_id, &sent(&events[1]).telegram_message_ids),
        (ids[0], &ids)
    );
    assert_eq!(scene.sim.calls("sendMediaGroup").total, 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_telegram_takes_for_none_goes_as_a_document() {
    let (scene, bridge) = Scene::with_bridge().await;
    let odd = Fault::refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS");
    scene.sim.add_fault(odd.on("sendPhoto").times(1));
    let picture = scene.file(MessageType::Photo, "лента.png", &PIXEL).await;
    scene.publish(with_files("длинная", vec![picture])).await;
    assert_eq!(scene.outcomes(1).await, ["sent 1"]);
    let told = scene.phone(ANNA).from_bot();
    assert_eq!((told.len(), told[0].words()), (1, "длинная"));
    assert!(told[0].content.contains_key("document"));
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_for_a_bot_fails_before_any_upload() {
    let (scene, bridge) = Scene::with_bridge().await;
    let file = |kind, size| {
        let mut file = ReplyFile { kind, ..ReplyFile::sample() };
        file.file.size = size;
        file
    };
    let mega = 1024 * 1024;
    scene.publish(with_files("файл", vec![file(MessageType::Document, 50 * mega + 1)])).await;
    scene.publish(with_files("снимок", vec![file(MessageType::Photo, 10 * mega + 1)])).await;
    assert_eq!(scene.outcomes(2).await, vec!["failed 1 too_large"; 2]);
    assert!(scene.sim.sent().is_empty());
    assert_eq!(scene.sim.calls("sendDocument").total + scene.sim.calls("sendPhoto").total, 0);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_file_never_repeats_its_text() {
    let (scene, bridge) = Scene::with_bridge().await;
    let no = Fault::refusal(400, "Bad Request: not this one");
    scene.sim.add_fault(no.on("sendDocument").times(1));
    let document = scene.file(MessageType::Document, "a.txt", b"text").await;
    // Too long for a caption: the rest is a text of its own.
    let words = format!("{} конец", "слово ".repeat(400));
    let reply = with_files(&words, vec![document]);
    assert_eq!(reply.parts.len(), 2);
    let id = reply.message_id;
    scene.publish(reply).await;
    assert_eq!(scene.outcomes(2).await, ["failed 1 rejected", "sent 1"]);
    scene.retry(ANNA, id).await;
    assert_eq!(scene.outcomes(3).await[2], "sent 2");
    scene.settled().await;
    let told = scene.told(ANNA);
    assert_eq!((told.len(), told[0].ends_with("конец"), told[1].starts_with("слово")), (2, true, true));
    assert_eq!(scene.sim.calls("sendMessage").total, 1);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_was_stored_is_never_sent() {
    let (scene, bridge) = Scene::with_bridge().await;
    let mut other = scene.file(MessageType::Document, "a.txt", b"one thing").await;
    other.file.sha256 = "0".repeat(64);
    let reply = with_files("", vec![other]);
    scene.publish(reply).await;
    let gone = ReplyFile::sample();
    scene.publish(with_files("нет", vec![ReplyFile { kind: MessageType::Video, ..gone }])).await;
    assert_eq!(scene.outcomes(2).await, vec!["failed 1 file_missing"; 2]);
    assert!(scene.sim.sent().is_empty());
    bridge.stop().await;
}
