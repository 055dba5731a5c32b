use events::{
    Bus, Event, LogEvent, Outgoing, Service,
    chats::{ChatEvent, MessageType, ReplyFile, ReplyRequested, RetryRequested},
    derived_id, subjects,
};
use process::{Secret, Shutdown};
use telegram_sim::{Phone, Sim};
use testkit::{System, wait_for, wait_for_value};
use tokio::task::JoinHandle;
use uuid::Uuid;

pub(crate) const ANNA: i64 = 42;
pub(crate) const BORIS: i64 = 43;

/// Of the scene's bot, and of its webhook.
pub(crate) const BOT: i64 = 123_456;
pub(crate) const SECRET: &str = "s3cret-of_the_webhook";

/// A broker, a database, a simulated Telegram, and as many bridges as a test starts.
pub(crate) struct Scene {
    pub(crate) system: System,
    pub(crate) sim: Sim,
    edge: Bus,
}

/// A bridge that runs.
pub(crate) struct Bridge {
    shutdown: Shutdown,
    running: JoinHandle<anyhow::Result<()>>,
}

impl Scene {
    /// Everything but a bridge; Anna and Boris have written to the bot before.
    pub(crate) async fn new() -> Self {
        Self::in_system(System::start().await).await
    }

    pub(crate) async fn in_system(system: System) -> Self {
        let sim = telegram_sim::start(telegram_sim::Config::for_tests()).await.unwrap();
        let edge = system.bus(Service::HttpEdge).await;
        Self { system, sim, edge }
    }

    /// With a bridge, which has seen the first messages of both.
    pub(crate) async fn with_bridge() -> (Self, Bridge) {
        let scene = Self::new().await;
        let bridge = scene.bridge();
        scene.greet().await;
        (scene, bridge)
    }

    pub(crate) async fn greet(&self) {
        for user in [ANNA, BORIS] {
            self.phone(user).text("/start").unwrap();
        }
        self.wait_for_events("chat.message-received", 2).await;
    }

    pub(crate) fn phone(&self, user: i64) -> Phone {
        self.sim.phone(user)
    }

    /// As fast as possible, and impatient.
    pub(crate) fn config(&self) -> bot_bridge::Config {
        bot_bridge::Config {
            worker: self.system.worker_config(),
            telegram: bot_bridge::TelegramConfig {
                operator_bot_token: Some(Secret::new("123456:secret")),
                telegram_api_url: self.sim.url(),
                telegram_poll_timeout: 30,
                telegram_timeout: 1.0,
                telegram_webhook_url: None,
                telegram_webhook_listen: testkit::free_address(),
                telegram_webhook_secret: Some(Secret::new(SECRET)),
                chat_rate: 1_000.0,
                chat_burst: 3,
                bot_rate: 10_000.0,
            },
        }
    }

    /// As [`Self::config`], with updates by webhook.
    pub(crate) fn webhook_config(&self) -> bot_bridge::Config {
        let mut config = self.config();
        let listen = config.telegram.telegram_webhook_listen;
        config.telegram.telegram_webhook_url = Some(format!("http://{listen}/telegram"));
        config
    }

    pub(crate) fn bridge(&self) -> Bridge {
        Bridge::start(self.config())
    }

    /// An operator writes; `number` makes the message's id.
    pub(crate) async fn reply(&self, user_id: i64, number: usize, words: &str) -> Uuid {
        let wish = self.wish(user_id, number, words);
        let id = wish.message_id;
        self.publish(wish).await;
        id
    }

    #[expect(clippy::unused_self, reason = "a scene is what makes wishes")]
    pub(crate) fn wish(&self, user_id: i64, number: usize, words: &str) -> ReplyRequested {
        let message_id = derived_id(&["reply", &user_id.to_string(), &number.to_string()]);
        ReplyRequested { user_id, message_id, ..saying(words) }
    }

    pub(crate) async fn publish(&self, wish: impl Event) {
        self.edge.publish(&Outgoing::request(Service::HttpEdge, "operator", wish)).await.unwrap();
    }

    pub(crate) async fn retry(&self, user_id: i64, message_id: Uuid) {
        let wish = RetryRequested { user_id, message_id, operator_id: derived_id(&["operator"]) };
        self.edge.publish(&Outgoing::request(Service::HttpEdge, "operator", wish)).await.unwrap();
    }

    /// Keeps a file where the edge keeps those of operators.
    pub(crate) async fn file(&self, kind: MessageType, name: &str, bytes: &[u8]) -> ReplyFile {
        let files = self.edge.objects(subjects::FILES_BUCKET).await.unwrap();
        let file_id = derived_id(&["file", name]);
        let file = files.put(&file_id.to_string(), "application/octet-stream", bytes).await.unwrap();
        ReplyFile { file_id, file, kind, file_name: Some(name.into()), width: None, height: None }
    }

    pub(crate) async fn events(&self) -> Vec<ChatEvent> {
        let log = self.system.log().await;
        let events = log.iter().map(|message| message.decode().unwrap().event);
        events
            .filter_map(|event| if let LogEvent::Chat(event) = event { Some(event) } else { None })
            .collect()
    }

    /// Folds what people have written and who is banned, as the chat worker does.
    pub(crate) async fn fold(&self) {
        let log = self.system.log().await;
        let log = log.iter().map(|message| message.decode().unwrap());
        let names = ["chat.message-received", "chat.banned"];
        let log: Vec<_> = log
            .filter(|one| matches!(&one.event, LogEvent::Chat(event) if names.contains(&event.name())))
            .collect();
        store::apply(&mut *self.system.conn().await, &log).await.unwrap();
    }

    /// Waits until the log has so many events of this name, and returns them.
    pub(crate) async fn wait_for_events(&self, name: &str, count: usize) -> Vec<ChatEvent> {
        wait_for_value(&format!("{count} × {name}"), async || {
            let mut events = self.events().await;
            events.retain(|event| event.name() == name);
            (events.len() >= count).then_some(events)
        })
        .await
    }

    /// What became of replies, in the order of the log: `sent 1`, `failed 1 bot_blocked`.
    pub(crate) async fn outcomes(&self, count: usize) -> Vec<String> {
        wait_for_value(&format!("{count} outcomes"), async || {
            let outcomes: Vec<String> = self.events().await.iter().filter_map(outcome).collect();
            (outcomes.len() >= count).then_some(outcomes)
        })
        .await
    }

    /// Waits until the bot's line is said to be so, and returns all that is said.
    pub(crate) async fn line(&self, bot_id: i64, state: &str) -> serde_json::Value {
        wait_for_value(&format!("the line of {bot_id} to be {state}"), async || {
            let mut conn = self.system.conn().await;
            let (status, _) = store::desk::bot(&mut conn, bot_id).await.unwrap()?.status?;
            (status["state"] == state).then_some(status)
        })
        .await
    }

    pub(crate) fn told(&self, user: i64) -> Vec<String> {
        self.phone(user).from_bot().iter().map(|message| message.words().to_owned()).collect()
    }

    /// Waits until this person has so many messages from the bot, and returns them.
    pub(crate) async fn wait_for_told(&self, user: i64, count: usize) -> Vec<String> {
        wait_for_value(&format!("{count} messages to {user}"), async || {
            let told = self.told(user);
            (told.len() >= count).then_some(told)
        })
        .await
    }

    pub(crate) async fn calls_begun(&self, method: &str, count: u64) {
        wait_for(&format!("{count} calls of {method}"), async || self.sim.calls(method).total >= count).await;
    }

    /// Nothing is pending, and nothing was given up.
    pub(crate) async fn settled(&self) {
        self.system.settle(&[subjects::BOT_BRIDGE, subjects::BOT_BRIDGE_FILES]).await;
        self.system.no_dead_letters().await;
    }
}

/// A reply to Anna, under an id made of its words.
pub(crate) fn saying(words: &str) -> ReplyRequested {
    ReplyRequested {
        user_id: ANNA,
        message_id: derived_id(&["reply", words]),
        bot_type: "operator".into(),
        message_text: words.into(),
        reply_to_telegram_id: None,
        operator_id: derived_id(&["operator"]),
        bot_id: None,
        entities: Vec::new(),
        files: Vec::new(),
        parts: Vec::new(),
        client_message_id: None,
    }
}

fn outcome(event: &ChatEvent) -> Option<String> {
    match event {
        ChatEvent::ReplySent(event) => Some(format!("sent {}", event.attempt)),
        ChatEvent::ReplyFailed(event) => Some(format!("failed {} {}", event.attempt, event.code)),
        ChatEvent::ReplyUnknown(event) => Some(format!("unknown {} {}", event.attempt, event.code)),
        _ => None,
    }
}

impl Bridge {
    pub(crate) fn start(config: bot_bridge::Config) -> Self {
        let shutdown = Shutdown::new();
        Self { running: tokio::spawn(bot_bridge::run(config, shutdown.clone())), shutdown }
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap().unwrap();
    }

    /// As if the process had died: nothing more is done, nothing is given back.
    pub(crate) async fn crash(self) {
        self.running.abort();
        assert!(self.running.await.unwrap_err().is_cancelled());
    }
}
