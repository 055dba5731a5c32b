use std::net::SocketAddr;

use events::{Outgoing, Service, accounts::AccountCredited, derived_id, users::Role};
use http_edge::{Bound, Config};
use process::{Secret, Shutdown};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use store::{
    Relay,
    identity::{self, NewAccount, password},
    users::User,
};
use testkit::{System, wait_for};
use uuid::Uuid;

pub(crate) const PASSWORD: &str = "correct horse";
pub(crate) const BOT_TOKEN: &str = "bot-token-of-a-test";

/// An edge of a test's own, with real workers beside it.
pub(crate) struct TestEdge {
    pub(crate) system: System,
    pub(crate) public: String,
    pub(crate) backoffice: String,
    pub(crate) shutdown: Shutdown,
    pub(crate) serving: tokio::task::JoinHandle<anyhow::Result<()>>,
}

impl TestEdge {
    pub(crate) async fn start() -> Self {
        let edge = Self::without_workers().await;
        edge.work();
        edge
    }

    pub(crate) async fn without_workers() -> Self {
        Self::configured(|_| {}).await
    }

    /// Without workers, and configured as the test wants it.
    pub(crate) async fn configured(change: impl FnOnce(&mut Config)) -> Self {
        Self::within(System::start().await, change).await
    }

    /// Likewise, in a system that the test has chosen.
    pub(crate) async fn within(system: System, change: impl FnOnce(&mut Config)) -> Self {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let mut config = Config {
            connections: system.connections(),
            public_listen: any,
            backoffice_listen: any,
            metrics_listen: any,
            api_base_url: None,
            trusted_proxies: "127.0.0.1".parse().unwrap(),
            chat_message_token: Some(Secret::new(BOT_TOKEN)),
            telegram_api_url: None,
            upload_seconds: 120,
        };
        change(&mut config);
        let shutdown = Shutdown::new();
        let bound = Bound::new(config, shutdown.clone()).await.unwrap().unwrap();
        let public = format!("http://{}", bound.public);
        let backoffice = format!("http://{}", bound.backoffice);
        let serving = tokio::spawn(bound.serve());
        Self { system, public, backoffice, shutdown, serving }
    }

    pub(crate) fn work(&self) {
        tokio::spawn(order_worker::run(self.system.worker_config(), self.shutdown.clone()));
        tokio::spawn(chat_worker::run(self.system.worker_config(), self.shutdown.clone()));
        self.render();
    }

    /// The media worker alone.
    pub(crate) fn render(&self) {
        let worker = self.system.worker_config();
        let media = media_worker::Config { worker, media_concurrency: Some(1), media_memory: None };
        tokio::spawn(media_worker::run(media, self.shutdown.clone()));
    }

    /// A browser on the public site, signed out.
    pub(crate) fn browser(&self) -> Browser {
        Browser::at(&self.public)
    }

    /// A customer's browser, signed in, with this many kopecks.
    pub(crate) async fn customer(&self, kopecks: i64) -> Browser {
        let user = self.user(Role::Customer).await;
        self.credit(&user, kopecks).await;
        let browser = self.browser();
        browser.sign_in(&user).await;
        Browser { user: Some(user), ..browser }
    }

    /// A browser in the back office, signed in.
    pub(crate) async fn staff(&self, role: Role) -> Browser {
        let user = self.user(role).await;
        let browser = Browser::at(&self.backoffice);
        browser.sign_in(&user).await;
        Browser { user: Some(user), ..browser }
    }

    pub(crate) async fn user(&self, role: Role) -> User {
        let relay: Relay = self.system.relay(Service::Vestnik).await;
        let number = Uuid::now_v7().as_u128() % 10_000_000;
        let account = NewAccount {
            phone: format!("+7924{number:07}"),
            name: format!("Тест {}", role.name()),
            role,
            password_hash: password::hash(PASSWORD.into()).await.unwrap(),
            session: None,
        };
        identity::register(&relay, account, Some("test")).await.unwrap()
    }

    pub(crate) async fn token(&self, user: &User) -> String {
        let token = identity::new_secret();
        let hash = identity::secret_hash(&token);
        identity::create_token(&mut *self.system.conn().await, user.id, &hash, events::now()).await.unwrap();
        token
    }

    pub(crate) async fn credit(&self, user: &User, kopecks: i64) {
        if kopecks == 0 {
            return;
        }
        let wish =
            events::accounts::CreditRequested { user_id: user.id, amount: kopecks, reason: "test".into() };
        let id = derived_id(&["test-credit", &user.id.to_string()]);
        let cause = Outgoing::request_with_id(id, Service::Vestnik, "test", wish);
        let credited = AccountCredited {
            user_id: user.id,
            amount: kopecks,
            reason: "test".into(),
            available: kopecks,
            held: 0,
        };
        let fact = Outgoing::fact(Service::OrderWorker, &cause.meta, 0, Some(1), events::now(), &credited);
        let mut conn = self.system.conn().await;
        store::apply(&mut conn, &[fact.recorded().unwrap()]).await.unwrap();
        self.system.bus(Service::OrderWorker).await.publish(&fact).await.unwrap();
    }

    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        let stopped = tokio::time::timeout(std::time::Duration::from_secs(3), self.serving).await;
        stopped.expect("the edge stops within 3 s").unwrap().unwrap();
    }
}

/// Cookies, and an origin of its own.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) base: String,
    pub(crate) user: Option<User>,
}

impl Browser {
    pub(crate) fn at(base: &str) -> Self {
        let client =
            Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { client, base: base.to_owned(), user: None }
    }

    pub(crate) fn user(&self) -> &User {
        self.user.as_ref().unwrap()
    }

    pub(crate) async fn sign_in(&self, user: &User) {
        let answer = self.post("/api/auth/signin", json!({"phone": user.phone, "password": PASSWORD})).await;
        assert_eq!(answer.0, StatusCode::OK, "{}", answer.1);
    }

    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).header("origin", &self.base)
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.request(reqwest::Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        read(self.request(reqwest::Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn keyed(&self, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.request(reqwest::Method::POST, path).header("idempotency-key", key).json(body);
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let method = method.parse().unwrap();
        read(self.request(method, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn page(&self, path: &str) -> (StatusCode, String) {
        let answer =
            self.request(reqwest::Method::GET, path).header("accept", "text/html").send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// A form of a page: the status, where it leads and what it says.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String, String) {
        let request = self.request(reqwest::Method::POST, path).header("accept", "text/html");
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = request.send().await.unwrap();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        (answer.status(), to.unwrap_or_default(), answer.text().await.unwrap())
    }
}

pub(crate) async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A body that is accepted; fields may be changed.
pub(crate) fn order(change: impl FnOnce(&mut Value)) -> Value {
    let deadline = events::now() + jiff::SignedDuration::from_hours(72);
    let mut body = json!({
        "title": "Подписка на канал", "description": "Подписаться", "targetUrl": "https://example.org/",
        "totalAmount": 1500.50, "location": {"country": "RU", "region": "Приморский край"},
        "deadline": deadline.to_string(), "platforms": ["telegram", "vk"],
    });
    change(&mut body);
    body
}

pub(crate) async fn eventually(what: &str, condition: impl AsyncFnMut() -> bool) {
    wait_for(what, condition).await;
}
