//! Two operators and one phone at once.

use crate::{page::Page, running::Site};

const DESK: &str = "[...document.querySelectorAll('.message [data-part=text]')].map(it => it.textContent)";
const PHONE: &str = "[...document.querySelectorAll('#chat .bubble .words')].map(it => it.textContent)";

/// A desk with somebody at it.
async fn desk(site: &Site, role: &str) -> Page {
    let page = Page::open(&format!("{}/auth/signin", site.url("BACKOFFICE_LISTEN")), 1_280).await;
    let (phone, password) = site.account(role);
    page.fill("#phone", &phone).await;
    page.fill("#password", &password).await;
    page.click("form[action='/auth/signin'] button.primary").await;
    page.holds("the sign-in", "return location.pathname !== '/auth/signin';").await;
    page.go(&format!("{}/dashboard/operator-chats", site.url("BACKOFFICE_LISTEN"))).await;
    page
}

async fn says(phone: &Page, text: &str) {
    phone.fill("#text", text).await;
    phone.click("#composer button.send").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_and_a_phone_see_the_same_once_and_in_order() {
    let site = Site::new();
    let up = site.up().await;
    let (anna, boris) = tokio::join!(desk(&site, "OPERATOR"), desk(&site, "ADMIN"));
    let phone = Page::open(&site.url("TELEGRAM_SIM_LISTEN"), 1_280).await;
    phone.click("#instead-button").await;
    says(&phone, "Где мой заказ?").await;
    for operator in [&anna, &boris] {
        operator.shows(".chat-row", "Где мой заказ").await;
        operator.click(".chat-row a").await;
        operator.shows("[data-messages] li", "Где мой заказ").await;
        operator.holds("the script", "return !document.querySelector('[data-emoji-open]').hidden;").await;
        operator.mark().await;
    }

    // Both write at once, and both see it.
    anna.fill("#messageText", "Уже смотр").await;
    boris.shows("[data-typing]", "пишет ответ").await;
    boris.fill("#messageText", "Одну минуту").await;
    anna.shows("[data-typing]", "пишет ответ").await;
    anna.fill("#messageText", "им\u{e007}").await;
    boris.shows("[data-messages] li", "Уже смотрим").await;
    phone.shows("#chat", "Уже смотрим").await;
    // A reply that was begun before a colleague's asks first, and is sent when it is still wanted.
    boris.fill("#messageText", "\u{e007}").await;
    boris.shows("[data-composer-problem]", "коллега уже ответил").await;
    let kept = boris.script("return document.querySelector('#messageText').value").await;
    assert_eq!(kept, "Одну минуту", "nothing is lost");
    assert_eq!(phone.count("#chat .bubble", "Одну минуту").await, 0, "nothing is sent");
    boris.fill("#messageText", "\u{e007}").await;
    anna.shows("[data-messages] li", "Одну минуту").await;
    phone.shows("#chat", "Одну минуту").await;

    // All three at once: what each says stands in the order in which it was said, with everybody the same.
    for round in ["раз", "два", "три"] {
        let hers = format!("Анна {round}\u{e007}");
        tokio::join!(says(&phone, round), anna.fill("#messageText", &hers));
    }
    phone.shows("#chat", "Анна три").await;
    for operator in [&anna, &boris] {
        operator.shows("[data-messages] li", "Анна три").await;
        operator.shows("[data-messages] li", "три").await;
    }
    let all = "const texts = TEXTS; return new Set(texts).size === texts.length
        && ['раз', 'два', 'три', 'Анна раз', 'Анна два', 'Анна три'].every((it) => texts.includes(it))";
    for page in [&anna, &boris] {
        page.holds("each message once", &all.replace("TEXTS", DESK)).await;
    }
    let (hers, his) =
        (anna.script(&format!("return {DESK}")).await, boris.script(&format!("return {DESK}")).await);
    assert_eq!(hers, his, "the same order on both desks");
    let theirs = phone.script(&format!("return {PHONE}")).await;
    let order = |list: &serde_json::Value, is: fn(&str) -> bool| -> Vec<String> {
        let texts = list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
        texts.filter(|text| is(text)).collect()
    };
    let ours = |text: &str| text.starts_with("Анна") || ["Уже смотрим", "Одну минуту"].contains(&text);
    let asked = |text: &str| ["Где мой заказ?", "раз", "два", "три"].contains(&text);
    assert_eq!(order(&hers, ours), ["Уже смотрим", "Одну минуту", "Анна раз", "Анна два", "Анна три"]);
    assert_eq!(order(&theirs, ours), order(&hers, ours), "each reply once and in order on the phone");
    assert_eq!(order(&theirs, asked), order(&hers, asked));
    for operator in [&anna, &boris] {
        operator.was_never_reloaded().await;
    }
    let verified = site.run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    anna.close().await;
    boris.close().await;
    phone.close().await;
    up.stop().await;
}
