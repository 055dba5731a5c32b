//! What an operator has at hand while writing, in a real browser.

use events::{
    Event as _, Outgoing, Service,
    chats::{MessageReceived, ReplyFailed, ReplyRequested},
    users::Role,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    browser::Window,
    desk::bridge,
    harness::{TestEdge, eventually},
};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const RIGHT: &str = "\u{e014}";
const CONTROL: char = '\u{e009}';
const UP: char = '\u{e013}';

fn chat(user: i64) -> String {
    format!("/dashboard/users/{user}/operator-chat")
}

/// As from Telegram: what can be answered has a number there.
async fn asks(edge: &TestEdge, user_id: i64, number: i64, text: &str) {
    let message = MessageReceived {
        user_id,
        message_id: Uuid::now_v7(),
        telegram_message_id: Some(number),
        message_text: text.into(),
        entities: Vec::new(),
        details: None,
        attachment: None,
        reply_to_telegram_id: None,
        album: None,
        sent_at: events::now(),
        ..MessageReceived::sample()
    };
    let bridge = edge.system.bus(Service::BotBridge).await;
    bridge.publish(&Outgoing::request(Service::BotBridge, "telegram", message)).await.unwrap();
    let bubble = format!("/api/users/{user_id}/operator-chat");
    let operator = edge.staff(Role::Operator).await;
    eventually("it to be stored", async || operator.get(&bubble).await.1.to_string().contains(text)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emoji_help_quotes_and_drafts_are_at_hand() {
    let edge = TestEdge::start().await;
    bridge(&edge, false).await;
    let operator = edge.staff(Role::Operator).await;
    asks(&edge, 1, 11, "Когда?").await;
    asks(&edge, 2, 21, "Где?").await;
    let window = Window::open().await;
    window.0.watch_for_errors().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, &chat(1)).await;
    window.until("the script", "!document.querySelector('[data-emoji-open]').hidden").await;

    window.run("document.querySelector('[data-emoji-open]').focus()").await;
    window.keys(ENTER).await;
    window.until("the picker", "document.activeElement.closest('[data-emoji]')").await;
    window.keys(&format!("{RIGHT}{ENTER}")).await;
    window.until("the sign", "messageText.value === '😀' && document.activeElement === messageText").await;
    window.run("document.querySelector('[data-emoji-open]').focus()").await;
    window.keys(ENTER).await;
    window.until("the picker again", "document.activeElement.closest('[data-emoji]')").await;
    window.keys(ESCAPE).await;
    window.until("the way back", "document.activeElement.matches('[data-emoji-open]')").await;
    assert_eq!(window.run("return document.querySelector('[data-emoji]').hidden").await, json!(true));

    window.run("messageText.blur()").await;
    window.keys("?").await;
    window.until("the help sheet", "document.querySelector('[data-help-sheet]').open").await;
    assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new());
    window.keys(ESCAPE).await;
    window.until("it to be gone", "!document.querySelector('[data-help-sheet]').open").await;
    window.run("messageText.focus()").await;
    window.keys("?").await;
    window.until("a sign is a sign", "messageText.value === '😀?'").await;
    assert_eq!(window.run("return document.querySelector('[data-help-sheet]').open").await, json!(false));

    window.go(&format!("{}{}", edge.backoffice, chat(2))).await;
    window.until("nothing written here", "messageText.value === ''").await;
    window.run("messageText.focus()").await;
    window.keys("другое").await;
    window.go(&format!("{}{}", edge.backoffice, chat(1))).await;
    window.until("the draft of this chat", "messageText.value === '😀?'").await;
    window.go(&format!("{}{}", edge.backoffice, chat(2))).await;
    window.until("the draft of the other", "messageText.value === 'другое'").await;

    window.run("messageText.select()").await;
    window.chord(CONTROL, UP).await;
    window
        .until(
            "what is answered",
            "document.querySelector('[data-context]').checkVisibility()
             && document.querySelector('[data-context-text]').textContent === 'Где?'",
        )
        .await;
    window.keys(&format!("Здесь{ENTER}")).await;
    window
        .until(
            "the quote in the bubble",
            "document.querySelector('.message.out [data-part=quote-text]')?.textContent === 'Где?'",
        )
        .await;
    window.until("nothing to be answered any more", "document.querySelector('[data-context]').hidden").await;
    let log = edge.system.log().await;
    let wish = log.iter().find(|event| event.subject.ends_with("reply-requested")).unwrap();
    let wish: ReplyRequested = serde_json::from_slice(&wish.body).unwrap();
    assert_eq!((wish.message_text.as_str(), wish.reply_to_telegram_id), ("Здесь", Some(21)));
    window.go(&format!("{}{}", edge.backoffice, chat(2))).await;
    window.until("what is sent is no draft", "messageText.value === ''").await;
    assert_eq!(window.0.page_errors().await, Vec::<String>::new());
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_composer_shuts_when_telegram_does_not_find_the_chat_until_the_person_writes() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    asks(&edge, 1, 11, "Когда?").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, &chat(1)).await;
    window.run("messageText.focus()").await;
    window.keys(&format!("Завтра{ENTER}")).await;
    let wish = testkit::wait_for_value("the reply in the log", async || {
        let log = edge.system.log().await;
        log.into_iter().find(|event| event.subject.ends_with("reply-requested"))
    })
    .await;
    let body: ReplyRequested = serde_json::from_slice(&wish.body).unwrap();
    let failed = ReplyFailed {
        user_id: 1,
        message_id: body.message_id,
        code: "chat_not_found".into(),
        reason: "Bad Request: chat not found".into(),
        attempt: 1,
        part: 0,
    };
    let fact = Outgoing::fact(Service::BotBridge, &wish.meta.unwrap(), 0, None, events::now(), &failed);
    edge.system.bus(Service::BotBridge).await.publish(&fact).await.unwrap();
    let shut = "messageText.disabled && document.querySelector('[data-shut-notice]').textContent.includes('не находит')";
    window.until("the composer to shut", shut).await;
    let reason = "document.querySelector('.message.out [data-part=reason]').textContent";
    window.until("why, in words", &format!("{reason} === 'Telegram не находит этот чат'")).await;
    eventually("it to be stored", async || {
        operator.page(&chat(1)).await.1.contains("data-shut=\"not-found\"")
    })
    .await;
    window.go(&format!("{}{}", edge.backoffice, chat(1))).await;
    window.until("the same from the server", shut).await;
    asks(&edge, 1, 12, "Я здесь").await;
    window.until("the composer to open", "!messageText.disabled").await;
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bell_rings_for_whoever_asked_for_it_and_only_then() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    asks(&edge, 1, 11, "Когда?").await;
    let window = Window::open().await;
    window.0.watch_for_errors().await;
    window.0.allow_notifications(&edge.backoffice).await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/operator-chats").await;
    // What rings and what is shown, written down beside it.
    window
        .run(
            "window.heard = []; window.shown = [];
             const { createOscillator } = AudioContext.prototype;
             AudioContext.prototype.createOscillator = function () { heard.push(1); return createOscillator.call(this); };
             const { Notification: Real } = window;
             window.Notification = class extends Real {
                 constructor(title, options) { super(title, options); shown.push(`${title}: ${options.body}`); } };",
        )
        .await;
    asks(&edge, 1, 12, "Вы там?").await;
    window.until("the message", "document.querySelector('.chat-row').textContent.includes('Вы там?')").await;
    assert_eq!(window.run("return [heard, shown]").await, json!([[], []]), "nobody asked for it");

    window.run("document.querySelector('[data-notify]').focus()").await;
    window.keys(ENTER).await;
    window
        .until(
            "the switch to be on",
            "document.querySelector('[data-notify]').getAttribute('aria-pressed') === 'true'",
        )
        .await;
    assert_eq!(window.run("return heard.length").await, json!(1), "so that one knows the sound");
    asks(&edge, 1, 13, "Ау").await;
    window.until("the sound", "heard.length === 2").await;
    assert_eq!(window.run("return shown").await, json!([]), "who looks at the page needs no notification");
    window.run("Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })").await;
    // Not more often than every three seconds.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    asks(&edge, 1, 14, "Отзовитесь").await;
    window.until("the notification", "shown.length === 1 && shown[0].endsWith(': Отзовитесь')").await;

    window.keys(ENTER).await;
    window
        .until(
            "the switch to be off",
            "document.querySelector('[data-notify]').getAttribute('aria-pressed') === 'false'",
        )
        .await;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    asks(&edge, 1, 15, "Всё").await;
    window.until("the last message", "document.querySelector('.chat-row').textContent.includes('Всё')").await;
    assert_eq!(window.run("return [heard.length, shown.length]").await, json!([3, 1]));
    assert_eq!(window.0.page_errors().await, Vec::<String>::new());
    window.0.close().await;
    edge.stop().await;
}
