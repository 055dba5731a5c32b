use std::time::Duration;

use diesel_async::RunQueryDsl as _;
use events::{images::Stage, users::Role};
use futures::StreamExt as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    harness::{Browser, TestEdge, order},
    images::{picture, upload},
};

/// A live stream as a browser reads it.
pub(crate) struct Live {
    stream: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    /// Bytes: a chunk may end within a character.
    buffer: Vec<u8>,
}

#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) id: Option<u64>,
    pub(crate) name: String,
    pub(crate) data: Value,
}

impl Live {
    pub(crate) async fn open(browser: &Browser, path: &str, last: Option<u64>) -> Self {
        let mut request = browser.request(Method::GET, path);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        Self::of(request.send().await.unwrap())
    }

    pub(crate) fn of(answer: reqwest::Response) -> Self {
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/event-stream"));
        Self { stream: answer.bytes_stream().boxed(), buffer: Vec::new() }
    }

    /// The next frame; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
                let text: Vec<u8> = self.buffer.drain(..end + 2).collect();
                let text = String::from_utf8(text).unwrap();
                let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                if let Some(name) = field("event:") {
                    return Some(Frame {
                        id: field("id:").and_then(|id| id.parse().ok()),
                        name: name.to_owned(),
                        data: serde_json::from_str(field("data:").unwrap_or("null")).unwrap(),
                    });
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.stream.next());
            let chunk = chunk.await.expect("a frame within 20 s")?.ok()?;
            self.buffer.extend_from_slice(&chunk);
        }
    }

    pub(crate) async fn until(&mut self, name: &str) -> Frame {
        loop {
            let frame = self.next().await.expect("the stream goes on");
            if frame.name == name {
                return frame;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_of_its_own_orders_and_resumes_where_it_stopped() {
    let edge = TestEdge::start().await;
    let (customer, other) = (edge.customer(10_000_000).await, edge.customer(10_000_000).await);
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    other.keyed("/api/orders", "not mine", &order(|_| {})).await;
    let (_, first) = customer.keyed("/api/orders", "1", &order(|_| {})).await;
    let frame = live.until("order").await;
    assert_eq!(frame.data, first["order"], "the other's is not told");
    let balance = live.until("balance").await;
    assert_eq!(balance.data["held"], json!(1500.5));
    let last = balance.id.unwrap();
    drop(live);

    let (_, second) =
        customer.keyed("/api/orders", "2", &order(|body| body["title"] = json!("Второй"))).await;
    let (_, third) = customer.keyed("/api/orders", "3", &order(|body| body["title"] = json!("Третий"))).await;
    let mut live = Live::open(&customer, "/api/orders/live?after=0", Some(last)).await;
    let (a, b) = (live.until("order").await, live.until("order").await);
    assert_eq!((&a.data, &b.data), (&second["order"], &third["order"]), "missed, but not lost");
    assert!(a.id.unwrap() > last && b.id > a.id);
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_of_each_stage_of_its_own_pictures_in_order() {
    use Stage::{Decoding, Fetching, ReadingBack, Rendering, Storing};
    let edge = TestEdge::start().await;
    let (customer, other) = (edge.customer(0).await, edge.customer(1_000_000).await);
    let mut live = Live::open(&customer, "/api/orders/live", None).await;
    let mut elsewhere = Live::open(&other, "/api/orders/live", None).await;
    let (_, image) = upload(&customer, &picture(), "cat.png").await;
    let body = json!({"imageId": image["imageId"], "targetUrl": "https://example.org/"});
    let (status, rendered) = customer.post("/api/images/process", body).await;
    assert_eq!(status, StatusCode::OK, "{rendered}");
    let mut stages = Vec::new();
    while stages.last() != Some(&Storing) {
        let frame = live.until("progress").await;
        assert_eq!((frame.id, &frame.data["imageId"]), (None, &rendered["imageId"]));
        stages.push(serde_json::from_value(frame.data["stage"].clone()).unwrap());
    }
    assert_eq!(stages, [Fetching, Decoding, Rendering, ReadingBack, Storing]);
    other.keyed("/api/orders", "1", &order(|_| {})).await;
    assert_ne!(elsewhere.next().await.unwrap().name, "progress", "nobody else's page hears of it");
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_with_the_session_and_with_the_edge() {
    let edge = TestEdge::start().await;
    let (leaving, staying) = (edge.customer(0).await, edge.customer(0).await);
    let mut ends = Live::open(&leaving, "/api/orders/live", None).await;
    let mut stays = Live::open(&staying, "/api/orders/live", None).await;
    leaving.post("/api/auth/signout", json!({})).await;
    assert!(ends.next().await.is_none(), "the session is over");
    edge.stop().await;
    assert!(stays.next().await.is_none(), "the edge stopped within 3 s although the stream was open");
}

/// What changes here is in the database alone: no event of the log tells of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_neither_begins_nor_goes_on_without_a_right_to_it() {
    let edge = TestEdge::without_workers().await;
    let (gone, idle, by_token) =
        (edge.customer(0).await, edge.customer(0).await, edge.user(Role::Customer).await);
    let mut conn = edge.system.conn().await;
    // The edge remembers who it was a moment ago.
    assert_eq!(gone.get("/api/auth/session").await.0, StatusCode::OK);
    let delete = format!("DELETE FROM sessions WHERE user_id = '{}'", gone.user().id);
    diesel::sql_query(delete).execute(&mut conn).await.unwrap();
    let mut never = Live::open(&gone, "/api/orders/live", None).await;
    let ended = tokio::time::timeout(Duration::from_secs(10), never.next()).await;
    assert!(ended.expect("it ends at once").is_none());

    let token = edge.token(&by_token).await;
    let client = reqwest::Client::new().get(format!("{}/api/orders/live", edge.public));
    let mut revoked = Live::of(client.bearer_auth(&token).send().await.unwrap());
    let mut over = Live::open(&idle, "/api/orders/live", None).await;
    let hash = store::identity::secret_hash(&token);
    store::identity::revoke_token(&mut conn, &hash, events::now()).await.unwrap();
    let expire = format!(
        "UPDATE sessions SET last_seen_at = now() - interval '8 days' WHERE user_id = '{}'",
        idle.user().id
    );
    diesel::sql_query(expire).execute(&mut conn).await.unwrap();
    let both = async { tokio::join!(revoked.next(), over.next()) };
    let (revoked, over) = tokio::time::timeout(Duration::from_secs(75), both).await.expect("within a minute");
    assert!(revoked.is_none() && over.is_none());
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_away_too_long_is_told_to_read_again() {
    let edge = TestEdge::start().await;
    let customer = edge.customer(0).await;
    // 10,001 events and more: those before are not kept.
    let bus = edge.system.bus(events::Service::HttpEdge).await;
    let noise: Vec<events::Outgoing> = (0..10_050)
        .map(|_| {
            let event = events::users::UserSignedIn {
                user_id: uuid::Uuid::now_v7(),
                listener: events::users::Listener::Public,
            };
            events::Outgoing::request(events::Service::HttpEdge, "test", event)
        })
        .collect();
    let last = bus.publish_all(&noise).await.unwrap().last().unwrap().sequence;
    crate::harness::eventually("the tail to have read it all", async || {
        let mut live = Live::open(&customer, "/api/orders/live?after=1", None).await;
        tokio::time::timeout(Duration::from_millis(200), live.next())
            .await
            .is_ok_and(|frame| frame.is_some_and(|frame| frame.name == "reset" && frame.id == Some(last)))
    })
    .await;
    edge.stop().await;
}
