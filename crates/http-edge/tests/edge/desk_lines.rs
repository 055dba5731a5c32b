//! What is wrong between a bot and Telegram is said on the desk itself, while it is wrong.

use events::users::Role;
use serde_json::json;

use crate::{bots::line, browser::Window, desk::writes, harness::TestEdge, telegram_link::connect_bot};

const LINES: &str = "document.querySelector('[data-lines]')";

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_does_not_work_is_said_on_the_desk_live_and_no_longer_than_that() {
    let edge = TestEdge::start().await;
    connect_bot(&edge).await;
    line(&edge, json!({"state": "ok", "mode": "polling"}), 0).await;
    let operator = edge.staff(Role::Operator).await;
    writes(&edge, 4242, "?").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/operator-chats").await;
    let is = async |what: &str, words: &str| {
        window
            .until(what, &format!("{LINES}.textContent.includes('{words}') && {LINES}.checkVisibility()"))
            .await;
    };
    let well = async || window.until("nothing to be said", &format!("{LINES}.childElementCount === 0")).await;
    for (path, width, lang) in
        [("/dashboard/operator-chats", 1440, "ru"), ("/dashboard/users/4242/operator-chat", 360, "en")]
    {
        window.run(&format!("document.cookie = 'lang={lang}; path=/'")).await;
        window.0.resize(width, 740).await;
        window.go(&format!("{}{path}", edge.backoffice)).await;
        well().await;
        window.run("window.mark = 1").await;
        let said = |ru: &'static str, en: &'static str| if lang == "ru" { ru } else { en };
        let behind = events::now() - jiff::SignedDuration::from_hours(20);
        line(&edge, json!({"state": "conflict", "behindSince": behind}), 0).await;
        is("the other poller", said("забирает кто-то другой", "somebody else")).await;
        is("the time that is left", said("ещё 4 часа", "4 more hours")).await;
        assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new(), "{path} {width}");
        line(&edge, json!({"state": "unauthorized", "behindSince": behind}), 0).await;
        is("the token", said("не принимает токен", "token")).await;
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(window.run(wider).await, 0, "{path} {width}");
        line(&edge, json!({"state": "ok"}), 0).await;
        well().await;
        line(&edge, json!({"state": "unreachable", "behindSince": events::now()}), 0).await;
        line(&edge, json!({"state": "unreachable", "behindSince": behind}), 0).await;
        is("the network", said("Telegram не отвечает", "does not answer")).await;
        line(&edge, json!({"state": "ok"}), 0).await;
        well().await;
        assert_eq!(window.run("return window.mark").await, 1, "without a reload");
    }
    window.0.close().await;
    edge.stop().await;
}
