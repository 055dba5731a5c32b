use events::{
    chats::{
        BotBlocked, BotUnblocked, ChatBanned, ChatClosed, ChatEvent, ChatOpened, Direction, FileFailed,
        FileStored, MessageEdited, MessageReceived, MessageType, ReplyEdited, ReplyFailed, ReplyUnknown,
        RetryRequested, Sender,
    },
    derived_id,
    images::StoredObject,
    users::{Role, TelegramLinked, UserRegistered},
};
use store::chats::{self, DeliveryState, Expected, Status};

use crate::scene::{ANNA, BOT, Scene, at, named, operator, reply, reply_id, sent, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_message_makes_the_person_and_the_chat() {
    let mut scene = Scene::new().await;
    let names = Sender {
        last_name: Some("Смирнова".into()),
        username: Some("anna".into()),
        language_code: Some("ru".into()),
        ..named("Анна")
    };
    scene.happen(MessageReceived { from: names, ..text(ANNA, 1, "Здравствуйте") }).await;

    let chat = chats::by_user(&mut scene.conn, ANNA).await.unwrap().unwrap();
    assert_eq!(chat.id, derived_id(&["telegram-user", "42"]));
    assert_eq!((chat.first_name.as_deref(), chat.username.as_deref()), (Some("Анна"), Some("anna")));
    assert_eq!((chat.status, chat.bot_blocked, chat.last_position), (Status::Open, false, 1));
    let message = scene.message(text(ANNA, 1, "").message_id).await;
    assert_eq!((message.direction, message.message_type), (Direction::In, MessageType::Text));
    assert_eq!((message.created_at, message.delivery), (at(0), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_stored_once_by_our_id_and_by_telegrams() {
    let mut scene = Scene::new().await;
    let first = scene.happen(text(ANNA, 1, "раз")).await;
    scene.apply(std::slice::from_ref(&first)).await;
    scene.happen(MessageReceived { message_id: derived_id(&["other"]), ..text(ANNA, 1, "два") }).await;
    let unverified =
        MessageReceived {
            message_id: derived_id(&["forged"]), verified: false, ..text(ANNA, 1, "подделка")
        };
    scene.happen(unverified).await;
    assert_eq!(scene.texts(ANNA).await, ["раз", "подделка"], "the unverified one takes nobody's place");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_follow_verified_messages_only_and_a_missing_name_leaves_the_known_one() {
    let mut scene = Scene::new().await;
    let forged = |number, name| MessageReceived {
        verified: false,
        from: named(name),
        ..text(ANNA, number, "подделка")
    };
    let name = async |scene: &mut Scene| {
        let chat = chats::by_user(&mut scene.conn, ANNA).await.unwrap().unwrap();
        (chat.first_name.unwrap_or_default(), chat.last_name.unwrap_or_default())
    };
    scene.happen(forged(1, "Кто-то")).await;
    assert_eq!(name(&mut scene).await.0, "Кто-то", "better than nothing");
    let full = Sender { last_name: Some("Смирнова".into()), ..named("Анна") };
    scene.happen(MessageReceived { from: full, ..text(ANNA, 2, "я") }).await;
    scene.happen(forged(3, "Кто-то")).await;
    scene.happen(MessageReceived { from: named("Аня"), ..text(ANNA, 4, "я") }).await;
    assert_eq!(name(&mut scene).await, ("Аня".into(), "Смирнова".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_keeps_what_was_said_before() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "один")).await;
    let edit = |words: &str, position| MessageEdited {
        user_id: ANNA,
        telegram_message_id: 1,
        message_text: words.into(),
        edited_at: at(position),
        bot_id: Some(BOT),
        entities: Vec::new(),
        raw: None,
    };
    let first = scene.happen(edit("два", 10)).await;
    scene.happen(edit("три", 10)).await;
    scene.happen(edit("четыре", 11)).await;
    scene.apply(&[first]).await;

    let id = text(ANNA, 1, "").message_id;
    let message = scene.message(id).await;
    assert_eq!((message.message_text.as_str(), message.edited_at), ("четыре", Some(at(11))));
    let edits = chats::edits(&mut scene.conn, id).await.unwrap();
    let before: Vec<_> = edits.iter().map(|edit| edit.previous_text.as_str()).collect();
    assert_eq!(before, ["один", "два", "три"]);
}

/// Two changes within one second of Telegram's, of which the first comes again after the second.
#[tokio::test(flavor = "multi_thread")]
async fn the_edit_that_is_last_in_the_log_stands_whichever_comes_last() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "один")).await;
    let edit = |words: &str| MessageEdited {
        user_id: ANNA,
        telegram_message_id: 1,
        message_text: words.into(),
        edited_at: at(10),
        bot_id: Some(BOT),
        entities: Vec::new(),
        raw: None,
    };
    let (first, second) = (scene.record(edit("два")), scene.record(edit("три")));
    scene.apply(&[second]).await;
    scene.apply(&[first]).await;
    assert_eq!(scene.texts(ANNA).await, ["три"]);
}

/// The bridge has gone on where the clock is behind.
#[tokio::test(flavor = "multi_thread")]
async fn an_operators_change_is_not_lost_to_a_clock() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "вопрос")).await;
    scene.happen(reply(ANNA, 1, "ответ")).await;
    let edited = |number: u64, words: &str, position| ReplyEdited {
        user_id: ANNA,
        message_id: reply_id(ANNA, 1),
        edit_id: derived_id(&["edit", &number.to_string()]),
        message_text: words.into(),
        entities: Vec::new(),
        edited_at: at(position),
    };
    let first = scene.happen(edited(1, "первая правка", 100)).await;
    scene.happen(edited(2, "вторая правка", 50)).await;
    scene.apply(&[first]).await;
    assert_eq!(scene.texts(ANNA).await, ["вопрос", "вторая правка"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_goes_its_way_and_old_outcomes_change_nothing() {
    let mut scene = Scene::new().await;
    let id = reply_id(ANNA, 1);
    let sent = |attempt| sent(ANNA, id, 70, attempt);
    scene.happen(text(ANNA, 1, "вопрос")).await;
    scene.happen(reply(ANNA, 1, "ответ")).await;
    let message = scene.message(id).await;
    assert_eq!(message.operator_id, Some(operator()));
    let delivery = message.delivery.unwrap();
    assert_eq!((delivery.state, delivery.attempt), (DeliveryState::Queued, 1));

    let unknown =
        ReplyUnknown { user_id: ANNA, message_id: id, code: "timed_out".into(), attempt: 1, part: 0 };
    scene.happen(unknown).await;
    let again = RetryRequested { user_id: ANNA, message_id: id, operator_id: operator() };
    scene.happen(again.clone()).await;
    let failed = ReplyFailed {
        user_id: ANNA,
        message_id: id,
        code: "rejected".into(),
        reason: "Bad Request".into(),
        attempt: 1,
        part: 0,
    };
    scene.happen(failed).await;
    let delivery = scene.message(id).await.delivery.unwrap();
    assert_eq!((delivery.state, delivery.attempt, delivery.code), (DeliveryState::Queued, 2, None));
    scene.happen(sent(2)).await;
    scene.happen(again).await;
    let message = scene.message(id).await;
    assert_eq!(message.delivery.unwrap().state, DeliveryState::Sent);
    assert_eq!(message.telegram_message_id, Some(70));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_kept_with_telegrams_words() {
    let mut scene = Scene::new().await;
    scene.happen(reply(ANNA, 1, "ответ")).await;
    scene
        .happen(ReplyFailed {
            user_id: ANNA,
            message_id: reply_id(ANNA, 1),
            code: "bot_blocked".into(),
            reason: "Forbidden: bot was blocked by the user".into(),
            attempt: 1,
            part: 0,
        })
        .await;
    let delivery = scene.message(reply_id(ANNA, 1)).await.delivery.unwrap();
    assert_eq!(delivery.code.as_deref(), Some("bot_blocked"));
    assert_eq!(delivery.reason.as_deref(), Some("Forbidden: bot was blocked by the user"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_file_stays_stored() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "")).await;
    let message_id = text(ANNA, 1, "").message_id;
    let failed =
        FileFailed { user_id: ANNA, message_id, code: "unavailable".into(), reason: "Bad Gateway".into() };
    scene.happen(failed.clone()).await;
    assert_eq!(scene.message(message_id).await.file_failure.as_deref(), Some("unavailable"));
    let file_id = derived_id(&["file"]);
    scene.happen(FileStored { user_id: ANNA, message_id, file_id, file: StoredObject::sample() }).await;
    scene.happen(failed).await;
    let file = chats::file_by_id(&mut scene.conn, file_id).await.unwrap().unwrap();
    assert_eq!(file.object, StoredObject::sample());
    assert_eq!(scene.message(message_id).await.file_failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_closed_opened_blocked_and_unblocked() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "раз")).await;
    let state = async |scene: &mut Scene| {
        let chat = chats::by_user(&mut scene.conn, ANNA).await.unwrap().unwrap();
        (chat.status, chat.bot_blocked)
    };
    scene.happen(ChatClosed { user_id: ANNA }).await;
    scene.happen(BotBlocked { user_id: ANNA, bot_id: Some(BOT) }).await;
    assert_eq!(state(&mut scene).await, (Status::Closed, true));
    let known = chats::known(&mut scene.conn, &[ANNA, 7]).await.unwrap();
    assert_eq!(known.len(), 1, "who has no chat is not known");
    assert!(known[&ANNA].closed && !known[&ANNA].banned && known[&ANNA].notices);
    scene.happen(text(ANNA, 2, "два")).await;
    assert_eq!(state(&mut scene).await.0, Status::Closed, "only a fact opens it");
    scene.happen(ChatOpened { user_id: ANNA }).await;
    scene.happen(BotUnblocked { user_id: ANNA, bot_id: Some(BOT) }).await;
    assert_eq!(state(&mut scene).await, (Status::Open, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_worker_held_changes_nothing_that_came_after_it() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "здравствуйте")).await;
    let closed = scene.record(ChatClosed { user_id: ANNA });
    let blocked = scene.record(BotBlocked { user_id: ANNA, bot_id: Some(BOT) });
    scene.happen(ChatOpened { user_id: ANNA }).await;
    scene.happen(BotUnblocked { user_id: ANNA, bot_id: Some(BOT) }).await;
    scene.apply(&[closed, blocked]).await;
    let chat = chats::by_user(&mut scene.conn, ANNA).await.unwrap().unwrap();
    assert_eq!((chat.status, chat.bot_blocked), (Status::Open, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_or_a_ban_expects_its_chat() {
    let mut scene = Scene::new().await;
    let events = [
        ChatEvent::ChatClosed(ChatClosed { user_id: ANNA }),
        ChatEvent::ChatBanned(ChatBanned { user_id: ANNA, reason: "спам".into() }),
    ];
    let expected: Vec<Expected> = events.iter().filter_map(Expected::by).collect();
    assert_eq!(chats::missing(&mut scene.conn, &expected).await.unwrap(), [0, 1]);
    scene.happen(text(ANNA, 1, "здравствуйте")).await;
    assert!(chats::missing(&mut scene.conn, &expected).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_postgresql_cannot_keep_does_not_lose_the_message() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "на\0чало")).await;
    assert_eq!(scene.texts(ANNA).await, ["начало"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_overtook_its_message_is_seen_as_such() {
    let mut scene = Scene::new().await;
    scene.happen(text(ANNA, 1, "вопрос")).await;
    scene.happen(reply(ANNA, 1, "ответ")).await;
    let id = reply_id(ANNA, 1);
    let expected = [
        Expected::Message { id, attempt: 1 },
        Expected::Message { id, attempt: 2 },
        Expected::Message { id: reply_id(ANNA, 2), attempt: 1 },
        Expected::Telegram { user_id: ANNA, telegram_message_id: 1 },
        Expected::Telegram { user_id: ANNA, telegram_message_id: 2 },
    ];
    assert_eq!(chats::missing(&mut scene.conn, &expected).await.unwrap(), [1, 2, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_that_is_last_in_the_log_stands_however_often_an_older_one_comes() {
    let mut scene = Scene::new().await;
    let account = derived_id(&["account"]);
    let registered = UserRegistered {
        user_id: account,
        phone: "+79990000001".into(),
        name: "Анна".into(),
        role: Role::Customer,
    };
    scene.happen(registered).await;
    let link = |user_id| TelegramLinked { user_id, telegram_user_id: ANNA };
    let linked = async |scene: &mut Scene| {
        chats::by_user(&mut scene.conn, ANNA).await.unwrap().unwrap().linked_user_id
    };
    // The person's first message and their link, in one slice as a rebuild reads them.
    let slice = [scene.record(text(ANNA, 1, "контакт")), scene.record(link(operator()))];
    scene.apply(&slice).await;
    assert_eq!(linked(&mut scene).await, Some(operator()));
    let newer = scene.happen(link(account)).await;
    assert_eq!(linked(&mut scene).await, Some(account));
    // Tried again, alone and in a slice that has lost its order.
    let mixed = [newer, slice[1].clone()];
    for late in [&slice[1..], &mixed] {
        scene.apply(late).await;
        assert_eq!(linked(&mut scene).await, Some(account));
    }
    scene.happen(link(operator())).await;
    assert_eq!(linked(&mut scene).await, Some(operator()), "a newer one replaces it");
}
