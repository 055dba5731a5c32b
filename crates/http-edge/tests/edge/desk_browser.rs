//! The desk in a real browser: writing with the keyboard alone, and what moves by itself.

use events::users::Role;
use serde_json::json;

use crate::{
    browser::Window,
    desk::{bridge, writes},
    harness::{TestEdge, eventually},
};

const ENTER: char = '\u{e007}';
const UP: char = '\u{e013}';
const ESCAPE: char = '\u{e00c}';

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_written_changed_and_noted_with_the_keyboard_alone() {
    let edge = TestEdge::start().await;
    bridge(&edge, false).await;
    let operator = edge.staff(Role::Operator).await;
    let canned = format!("/api/canned-replies/{}", uuid::Uuid::now_v7());
    operator.send("PUT", &canned, json!({"shortcut": "hi", "cannedText": "Привет, {first_name}"})).await;
    writes(&edge, 4242, "Где заказ?").await;
    let window = Window::open().await;
    let chat = "/dashboard/users/4242/operator-chat";
    window.sign_in(&edge.backoffice, &operator.user().phone, chat).await;
    window.run("messageText.focus()").await;

    window.keys("/h").await;
    window.until("the ready answers", "!document.querySelector('[data-canned]').hidden").await;
    window.keys(&format!("{ENTER}, _сейчас_")).await;
    window.until("the answer filled in", "messageText.value === 'Привет, Иван, _сейчас_'").await;
    window
        .until("the preview", "document.querySelector('[data-preview] .italic')?.textContent === 'сейчас'")
        .await;
    window.keys(&ENTER.to_string()).await;
    window.until("it to be sent", "document.querySelector('.message.out')?.dataset.state === 'sent'").await;
    window
        .until("its looks", "document.querySelector('.message.out .italic')?.textContent === 'сейчас'")
        .await;
    assert_eq!(
        window.run("return document.querySelectorAll('.message.out').length").await,
        json!(1),
        "one bubble"
    );

    eventually("it to be stored as sent", async || {
        let (_, history) = operator.get("/api/users/4242/operator-chat").await;
        history["messages"][1]["delivery"]["state"] == "sent"
    })
    .await;
    window.keys(&UP.to_string()).await;
    window.until("what was sent to be changed", "messageText.value === 'Привет, Иван, _сейчас_'").await;
    window.keys(&ESCAPE.to_string()).await;
    window.until("nothing to be changed", "messageText.value === ''").await;
    window.keys("черновик").await;
    window.until("it to be typed", "messageText.value === 'черновик'").await;
    window.go(&format!("{}{chat}", edge.backoffice)).await;
    window.until("the draft", "messageText.value === 'черновик'").await;

    window.run("noteText.value = 'Просил перезвонить'; noteText.form.requestSubmit()").await;
    window.until("the note", "document.querySelectorAll('.note').length === 1").await;
    assert_eq!(
        window.run("return document.querySelectorAll('.message').length").await,
        json!(2),
        "a note is no message"
    );
    let log = edge.system.log().await;
    assert_eq!(log.iter().filter(|event| event.subject.ends_with("reply-requested")).count(), 1);
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_does_not_jump_under_the_focus_and_the_composer_shuts_and_opens_by_itself() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 1, "раз").await;
    writes(&edge, 2, "два").await;
    let window = Window::open().await;
    let chat = "/dashboard/users/2/operator-chat";
    window.sign_in(&edge.backoffice, &operator.user().phone, chat).await;
    const ORDER: &str = "Array.from(document.querySelectorAll('.chat-row'), (it) => it.dataset.user).join()";
    window.until("both", &format!("{ORDER} === '2,1'")).await;
    window.run("document.querySelector('.chat-row a').focus({focusVisible: true})").await;
    writes(&edge, 1, "ещё раз").await;
    window
        .until(
            "the line to change",
            "document.querySelector('[data-user=\"1\"]').textContent.includes('ещё раз')",
        )
        .await;
    assert_eq!(window.run(&format!("return {ORDER}")).await, json!("2,1"), "nothing moved under the focus");
    window.run("messageText.focus()").await;
    window.until("the new order", &format!("{ORDER} === '1,2'")).await;

    operator.post("/api/users/2/operator-chat/ban", json!({"reason": "спам"})).await;
    window.until("the composer to shut", "messageText.disabled").await;
    operator.post("/api/users/2/operator-chat/unban", json!({})).await;
    window.until("the composer to open", "!messageText.disabled").await;

    // Another network: the line is gone for a while.
    window.0.offline(true).await;
    writes(&edge, 2, "без сети").await;
    window.0.offline(false).await;
    window
        .until(
            "what came meanwhile",
            "Array.from(document.querySelectorAll('.message.in')).filter((it) => it.textContent.includes('без сети')).length === 1",
        )
        .await;
    window.0.close().await;
    edge.stop().await;
}
