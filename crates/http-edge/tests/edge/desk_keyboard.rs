//! A whole conversation with the keyboard alone, on a phone's width, in both languages: nothing is clicked, whatever
//! has the focus shows it, and no script stumbles.

use events::users::Role;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::json;

use crate::{
    browser::Window,
    desk::{bridge, writes},
    harness::TestEdge,
};

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ALT: char = '\u{e00a}';
const DOWN: char = '\u{e015}';

impl Window {
    /// Presses a key while another is held.
    pub(crate) async fn chord(&self, held: char, key: char) {
        let pressed = [
            KeyAction::Down { value: held },
            KeyAction::Down { value: key },
            KeyAction::Up { value: key },
            KeyAction::Up { value: held },
        ];
        let keys = pressed.into_iter().fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.0.client().perform_actions(keys).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_are_answered_noted_and_closed_without_a_mouse_on_a_small_phone() {
    let edge = TestEdge::start().await;
    bridge(&edge, false).await;
    let operator = edge.staff(Role::Operator).await;
    let window = Window::open().await;
    window.0.watch_for_errors().await;
    let desk = "/dashboard/operator-chats";
    window.sign_in(&edge.backoffice, &operator.user().phone, desk).await;
    window.0.resize(360, 740).await;
    for (lang, next, user) in [("ru", 1, 2), ("en", 3, 4)] {
        writes(&edge, next, "Второй вопрос").await;
        writes(&edge, user, "Первый вопрос").await;
        window.run(&format!("document.cookie = 'lang={lang}; path=/'")).await;
        window.go(&format!("{}{desk}", edge.backoffice)).await;
        window.tab_to(&format!("[data-user=\"{user}\"] a")).await;
        window.keys(ENTER).await;
        let chat = format!("/dashboard/users/{user}/operator-chat");
        window.until("the chat", &format!("location.pathname === '{chat}'")).await;
        window.until("what was asked", "document.querySelector('.message.in')").await;

        window.tab_to("#messageText").await;
        window.keys(&format!("Уже смотрим{ENTER}")).await;
        window
            .until("it to be sent", "document.querySelector('.message.out')?.dataset.state === 'sent'")
            .await;
        let focused = window.run("return document.activeElement.id").await;
        assert_eq!(focused, json!("messageText"), "the next can be written at once");

        window.tab_to(".to-person").await;
        window.keys(ENTER).await;
        window.until("the person", "document.querySelector('.person').checkVisibility()").await;
        window.tab_to("#noteText").await;
        window.keys(&format!("Перезвонить{TAB}{ENTER}")).await;
        window.until("the note", "document.querySelectorAll('.note').length === 1").await;
        window.tab_to(".person-back a").await;
        window.keys(ENTER).await;
        window.until("the conversation", "document.querySelector('.conversation').checkVisibility()").await;

        window.tab_to("[data-status-form] button").await;
        window.keys(ENTER).await;
        window
            .until("it to be closed", "document.querySelector('[data-status-form] button').value === 'open'")
            .await;
        assert_eq!(
            window
                .run("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
                .await,
            json!(0),
            "{lang}: wider than the phone"
        );
        window
            .until("the row to go", &format!("!document.querySelector('.chat-row[data-user=\"{user}\"]')"))
            .await;
        window.chord(ALT, DOWN).await;
        let other = format!("/dashboard/users/{next}/operator-chat");
        window.until("the next chat", &format!("location.pathname === '{other}'")).await;
        window.until("its script", "!document.querySelector('[data-emoji-open]').hidden").await;
        operator.send("PATCH", "/api/operator-chats", json!({"userId": next, "status": "closed"})).await;
    }
    assert_eq!(window.0.page_errors().await, Vec::<String>::new());
    window.0.close().await;
    edge.stop().await;
}
