//! The pages in a real browser, with their scripts, on the real edge.

use events::{Outgoing, Service, chats::ReplySent, users::Role};
use serde_json::{Value, json};
use testkit::Browser;

use crate::{
    harness::{BOT_TOKEN, PASSWORD, TestEdge, eventually},
    letters::{Moody, given_up},
    live::Live,
};

/// A window that is driven by what its page says.
pub(crate) struct Window(pub(crate) Browser);

impl Window {
    pub(crate) async fn open() -> Self {
        Self(Browser::open(1440, 900, "ru").await)
    }

    pub(crate) async fn go(&self, url: &str) {
        self.0.client().goto(url).await.unwrap();
    }

    pub(crate) async fn run(&self, script: &str) -> Value {
        self.0.client().execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until the expression is true.
    pub(crate) async fn until(&self, what: &str, expression: &str) {
        let script = format!("return Boolean({expression})");
        eventually(what, async || {
            self.0.client().execute(&script, Vec::new()).await.is_ok_and(|it| it == true)
        })
        .await;
    }

    pub(crate) async fn sign_in(&self, base: &str, phone: &str, next: &str) {
        self.go(&format!("{base}/auth/signin?next={next}")).await;
        self.run(&format!(
            "phone.value = '{phone}'; password.value = '{PASSWORD}'; document.querySelector('form[action=\"/auth/signin\"] .primary').click()"
        ))
        .await;
        self.until("the page behind the sign-in", &format!("location.pathname === '{next}'")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_orders_in_the_browser_and_sees_it_change_without_a_reload() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(1_000_000).await;
    let window = Window::open().await;
    window.sign_in(&edge.public, &customer.user().phone, "/dashboard/customer/create-order").await;
    window
        .run(
            "const set = (name, value) => { const field = document.querySelector('[data-order-form]').elements[name];
             field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); };
             set('title', 'Из браузера'); set('description', 'Подписаться');
             set('targetUrl', 'https://example.org/'); set('totalAmount', '1 500,50');
             const day = new Date(Date.now() + 3 * 86400e3).toISOString().slice(0, 16); set('deadline', day);
             document.querySelector('[name=platforms][value=vk]').click();",
        )
        .await;
    window
        .until(
            "the draft to be saved",
            "document.querySelector('[data-draft-state]').textContent.includes('сохранён')",
        )
        .await;
    assert_eq!(customer.get("/api/orders/draft").await.1["draft"]["title"], "Из браузера");
    window.run("document.querySelector('[data-submit]').click()").await;
    window.until("the list after the order", "location.pathname === '/dashboard/customer'").await;
    window.until("the notice", "document.body.textContent.includes('Заказ успешно создан!')").await;
    window.until("the row", "document.querySelector('.order-row[data-status=open]')").await;
    window.run("window.before = true").await;

    let (_, orders) = customer.get("/api/orders").await;
    let id = orders["orders"][0]["id"].as_str().unwrap();
    customer.post(&format!("/api/orders/{id}/cancel"), json!({})).await;
    window
        .until("the row to say cancelled", "document.querySelector('.order-row[data-status=cancelled]')")
        .await;
    window
        .until(
            "the balance to be free",
            "document.querySelector('[data-balance=held]').textContent.startsWith('0,00')",
        )
        .await;
    assert_eq!(window.run("return window.before === true").await, json!(true), "without a reload");
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_reads_and_answers_in_the_browser_without_a_reload() {
    let edge = TestEdge::start().await;
    let operator = edge.staff(Role::Operator).await;
    let writes = async |user: i64, text: &str| {
        let body = json!({"userId": user, "messageText": text, "botType": "operator", "direction": "in",
            "firstName": "Иван"});
        let request =
            reqwest::Client::new().post(format!("{}/api/chat-message", edge.public)).bearer_auth(BOT_TOKEN);
        assert!(request.json(&body).send().await.unwrap().status().is_success());
    };
    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &operator.user().phone, "/dashboard/operator-chats").await;
    window.run("window.before = true").await;
    writes(4242, "Здравствуйте").await;
    window.until("the chat in the list", "document.querySelector('.chat-row[data-user=\"4242\"]')").await;
    assert_eq!(window.run("return window.before === true").await, json!(true), "without a reload");
    window.go(&format!("{}/dashboard/users/4242/operator-chat", edge.backoffice)).await;
    window
        .until("the message", "document.querySelector('.message.in')?.textContent.includes('Здравствуйте')")
        .await;
    writes(4242, "Вы здесь?").await;
    window.until("the second message", "document.querySelectorAll('.message.in').length === 2").await;

    window
        .run("messageText.value = 'Уже смотрим'; document.querySelector('[data-composer]').requestSubmit()")
        .await;
    window.until("the reply", "document.querySelectorAll('.message.out').length === 1").await;
    let wish = testkit::wait_for_value("the reply in the log", async || {
        let log = edge.system.log().await;
        log.into_iter().find(|event| event.subject.ends_with("reply-requested"))
    })
    .await;
    let cause = wish.meta.clone().unwrap();
    let body: Value = serde_json::from_slice(&wish.body).unwrap();
    let sent = ReplySent {
        user_id: 4242,
        message_id: body["messageId"].as_str().unwrap().parse().unwrap(),
        telegram_message_id: 18,
        sent_at: events::now(),
        attempt: 1,
        part: 0,
        telegram_message_ids: Vec::new(),
        plain: false,
    };
    let fact = Outgoing::fact(Service::BotBridge, &cause, 0, None, events::now(), &sent);
    edge.system.bus(Service::BotBridge).await.publish(&fact).await.unwrap();
    window.until("it to be sent", "document.querySelector('.message.out').dataset.state === 'sent'").await;
    assert_eq!(
        window.run("return document.querySelectorAll('.message.out').length").await,
        json!(1),
        "one bubble"
    );
    window.0.close().await;
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_finds_credits_and_shuts_somebody_and_tries_a_dead_letter_again() {
    let edge = TestEdge::start().await;
    let admin = edge.staff(Role::Admin).await;
    let customer = edge.customer(100).await;
    let moody = Moody::start(&edge).await;
    let (event, letter) = given_up(&edge, &admin).await;
    let shopper = Window::open().await;
    shopper.sign_in(&edge.public, &customer.user().phone, "/dashboard/customer").await;

    let window = Window::open().await;
    window.sign_in(&edge.backoffice, &admin.user().phone, "/dashboard/users").await;
    let national = format!("8 {}", &customer.user().phone[2..]);
    window
        .run(&format!("search.value = '{national}'; document.querySelector('.finder').requestSubmit()"))
        .await;
    let row = format!("document.querySelector('a.line[href=\"/dashboard/users/{}\"]')", customer.user().id);
    window
        .until(
            "the customer in the list",
            &format!("{row} && document.querySelectorAll('a.line').length === 1"),
        )
        .await;
    window.run(&format!("{row}.click()")).await;
    window.until("the customer's page", "document.querySelector('form[action$=\"/credit\"]')").await;
    window
        .run("amount.value = '150,50'; reason.value = 'за старания'; document.querySelector('form[action$=\"/credit\"]').requestSubmit()")
        .await;
    window.until("the credit", "document.body.textContent.includes('Баланс пополнен.')").await;
    shopper
        .until(
            "the balance to say so without a reload",
            "document.querySelector('[data-balance=available]').textContent.startsWith('151,50')",
        )
        .await;
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    window
        .run(
            "const form = document.querySelector('form[action$=\"/disable\"]'); form.closest('details').open = true;
             disableReason.value = 'продан'; form.requestSubmit()",
        )
        .await;
    window.until("the account to be shut", "document.body.textContent.includes('Аккаунт отключён')").await;
    while live.next().await.is_some() {}
    assert_eq!(customer.get("/api/auth/session").await.0, reqwest::StatusCode::UNAUTHORIZED);
    shopper.go(&format!("{}/dashboard/customer", edge.public)).await;
    shopper.until("the sign-in", "location.pathname === '/auth/signin'").await;

    moody.accept();
    window.go(&format!("{}/dashboard/dead-letters", edge.backoffice)).await;
    window.run(&format!("document.querySelector('a.line[href$=\"{letter}\"]').click()")).await;
    window.until("the letter", "document.querySelector('form[action$=\"/redrive\"]')").await;
    window.run("document.querySelector('form[action$=\"/redrive\"]').requestSubmit()").await;
    window
        .until("the answer", "document.body.textContent.includes('отправлено на повторную обработку')")
        .await;
    eventually("it to be handled", async || moody.has_handled(event)).await;
    // Nothing is wider than a small phone.
    window.0.client().set_window_size(360, 740).await.unwrap();
    for path in ["/dashboard/users", "/dashboard/orders", "/dashboard/dead-letters", "/dashboard/account"] {
        window.go(&format!("{}{path}", edge.backoffice)).await;
        let wide = window.run("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(wide.as_i64().unwrap() <= 0, "{path} is {wide} px too wide");
    }
    shopper.0.close().await;
    window.0.close().await;
    edge.stop().await;
}
