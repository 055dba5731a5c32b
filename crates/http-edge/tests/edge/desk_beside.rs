//! What stands beside a conversation keeps up with what happens, and takes nothing out of the operator's hands.

use events::{
    Outgoing, Service,
    users::{Role, TelegramLinked},
};
use serde_json::json;

use crate::{
    browser::Window,
    desk::writes,
    harness::{TestEdge, order},
};

const CHAT: &str = "/dashboard/users/4242/operator-chat";
const PERSON: &str = "document.querySelector('.person').textContent.replaceAll('\\u00a0', ' ')";

#[tokio::test(flavor = "multi_thread")]
async fn account_orders_balance_and_ready_answers_are_renewed_under_the_operators_hands() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Operator).await);
    let customer = edge.customer(1_000_000).await;
    writes(&edge, 4242, "?").await;
    let window = Window::open().await;
    window.0.resize(1440, 500).await;
    window.sign_in(&edge.backoffice, &anna.user().phone, CHAT).await;
    window.run("window.mark = 1; messageText.focus()").await;
    window.keys("Пишу").await;
    window.run("document.querySelector('.person').scrollTop = 40").await;
    let says = async |what: &str, words: &str| {
        window.until(what, &format!("{PERSON}.includes('{words}')")).await;
    };

    let linked = TelegramLinked { user_id: customer.user().id, telegram_user_id: 4242 };
    let worker = edge.system.bus(Service::ChatWorker).await;
    worker.publish(&Outgoing::request(Service::ChatWorker, "test", linked)).await.unwrap();
    says("the account", "10 000,00").await;
    let (_, made) = customer.post("/api/orders", order(|_| {})).await;
    says("the order", "Подписка на канал").await;
    says("what is held for it", "1 500,50").await;
    customer.post(&format!("/api/orders/{}/cancel", made["order"]["id"].as_str().unwrap()), json!({})).await;
    says("that it is cancelled", "отменён").await;
    let canned = format!("/api/canned-replies/{}", uuid::Uuid::now_v7());
    boris.send("PUT", &canned, json!({"shortcut": "заказ", "cannedText": "Ваш заказ: {order}"})).await;
    window
        .until("the new ready answer", "document.querySelector('[data-canned] [data-shortcut=\"заказ\"]')")
        .await;
    window.keys(" /зак\u{e007}").await;
    window.until("it to be filled in", "messageText.value === 'Пишу Ваш заказ: Подписка на канал'").await;
    let kept = "return [document.activeElement.id, document.querySelector('.person').scrollTop, window.mark]";
    assert_eq!(window.run(kept).await, json!(["messageText", 40, 1]));
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_banned_and_heard_again_without_a_reload_and_colleagues_see_it() {
    let edge = TestEdge::start().await;
    let (anna, boris) = (edge.staff(Role::Operator).await, edge.staff(Role::Operator).await);
    writes(&edge, 4242, "?").await;
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &anna.user().phone, CHAT).await;
    window.run("window.mark = 1; document.querySelector('[data-fresh=ban] summary').focus()").await;
    window.keys("\u{e007}\u{e004}спам\u{e007}").await;
    window.until("the composer to shut", "messageText.disabled").await;
    window.until("the reason", &format!("{PERSON}.includes('спам')")).await;
    window.until("the way back to have the focus", "document.activeElement.closest('[data-unban]')").await;
    window.keys("\u{e007}").await;
    window.until("the composer to open", "!messageText.disabled").await;
    window
        .until("the focus where it began", "document.activeElement.matches('[data-fresh=ban] summary')")
        .await;
    // What is being typed stays until it is left, whatever a colleague does meanwhile.
    window.keys("\u{e007}\u{e004}гру").await;
    boris.post("/api/users/4242/operator-chat/ban", json!({"reason": "реклама"})).await;
    window.until("the composer to shut again", "messageText.disabled").await;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    assert_eq!(window.run("return document.activeElement.value").await, json!("гру"));
    window.run("document.activeElement.blur()").await;
    window.until("the colleague's reason", &format!("{PERSON}.includes('реклама')")).await;
    boris.post("/api/users/4242/operator-chat/unban", json!({})).await;
    window
        .until("both to be as before", "!messageText.disabled && document.querySelector('[data-ban]')")
        .await;
    assert_eq!(window.run("return window.mark").await, 1, "without a reload");
    window.0.close().await;
    edge.stop().await;
}
