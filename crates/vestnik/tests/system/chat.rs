//! A Telegram user on the simulated phone and an operator in the back office.

use crate::{page::Page, running::Site};

async fn sign_in(page: &Page, site: &Site) {
    let (phone, password) = site.account("OPERATOR");
    page.fill("#phone", &phone).await;
    page.fill("#password", &password).await;
    page.click("form[action='/auth/signin'] button.primary").await;
    page.comes_to("/dashboard/operator-chats").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_telegram_user_and_an_operator_talk_without_a_reload() {
    let site = Site::new();
    let up = site.up().await;
    let desk =
        Page::open(&format!("{}/dashboard/operator-chats", site.url("BACKOFFICE_LISTEN")), 1_440).await;
    desk.comes_to("/auth/signin").await;
    sign_in(&desk, &site).await;
    desk.mark().await;

    let phone = Page::open(&site.url("TELEGRAM_SIM_LISTEN"), 1_280).await;
    // As in Telegram, a chat with a bot begins with its button.
    phone.click("#instead-button").await;
    phone.fill("#text", "Здравствуйте! Где мой заказ? 🙂").await;
    phone.click("#composer button.send").await;
    desk.shows("[data-chats] li, .chat-row", "Где мой заказ").await;
    desk.was_never_reloaded().await;

    desk.click("[data-chats] li a, .chat-row a").await;
    desk.shows("[data-messages] li", "Где мой заказ").await;
    desk.mark().await;
    desk.fill("#messageText", "Уже смотрим, одну минуту.\u{e007}").await;
    desk.shows("[data-messages] li", "Уже смотрим").await;
    phone.shows("#chat", "Уже смотрим, одну минуту.").await;
    desk.shows("[data-messages] li", "отправлено").await;
    assert_eq!(
        desk.count("[data-messages] li", "Уже смотрим").await,
        1,
        "the early bubble became the real one"
    );

    phone.fill("#text", "Спасибо!").await;
    phone.click("#composer button.send").await;
    desk.shows("[data-messages] li", "Спасибо!").await;
    desk.was_never_reloaded().await;

    // Closed by the operator, opened again by the next message.
    desk.click("[data-status-form] button").await;
    desk.shows("[data-chat-state]", "закрыт").await;
    phone.fill("#text", "Ещё вопрос").await;
    phone.click("#composer button.send").await;
    desk.shows("[data-chat-state]", "открыт").await;

    let verified = site.run(&["audit", "verify"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    desk.close().await;
    phone.close().await;
    up.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_does_not_get_into_the_back_office() {
    let site = Site::new();
    let up = site.up().await;
    let page = Page::open(&format!("{}/auth/signin", site.url("BACKOFFICE_LISTEN")), 1_280).await;
    let (phone, password) = site.account("CUSTOMER");
    page.fill("#phone", &phone).await;
    page.fill("#password", &password).await;
    page.click("form[action='/auth/signin'] button.primary").await;
    page.holds("the sign-in to be refused", "return document.querySelector('[role=alert]') !== null;").await;
    page.go(&format!("{}/dashboard/operator-chats", site.url("BACKOFFICE_LISTEN"))).await;
    page.comes_to("/auth/signin").await;
    page.close().await;
    up.stop().await;
}
