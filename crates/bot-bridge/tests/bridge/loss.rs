//! An hour without a network between the bridge and Telegram. The hour is shortened to seconds, with an hour's
//! messages in them: the waits between tries stop growing after a minute, so that more time would add nothing
//! but these. That the outbox makes do with few tries is shown with a clock of its own, beside it.

use std::{collections::HashMap, net::SocketAddr};

use events::chats::ChatEvent;
use testkit::wait_for;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

use crate::scene::{BOT, Bridge, Scene};

/// One in a second, of six people.
const WRITTEN: usize = 600;
const PEOPLE: [i64; 6] = [61, 62, 63, 64, 65, 66];
/// To each.
const REPLIES: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn an_hours_backlog_comes_once_and_in_order_both_ways() {
    let scene = Scene::new().await;
    let mut wire = Wire::to(scene.sim.url().trim_start_matches("http://").parse().unwrap()).await;
    let mut config = scene.config();
    config.telegram.telegram_api_url = format!("http://{}", wire.address);
    let bridge = Bridge::start(config);
    scene.line(BOT, "ok").await;
    for user in PEOPLE {
        scene.phone(user).text("до обрыва").unwrap();
    }
    scene.wait_for_events("chat.message-received", PEOPLE.len()).await;
    let before = events::now();

    wire.cut().await;
    for (number, user) in (0..WRITTEN).flat_map(|number| PEOPLE.map(|user| (number, user))) {
        scene.phone(user).text(&number.to_string()).unwrap();
    }
    let status = scene.line(BOT, "unreachable").await;
    assert!(status["lastError"]["words"].as_str().unwrap().contains("connection"), "{status}");
    // How long it has been counts from the last good answer, and is measured against Telegram's 24 hours.
    let behind_since: jiff::Timestamp = status["behindSince"].as_str().unwrap().parse().unwrap();
    let last_heard: jiff::Timestamp = status["lastPollAt"].as_str().unwrap().parse().unwrap();
    assert!(behind_since <= last_heard.max(before), "{status}");
    for (number, user) in (0..REPLIES).flat_map(|number| PEOPLE.map(|user| (number, user))) {
        scene.reply(user, number, &format!("ответ {number}")).await;
    }
    assert_eq!(scene.line(BOT, "unreachable").await["behindSince"], status["behindSince"], "it only grows");
    assert_eq!(scene.sim.updates_pending(), WRITTEN * PEOPLE.len());

    wire.mend().await;
    wait_for("everything to be fetched", async || scene.sim.updates_pending() == 0).await;
    let mut said: HashMap<i64, Vec<String>> = HashMap::new();
    for event in scene.wait_for_events("chat.message-received", (WRITTEN + 1) * PEOPLE.len()).await {
        let ChatEvent::MessageReceived(message) = event else { continue };
        said.entry(message.user_id).or_default().push(message.message_text);
    }
    let written = || (0..WRITTEN).map(|number| number.to_string());
    let written: Vec<String> = std::iter::once("до обрыва".to_owned()).chain(written()).collect();
    let replies: Vec<String> = (0..REPLIES).map(|number| format!("ответ {number}")).collect();
    for user in PEOPLE {
        assert_eq!(said[&user], written, "from {user}");
        assert_eq!(scene.wait_for_told(user, REPLIES).await, replies, "to {user}");
    }
    let unknown = scene.events().await.iter().filter(|event| event.name() == "chat.reply-unknown").count();
    assert_eq!(unknown, 0, "what never left is no doubt");
    assert!(scene.line(BOT, "ok").await["behindSince"].is_null());
    scene.settled().await;
    bridge.stop().await;
}

/// The way from the bridge to Telegram.
struct Wire {
    address: SocketAddr,
    telegram: SocketAddr,
    carrying: JoinHandle<()>,
}

impl Wire {
    async fn to(telegram: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self { address, telegram, carrying: tokio::spawn(carry(listener, telegram)) }
    }

    /// Ends every connection, and lets none be made.
    async fn cut(&mut self) {
        self.carrying.abort();
        assert!((&mut self.carrying).await.unwrap_err().is_cancelled());
    }

    async fn mend(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.carrying = tokio::spawn(carry(listener, self.telegram));
    }
}

async fn carry(listener: TcpListener, telegram: SocketAddr) {
    let mut lines = JoinSet::new();
    loop {
        let (mut near, _) = listener.accept().await.unwrap();
        lines.spawn(async move {
            let mut far = TcpStream::connect(telegram).await?;
            copy_bidirectional(&mut near, &mut far).await
        });
    }
}
