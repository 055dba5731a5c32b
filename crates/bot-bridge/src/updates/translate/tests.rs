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
    assert_eq!(reason(json!({"update_id": 1, "poll": {"id": "5"}})), "nobody");
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

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let field = prop_oneof![
            "[a-z_]{1,8}",
            prop::sample::select(vec![
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
            ])
            .prop_map(str::to_owned),
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
    fn nonsense_is_never_a_panic(update in any_json()) {
        let _ = translate(BOT, 17, &update.to_string());
    }
}
