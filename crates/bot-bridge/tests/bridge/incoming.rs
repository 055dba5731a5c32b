use std::time::{Duration, Instant};

use events::{
    Service,
    chats::{ChatEvent, FileFailed, FileStored, MessageReceived, MessageType},
    derived_id, subjects,
};
use serde_json::json;
use telegram_sim::Fault;
use testkit::wait_for;

use crate::scene::{ANNA, BORIS, Scene};

fn received(event: &ChatEvent) -> &MessageReceived {
    let ChatEvent::MessageReceived(message) = event else { panic!("a message, not {event:?}") };
    message
}

/// A PNG of one pixel.
const PIXEL: [u8; 70] = *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82";

#[tokio::test(flavor = "multi_thread")]
async fn texts_photos_and_videos_come_in_and_their_files_are_kept() {
    let (scene, bridge) = Scene::with_bridge().await;
    let phone = scene.phone(ANNA);
    let first = phone.text("Здравствуйте").unwrap();
    phone.reply(first, "Вот чек").unwrap();
    phone.photo(PIXEL.to_vec(), "чек").unwrap();
    phone.video(b"\0\0\0\x18ftypisom....".to_vec(), "видео").unwrap();
    let events = scene.wait_for_events("chat.message-received", 6).await;
    let kinds: Vec<_> = events[2..]
        .iter()
        .map(|event| (received(event).message_type, received(event).message_text.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [
            (MessageType::Text, "Здравствуйте"),
            (MessageType::Text, "Вот чек"),
            (MessageType::Photo, "чек"),
            (MessageType::Video, "видео"),
        ]
    );
    assert_eq!(received(&events[3]).reply_to_telegram_id, Some(i64::from(first)));
    let update = i64::from(scene.sim.next_update_id()) - 1;
    let id = derived_id(&["tg", "123456", &update.to_string()]);
    assert_eq!(received(&events[5]).message_id, id);

    let stored = scene.wait_for_events("chat.file-stored", 2).await;
    let bus = scene.system.bus(Service::HttpEdge).await;
    let files = bus.objects(subjects::FILES_BUCKET).await.unwrap();
    let mut kinds = Vec::new();
    for event in &stored {
        let ChatEvent::FileStored(FileStored { file, .. }) = event else { panic!("{event:?}") };
        let bytes = files.get(file).await.unwrap();
        assert_eq!(bytes.len() as u64, file.size);
        kinds.push(file.content_type.as_str());
    }
    assert_eq!(kinds, ["image/jpeg", "video/mp4"], "Telegram makes a JPEG of every photo");
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_else_a_phone_can_send_comes_in_as_what_it_is() {
    let (scene, bridge) = Scene::with_bridge().await;
    let phone = scene.phone(ANNA);
    let id = phone.text("вопрос").unwrap();
    phone.quote(id, "вопр", "к этому").unwrap();
    phone.forward("Новости", "солнце").unwrap();
    phone.any("dice", json!({"emoji": "🎲", "value": 3})).unwrap();
    phone.any("poll", json!({"question": "Когда?", "options": [{"text": "Завтра"}]})).unwrap();
    phone.album(vec![PIXEL.to_vec().into(), PIXEL.to_vec().into()], "два").unwrap();
    phone.sticker(b"{}".to_vec(), "application/x-tgsticker").unwrap();
    phone.react(id, &["👍", "★"]).unwrap();
    phone.text(&format!("/start link_{}", "s".repeat(32))).unwrap();
    let events = scene.wait_for_events("chat.message-received", 11).await;
    let messages: Vec<_> = events[3..].iter().map(received).collect();
    let details = |at: usize| messages[at].details.clone().unwrap();
    assert_eq!(details(0).quote.as_deref(), Some("вопр"));
    assert_eq!(details(1).forward.unwrap().name, "Новости");
    assert_eq!((messages[2].message_type, details(2).dice.unwrap().value), (MessageType::Dice, 3));
    assert_eq!(details(3).poll.unwrap().options, ["Завтра"]);
    assert!(messages[4].album.is_some() && messages[4].album == messages[5].album);
    let sticker = messages[6].attachment.as_ref().unwrap();
    assert!(sticker.still && sticker.width == Some(128), "{sticker:?}");
    assert!(details(7).start.unwrap().len() == 5 + 64);
    let reactions = scene.wait_for_events("chat.reaction-changed", 1).await;
    let ChatEvent::ReactionChanged(reaction) = &reactions[0] else { panic!("{reactions:?}") };
    assert_eq!(
        (reaction.telegram_message_id, &reaction.reactions[..]),
        (id.into(), &["👍".to_owned(), "★".to_owned()][..])
    );
    // Both pictures, and the thumbnail.
    scene.wait_for_events("chat.file-stored", 3).await;
    let log = format!("{:?}", scene.events().await);
    assert!(log.contains("/start link_") && !log.contains(&"s".repeat(32)), "the secret is in the log");
    scene.settled().await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_and_blocks_come_in() {
    let (scene, bridge) = Scene::with_bridge().await;
    let phone = scene.phone(ANNA);
    let id = phone.text("один").unwrap();
    phone.edit(id, "два").unwrap();
    phone.block();
    phone.unblock();
    scene.wait_for_events("chat.bot-unblocked", 1).await;
    let events = scene.events().await;
    let names: Vec<_> = events[3..].iter().map(ChatEvent::name).collect();
    assert_eq!(names, ["chat.message-edited", "chat.bot-blocked", "chat.bot-unblocked"]);
    let ChatEvent::MessageEdited(edit) = &events[3] else { panic!("an edit") };
    assert_eq!((edit.telegram_message_id, edit.message_text.as_str()), (i64::from(id), "два"));
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_update_neither_stops_nor_drops_its_batch() {
    let scene = Scene::new().await;
    let private = json!({"id": ANNA, "type": "private"});
    scene.phone(ANNA).text("раз").unwrap();
    scene.sim.push_update("message", &json!({"chat": private, "text": 7, "message_id": "x"}));
    scene.sim.push_update("message", &json!({"chat": {"id": -5, "type": "group"}, "text": "группа"}));
    scene.sim.push_update("message", &json!([1, 2]));
    scene.sim.push_update("message", &json!("?"));
    scene.phone(BORIS).any("dice", json!({"emoji": "🎲", "value": 3})).unwrap();
    scene.phone(ANNA).text("два").unwrap();
    let bridge = scene.bridge();
    let events = scene.wait_for_events("chat.message-received", 4).await;
    let kinds: Vec<_> = events.iter().map(|event| received(event).message_type).collect();
    assert_eq!(kinds, [MessageType::Text, MessageType::Unsupported, MessageType::Dice, MessageType::Text]);
    assert_eq!(received(&events[1]).raw.as_ref().unwrap()["message"]["text"], 7);
    wait_for("all updates to be confirmed", async || scene.sim.updates_pending() == 0).await;
    assert_eq!(scene.events().await.len(), 4);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_telegram_tells_twice_is_one_event() {
    let (scene, bridge) = Scene::with_bridge().await;
    wait_for("a poll that waits", async || scene.sim.updates_pending() == 0).await;
    // From now on nothing can be confirmed: Telegram has to tell it again.
    scene.sim.add_fault(Fault::error(502).on("getUpdates"));
    scene.phone(ANNA).text("раз").unwrap();
    scene.wait_for_events("chat.message-received", 3).await;
    assert_eq!(scene.sim.updates_pending(), 1);
    bridge.crash().await;
    scene.sim.clear_faults();
    let bridge = scene.bridge();
    wait_for("the update to be confirmed", async || scene.sim.updates_pending() == 0).await;
    assert_eq!(scene.events().await.len(), 3);
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_confirmed_to_telegram_before_the_broker_has_it() {
    let (mut scene, bridge) = Scene::with_bridge().await;
    wait_for("a poll that waits", async || scene.sim.updates_pending() == 0).await;
    let (sim, phone) = (&scene.sim, scene.sim.phone(ANNA));
    scene
        .system
        .crash_nats(async {
            let answered = sim.calls("getUpdates").ok;
            phone.text("пока брокера нет").unwrap();
            wait_for("the bridge to have it", async || sim.calls("getUpdates").ok > answered).await;
            // A bridge that does not wait for the broker would ask for more at once.
            let polls = sim.calls("getUpdates").total;
            let watched = Instant::now();
            while watched.elapsed() < Duration::from_millis(500) {
                assert_eq!(sim.updates_pending(), 1, "confirmed although nobody has it");
                assert_eq!(sim.calls("getUpdates").total, polls);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    let events = scene.wait_for_events("chat.message-received", 3).await;
    assert_eq!(received(&events[2]).message_text, "пока брокера нет");
    wait_for("the update to be confirmed", async || scene.sim.updates_pending() == 0).await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn polling_survives_whatever_telegram_answers() {
    let (scene, bridge) = Scene::with_bridge().await;
    for fault in [Fault::error(401), Fault::error(409), Fault::error(500), Fault::reset()] {
        scene.sim.add_fault(fault.on("getUpdates").times(1));
    }
    scene.sim.add_fault(Fault::too_many_requests(1).on("getUpdates").times(1));
    scene.phone(ANNA).text("раз").unwrap();
    scene.phone(ANNA).text("два").unwrap();
    scene.wait_for_events("chat.message-received", 4).await;
    wait_for("all updates to be confirmed", async || scene.sim.updates_pending() == 0).await;
    bridge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_had_is_told_as_such() {
    let (scene, bridge) = Scene::with_bridge().await;
    let huge = vec![0_u8; 21 * 1024 * 1024];
    scene.phone(ANNA).document(huge, "архив.zip", "application/zip").unwrap();
    let failed = scene.wait_for_events("chat.file-failed", 1).await;
    let ChatEvent::FileFailed(FileFailed { code, .. }) = &failed[0] else { panic!("{failed:?}") };
    assert_eq!(code, "too_large");
    // A hiccup is not a failure.
    scene.sim.add_fault(Fault::error(502).on("download").times(1));
    scene.sim.add_fault(Fault::reset().on("getFile").times(1));
    scene.phone(ANNA).document(b"%PDF-1.7".to_vec(), "счёт.pdf", "text/html").unwrap();
    let stored = scene.wait_for_events("chat.file-stored", 1).await;
    let ChatEvent::FileStored(FileStored { file, .. }) = &stored[0] else { panic!("{stored:?}") };
    assert_eq!(file.content_type, "application/pdf", "found from the bytes");
    scene.settled().await;
    bridge.stop().await;
}
