use events::{
    LogEvent,
    chats::{ChatEvent, MessageType},
};
use proptest::prelude::*;
use serde_json::json;

use super::*;

const BOT: i64 = 1;

fn translated(update: &Value) -> Option<ChatEvent> {
    match translate(BOT, 17, &update.to_string()) {
        Translated::Event(outgoing) => match outgoing.recorded().unwrap().event {
            LogEvent::Chat(event) => Some(event),
            other => panic!("a chat event, not {other:?}"),
        },
        Translated::Ignored(_) => None,
    }
}

fn message(mut body: Value) -> MessageReceived {
    for (field, value) in [
        ("message_id", json!(5)),
        ("date", json!(1_700_000_000)),
        ("chat", json!({"id": 42, "type": "private", "first_name": "Анна"})),
        ("from", json!({"id": 42, "is_bot": false, "first_name": "Анна", "language_code": "ru"})),
    ] {
        if body.get(field).is_none() {
            body[field] = value;
        }
    }
    match translated(&json!({"update_id": 17, "message": body})) {
        Some(ChatEvent::MessageReceived(message)) => message,
        other => panic!("a message, not {other:?}"),
    }
}

#[test]
fn a_text_is_a_message_with_the_update_kept() {
    let received = message(json!({"text": "Здравствуйте", "reply_to_message": {"message_id": 4}}));
    assert_eq!((received.user_id, received.telegram_message_id), (42, Some(5)));
    assert_eq!(received.message_id, derived_id(&["tg", "1", "17"]));
    assert_eq!((received.message_type, received.message_text.as_str()), (MessageType::Text, "Здравствуйте"));
    assert_eq!(received.reply_to_telegram_id, Some(4));
    assert_eq!(received.from.language_code.as_deref(), Some("ru"));
    assert_eq!(received.sent_at.as_second(), 1_700_000_000);
    assert_eq!(received.raw.unwrap()["message"]["text"], "Здравствуйте");
    assert!(received.verified);
}

#[test]
fn a_time_that_cannot_be_meant_is_the_time_of_arrival() {
    for date in [json!(-300_000_000_000_i64), json!(-1), json!(i64::MAX), json!("today"), json!(null)] {
        let before = events::now();
        let received = message(json!({"text": "?", "date": date}));
        assert!(received.sent_at >= before, "{date}: {}", received.sent_at);
    }
}

#[test]
fn a_photo_is_its_largest_size() {
    let size = |id: &str, side: u32| json!({"file_id": id, "width": side, "height": side, "file_size": side});
    let photo = message(json!({"photo": [size("s", 90), size("l", 800), size("m", 320)], "caption": "чек"}));
    let attachment = photo.attachment.unwrap();
    assert_eq!((attachment.telegram_file_id.as_str(), attachment.width), ("l", Some(800)));
    assert_eq!((photo.message_type, photo.message_text.as_str()), (MessageType::Photo, "чек"));
}

#[test]
fn every_kind_has_its_name() {
    let file = json!({"file_id": "f", "file_size": 10, "mime_type": "a/b", "duration": 3, "emoji": "🎈"});
    for (member, kind) in [
        ("video", MessageType::Video),
        ("video_note", MessageType::VideoNote),
        ("voice", MessageType::Voice),
        ("audio", MessageType::Audio),
        ("document", MessageType::Document),
        ("sticker", MessageType::Sticker),
        ("animation", MessageType::Animation),
    ] {
        let received = message(json!({member: file, "caption": "подпись"}));
        assert_eq!(received.message_type, kind);
        let attachment = received.attachment.unwrap();
        assert_eq!((attachment.telegram_file_id.as_str(), attachment.duration), ("f", Some(3)));
        assert_eq!(received.message_text, if kind == MessageType::Sticker { "🎈" } else { "подпись" });
    }
    let animation = message(json!({"document": file, "animation": file}));
    assert_eq!(animation.message_type, MessageType::Animation, "it also comes as a document");
    let place = message(json!({
        "location": {"latitude": 55.75, "longitude": 37.5}, "venue": {"title": "Кафе", "address": "Арбат, 1"},
    }));
    assert_eq!(
        (place.message_type, place.message_text.as_str()),
        (MessageType::Location, "Кафе Арбат, 1 55.75, 37.5")
    );
    let contact = message(json!({"contact": {"phone_number": "+7924", "first_name": "Анна"}}));
    assert_eq!((contact.message_type, contact.message_text.as_str()), (MessageType::Contact, "Анна +7924"));
    let poll = message(json!({"poll": {"question": "Да?"}}));
    assert_eq!((poll.message_type, poll.message_text.as_str()), (MessageType::Poll, "Да?"));
    let dice = message(json!({"dice": {"emoji": "🎲", "value": 3}}));
    assert_eq!((dice.message_type, dice.message_text.as_str()), (MessageType::Dice, "🎲 3"));
    for odd in [json!({"dice": {"value": 3}}), json!({"text": 7}), json!({"brand_new": [1]})] {
        let received = message(odd.clone());
        assert_eq!(received.message_type, MessageType::Unsupported, "{odd}");
        assert!(received.raw.is_some());
    }
}

#[test]
fn a_kind_of_update_that_nobody_knows_is_kept_as_unsupported() {
    let update = json!({"update_id": 17, "brand_new": {"from": {"id": 42, "first_name": "Анна"}, "date": 1}});
    let Some(ChatEvent::MessageReceived(received)) = translated(&update) else { panic!("kept") };
    assert_eq!((received.message_type, received.telegram_message_id), (MessageType::Unsupported, None));
    assert_eq!(received.raw.unwrap(), update);
}

#[test]
fn an_edit_and_a_block_are_what_they_are() {
    let chat = json!({"id": 42, "type": "private"});
    let edit = json!({"update_id": 17, "edited_message": {
        "chat": chat, "message_id": 5, "edit_date": 1_700_000_009, "caption": "правка", "photo": []}});
    let Some(ChatEvent::MessageEdited(edit)) = translated(&edit) else { panic!("an edit") };
    assert_eq!((edit.telegram_message_id, edit.message_text.as_str()), (5, "правка"));
    assert_eq!(edit.edited_at.as_second(), 1_700_000_009);
    let member = |status: &str| {
        translated(&json!({"update_id": 17, "my_chat_member": {
            "chat": chat, "new_chat_member": {"status": status}}}))
    };
    assert!(matches!(member("kicked"), Some(ChatEvent::BotBlocked(BotBlocked { user_id: 42, .. }))));
    assert!(matches!(member("member"), Some(ChatEvent::BotUnblocked(BotUnblocked { user_id: 42, .. }))));
    assert!(member("restricted").is_none());
}

#[test]
fn groups_and_nobody_are_ignored_with_a_reason() {
    let reason = |update: Value| match translate(BOT, 17, &update.to_string()) {
        Translated::Ignored(reason) => reason,
        Translated::Event(event) => panic!("ignored, not {event:?}"),
    };
    let group = json!({"id": -100, "type": "group"});
    assert_eq!(reason(json!({"update_id": 1, "message": {"chat": group, "text": "?"}})), "not_private");
    assert_eq!(reason(json!({"update_id": 1, "poll": {"id": "5"}})), "not_asked_for");
    assert_eq!(reason(json!({"update_id": 1, "brand_new": {"id": "5"}})), "nobody");
    assert_eq!(reason(json!({"update_id": 1})), "empty");
    assert_eq!(reason(json!([1])), "empty");
}

#[test]
fn the_same_update_is_the_same_event() {
    let update = json!({"update_id": 17, "message": {"chat": {"id": 42, "type": "private"}, "text": "раз"}});
    let id = |bot, number| match translate(bot, number, &update.to_string()) {
        Translated::Event(event) => event.meta.id,
        Translated::Ignored(reason) => panic!("{reason}"),
    };
    assert_eq!(id(1, 17), id(1, 17));
    assert_ne!(id(1, 17), id(1, 18));
    assert_ne!(id(1, 17), id(2, 17));
}

#[test]
fn an_update_that_the_broker_would_not_take_goes_without_its_raw_form() {
    let update = json!({"update_id": 17, "message": {
        "chat": {"id": 42, "type": "private"}, "text": "раз", "huge": "x".repeat(1_000_000)}});
    let Some(ChatEvent::MessageReceived(received)) = translated(&update) else { panic!("kept") };
    assert_eq!((received.raw, received.message_text.as_str()), (None, "раз"));
}

/// Every member that anything here looks at, so that nonsense gets far.
const MEMBERS: [&str; 74] = [
    "id",
    "type",
    "text",
    "photo",
    "file_id",
    "chat",
    "from",
    "date",
    "video",
    "location",
    "poll",
    "width",
    "caption",
    "reply_to_message",
    "message_id",
    "first_name",
    "sticker",
    "contact",
    "entities",
    "caption_entities",
    "offset",
    "length",
    "url",
    "user",
    "language",
    "forward_origin",
    "sender_user",
    "sender_user_name",
    "sender_chat",
    "title",
    "author_signature",
    "quote",
    "latitude",
    "longitude",
    "venue",
    "address",
    "phone_number",
    "user_id",
    "via_bot",
    "question",
    "options",
    "is_closed",
    "dice",
    "emoji",
    "value",
    "media_group_id",
    "is_animated",
    "is_video",
    "thumbnail",
    "thumb",
    "animation",
    "video_note",
    "voice",
    "audio",
    "document",
    "file_size",
    "file_name",
    "mime_type",
    "height",
    "duration",
    "edit_date",
    "new_chat_member",
    "status",
    "new_reaction",
    "old_reaction",
    "update_id",
    "message",
    "edited_message",
    "message_reaction",
    "my_chat_member",
    "last_name",
    "username",
    "language_code",
    "name",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
        "/start(@[a-z]{1,3})?[ \n]link_[a-z]{0,20}".prop_map(Value::from),
        prop::sample::select(vec!["private", "kicked", "member", "bold", "/start", "😀"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let field = prop_oneof![
            1 => "[a-z_]{1,8}",
            9 => prop::sample::select(MEMBERS.to_vec()).prop_map(str::to_owned),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(field, inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_a_person_sends_becomes_one_event(
        kind in "message|edited_message|callback_query|brand_new", noise in any_json(), extra in any_json(),
    ) {
        let mut body = json!({"chat": {"id": 42, "type": "private"}, "message_id": 5, "noise": noise});
        if let (Some(body), Some(extra)) = (body.as_object_mut(), extra.as_object()) {
            for (field, value) in extra {
                body.entry(field.clone()).or_insert_with(|| value.clone());
            }
        }
        let mut update = json!({"update_id": 17});
        update[kind] = body;
        let event = translated(&update);
        prop_assert!(event.is_some());
        prop_assert_eq!(event.unwrap().entity(), "42");
    }

    #[test]
    fn whatever_object_comes_yields_an_event_that_can_be_read_or_a_reason(
        members in prop::collection::btree_map(
            prop::sample::select(vec![
                "update_id", "message", "edited_message", "message_reaction", "my_chat_member", "channel_post", "new"]),
            any_json(), 0..3),
        person in prop::option::of(1_i64..100),
    ) {
        let mut update = json!({});
        for (kind, mut body) in members {
            if let (Some(id), Some(body)) = (person, body.as_object_mut()) {
                body.insert("chat".into(), json!({"id": id, "type": "private"}));
            }
            update[kind] = body;
        }
        match translate(BOT, 17, &update.to_string()) {
            // Encoding and reading it back is part of what must not fail.
            Translated::Event(event) => prop_assert!(event.recorded().is_ok()),
            Translated::Ignored(why) => prop_assert!(!why.is_empty()),
        }
    }

    #[test]
    fn nonsense_is_never_a_panic(update in any_json()) {
        let _ = translate(BOT, 17, &update.to_string());
    }

    #[test]
    fn a_secret_is_nowhere_in_the_event(secret in "[A-Za-z0-9_-]{16,59}", before in ".{0,6}", extra in any_json()) {
        let text = format!("{before} /start link_{secret}");
        let update = json!({"update_id": 17, "message": {
            "chat": {"id": 42, "type": "private"}, "message_id": 5, "text": text,
            "reply_to_message": {"text": text}, "extra": extra}});
        match translate(BOT, 17, &update.to_string()) {
            Translated::Event(event) => {
                prop_assert!(!event.body.contains(&secret));
            }
            Translated::Ignored(why) => prop_assert!(false, "{}", why),
        }
    }
}
