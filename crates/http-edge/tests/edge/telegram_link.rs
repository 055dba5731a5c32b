//! Linking an account with Telegram from its page.

use events::{
    Outgoing, Service,
    chats::{Direction, MessageReceived, MessageType, Sender},
    derived_id,
    desk::BotConnected,
    users::Role,
};
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};

use crate::{
    browser::Window,
    harness::{Browser, PASSWORD, TestEdge, eventually},
};

const PAGE: &str = "/dashboard/account";
const ANNA: i64 = 42;

pub(crate) async fn connect_bot(edge: &TestEdge) {
    let bot =
        BotConnected {
            bot_id: 7, bot_username: "vestnik_support_bot".into(), bot_name: "Вестник".into()
        };
    let bridge = edge.system.bus(Service::BotBridge).await;
    bridge.publish(&Outgoing::request(Service::BotBridge, "bridge", bot)).await.unwrap();
    eventually("the bot to be known", async || {
        !store::desk::all(&mut *edge.system.conn().await).await.unwrap().is_empty()
    })
    .await;
}

/// As the bridge passes on what somebody sends: without the word itself.
async fn start(edge: &TestEdge, user_id: i64, number: i64, command: &str) {
    let word = command.strip_prefix("/start link_").unwrap();
    let text = format!("/start link_{:x}", Sha256::digest(word));
    let message = MessageReceived {
        user_id,
        message_id: derived_id(&["in", &user_id.to_string(), &number.to_string()]),
        bot_type: "operator".into(),
        direction: Direction::In,
        telegram_message_id: Some(number),
        message_type: MessageType::Text,
        message_text: text,
        from: Sender {
            first_name: Some("Анна".into()), username: Some("anna".into()), ..Sender::default()
        },
        attachment: None,
        reply_to_telegram_id: None,
        sent_at: events::now(),
        verified: true,
        bot_id: Some(7),
        entities: Vec::new(),
        details: None,
        album: None,
        raw: None,
    };
    let bridge = edge.system.bus(Service::BotBridge).await;
    bridge.publish(&Outgoing::request(Service::BotBridge, "telegram", message)).await.unwrap();
}

fn command(page: &str) -> String {
    let at = page.find("/start link_").expect("a command");
    page[at..].split('<').next().unwrap().to_owned()
}

async fn shows(browser: &Browser, text: &str) {
    eventually(&format!("the page to say {text}"), async || browser.page(PAGE).await.1.contains(text)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_of_the_page_links_once_and_unlinking_is_for_its_owner() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    let offer = async || customer.form("/dashboard/account/telegram", &[]).await;
    assert!(offer().await.2.contains("Бот ещё не подключён"), "nowhere to go");
    connect_bot(&edge).await;
    let (status, _, first) = offer().await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(command(&first).len(), "/start link_".len() + 32, "128 bits in hexadecimal");
    assert!(first.contains("https://t.me/vestnik_support_bot?start=link_") && first.contains("<svg"));
    let (_, _, second) = offer().await;
    assert_ne!(command(&first), command(&second));
    start(&edge, ANNA, 1, &command(&first)).await;
    start(&edge, ANNA, 2, &command(&second)).await;
    shows(&customer, "@anna").await;
    start(&edge, 43, 3, &command(&second)).await;
    let said = async |user: i64, words: &str| {
        let log = edge.system.log().await;
        log.iter().any(|message| {
            message.subject == format!("chats.{user}.notice-requested")
                && String::from_utf8_lossy(&message.body).contains(words)
        })
    };
    eventually("the second user to be refused", async || said(43, "Ссылка уже использована").await).await;
    assert!(said(ANNA, "Ссылка уже использована").await, "the first word was forgotten for the second");
    assert!(!customer.page(PAGE).await.1.contains("telegram/43/unlink"), "the word was used up");
    let log = edge.system.log().await;
    let word = command(&second).trim_start_matches("/start link_").to_owned();
    assert!(!log.iter().any(|message| String::from_utf8_lossy(&message.body).contains(&word)));

    let path = format!("/dashboard/account/telegram/{ANNA}/unlink");
    let other = edge.customer(0).await;
    assert_eq!(other.form(&path, &[]).await.0, StatusCode::SEE_OTHER);
    assert!(customer.page(PAGE).await.1.contains("@anna"), "not another's to end");
    let (status, to, _) = customer.form(&path, &[]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/dashboard/account?notice=telegram-unlinked"));
    assert!(!customer.page(PAGE).await.1.contains("@anna"), "at once");
    assert_eq!(customer.form(&path, &[]).await.0, StatusCode::SEE_OTHER, "twice is once");
    let staff = edge.staff(Role::Operator).await;
    assert!(!staff.page(PAGE).await.1.contains("telegram-title"), "not in the back office");
    assert_eq!(staff.form("/dashboard/account/telegram", &[]).await.0, StatusCode::NOT_FOUND);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_telegram_is_told_by_a_command() {
    let url = "http://127.0.0.1:3002".parse().unwrap();
    let edge = TestEdge::configured(|config| config.telegram_api_url = Some(url)).await;
    edge.work();
    connect_bot(&edge).await;
    let customer = edge.customer(0).await;
    let (_, _, page) = customer.form("/dashboard/account/telegram", &[]).await;
    assert!(!page.contains("t.me") && page.contains("@vestnik_support_bot"));
    assert!(command(&page).starts_with("/start link_"));
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_browser_the_code_is_shown_read_and_the_link_is_there_afterwards() {
    let edge = TestEdge::start().await;
    connect_bot(&edge).await;
    let customer = edge.user(Role::Customer).await;
    let window = Window::open().await;
    window.sign_in(&edge.public, &customer.phone, PAGE).await;
    for (width, height) in [(1280, 900), (360, 740)] {
        window.0.resize(width, height).await;
        window.run("document.querySelector('form[action$=\"/telegram\"] button').click()").await;
        window.until("the command to be shown", "document.querySelector('[data-link-command]')").await;
        assert_eq!(window.0.accessibility_findings().await, Vec::<String>::new(), "{width}");
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        assert_eq!(window.run(wider).await, 0, "{width}");
        let side = window.run("return document.querySelector('.link-code svg').clientWidth").await;
        assert!(side.as_u64().is_some_and(|side| side >= 150), "{width}: {side} pixels");
        window.go(&format!("{}{PAGE}", edge.public)).await;
    }
    window.run("document.querySelector('form[action$=\"/telegram\"] button').click()").await;
    window.until("the command to be shown", "document.querySelector('[data-link-command]')").await;
    let said = window.run("return document.querySelector('[data-link-command]').textContent").await;
    start(&edge, ANNA, 1, said.as_str().unwrap()).await;
    let customer = Browser { user: Some(customer.clone()), ..edge.browser() };
    let body = serde_json::json!({"phone": customer.user().phone, "password": PASSWORD});
    customer.post("/api/auth/signin", body).await;
    shows(&customer, "@anna").await;
    window.go(&format!("{}{PAGE}", edge.public)).await;
    window.run(&format!("document.querySelector('form[action$=\"/{ANNA}/unlink\"] button').click()")).await;
    let said = "document.querySelector('[data-notice]')?.textContent.includes('Telegram отвязан')";
    window.until("it to say so", said).await;
    window.0.close().await;
    edge.stop().await;
}
