//! What the bot says by itself.

use events::{
    Outgoing, Service,
    chats::{ChatBanned, ChatClosed, MessageReceived, NoticeKind, NoticeKind::Command, Sender},
    desk::{BotSettings, WorkingHours},
};
use jiff::SignedDuration;
use store::chats::Status;

use crate::scene::{ANNA, Scene, chat, text};

fn welcome() -> Option<String> {
    Some("Здравствуйте!".into())
}

/// A desk that is never open.
fn closed() -> Option<WorkingHours> {
    Some(WorkingHours { zone: "Asia/Vladivostok".into(), open: Vec::new() })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_new_is_welcomed_once_and_a_bot_without_words_says_nothing() {
    let scene = Scene::new().await;
    scene.say(1, "есть кто?").await;
    assert_eq!(scene.said().await, [], "no settings");
    scene.set(BotSettings { welcome: welcome(), ..BotSettings::default() }).await;
    scene.say(2, "ау").await;
    assert_eq!(scene.said().await, [], "they are not new any more");
    for number in 1..3 {
        scene.receive(MessageReceived { user_id: 43, ..text(number + 10, "здравствуйте") }).await;
    }
    assert_eq!(scene.said().await, [(NoticeKind::Welcome, "Здравствуйте!".into(), true)]);
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_writes_while_the_desk_is_closed_is_told_once() {
    let scene = Scene::new().await;
    scene
        .set(BotSettings {
            away: Some("Ответим утром.".into()), hours: closed(), welcome: welcome()
        })
        .await;
    for number in 1..4 {
        scene.say(number, "срочно!").await;
        scene.settle().await;
    }
    let both = [
        (NoticeKind::Welcome, "Здравствуйте!".into(), true),
        (NoticeKind::Away, "Ответим утром.".into(), false),
    ];
    assert_eq!(scene.said().await, both);
    scene.set(BotSettings { away: Some("Ответим утром.".into()), hours: None, welcome: None }).await;
    scene.receive(MessageReceived { user_id: 43, ..text(9, "а мне?") }).await;
    assert_eq!(scene.said().await, both, "somebody is always there");
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_what_nobody_vouches_for_nor_to_the_banned_nor_of_the_past() {
    let scene = Scene::new().await;
    scene.set(BotSettings { away: Some("Ответим.".into()), hours: closed(), welcome: welcome() }).await;
    scene.receive(MessageReceived { verified: false, user_id: 7, ..text(1, "/help") }).await;
    let old = MessageReceived { user_id: 8, ..text(2, "/help") };
    let mut old = Outgoing::request(Service::BotBridge, "telegram:8", old);
    old.meta.time = events::now() - SignedDuration::from_hours(25);
    scene.bridge.publish(&old).await.unwrap();
    assert_eq!(scene.said().await, []);

    scene.say(3, "раз").await;
    assert_eq!(scene.said().await.len(), 2);
    let banned = ChatBanned { user_id: ANNA, reason: "спам".into() };
    scene.publish(Service::HttpEdge, banned).await;
    scene.publish(Service::HttpEdge, ChatClosed { user_id: ANNA }).await;
    scene.say(4, "/help").await;
    scene.say(5, "/notices").await;
    assert_eq!(scene.said().await.len(), 2);
    let chat = chat(&scene.system).await.unwrap();
    assert_eq!((chat.status, chat.notices), (Status::Closed, true), "and what they write opens nothing");
    let mut conn = scene.system.conn().await;
    let stored = store::chats::history(&mut conn, ANNA, None, 10).await.unwrap().messages;
    assert!(stored.iter().any(|message| message.message_text == "/help"), "but it is kept");
    drop(conn);
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_answered_in_the_persons_language() {
    let scene = Scene::new().await;
    scene.say(1, "/start").await;
    let english = Sender { language_code: Some("en".into()), ..Sender::default() };
    scene.receive(MessageReceived { from: english, ..text(2, "/help") }).await;
    let said = scene.said().await;
    assert!(said[0].1.starts_with("Напишите сюда вопрос") && said[0].1.contains("\n/notices"), "{said:?}");
    assert!(said[1].1.starts_with("Write your question here"), "{said:?}");
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_fast_notices_are_switched_what_is_said_last_holds() {
    let scene = Scene::new().await;
    for number in 1..10 {
        scene.say(number, "/notices").await;
    }
    let said = scene.said().await;
    assert_eq!(said.len(), 9, "every command has its answer: {said:?}");
    let holds = chat(&scene.system).await.unwrap().notices;
    assert_eq!(said.last().unwrap().1.contains("включены"), holds, "{said:?}");
    scene.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn order_notices_are_switched_off_and_on_and_twice_is_once() {
    let scene = Scene::new().await;
    let command = Outgoing::request(Service::BotBridge, "telegram:42", text(1, "/notices"));
    scene.bridge.publish(&command).await.unwrap();
    scene.bridge.publish(&command).await.unwrap();
    let said = scene.said().await;
    assert!(said.len() == 1 && said[0].1.contains("отключены") && said[0].0 == Command, "{said:?}");
    assert!(!chat(&scene.system).await.unwrap().notices);
    for number in 2..5 {
        scene.say(number, "/notices").await;
        scene.settle().await;
    }
    let said = scene.said().await;
    let states: Vec<bool> = said.iter().map(|one| one.1.contains("включены")).collect();
    assert_eq!(states, [false, true, false, true], "{said:?}");
    assert!(said[3].2, "without an account they are asked for their phone");
    assert!(chat(&scene.system).await.unwrap().notices);
    scene.stop().await;
}
