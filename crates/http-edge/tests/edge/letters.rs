//! Dead letters: listed, tried again, discarded.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use events::{
    Event as _, Outgoing, Service,
    bus::consume::{ConsumeOptions, Delivery, HandleError, Handler, Verdict},
    images::ImageUploaded,
    subjects::MEDIA_WORKER,
    users::Role,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::harness::{Browser, TestEdge, eventually};

/// A media worker that rejects while it is told to.
#[derive(Clone, Default)]
pub(crate) struct Moody {
    accepts: Arc<AtomicBool>,
    handled: Arc<std::sync::Mutex<Vec<Uuid>>>,
}

impl Handler for Moody {
    async fn handle(&self, batch: &[Delivery]) -> Result<Vec<Verdict>, HandleError> {
        if !self.accepts.load(Ordering::SeqCst) {
            return Ok(vec![Verdict::Reject("the picture is <b>cursed</b>".into()); batch.len()]);
        }
        self.handled.lock().unwrap().extend(batch.iter().map(|one| one.recorded.meta.id));
        Ok(vec![Verdict::Done; batch.len()])
    }
}

impl Moody {
    pub(crate) async fn start(edge: &TestEdge) -> Self {
        let moody = Self::default();
        let (bus, handler) = (edge.system.bus(Service::MediaWorker).await, moody.clone());
        let shutdown = edge.shutdown.clone();
        tokio::spawn(async move {
            bus.consume(MEDIA_WORKER, ConsumeOptions::default(), &handler, shutdown).await;
        });
        moody
    }

    pub(crate) fn accept(&self) {
        self.accepts.store(true, Ordering::SeqCst);
    }

    pub(crate) fn has_handled(&self, id: Uuid) -> bool {
        self.handled.lock().unwrap().contains(&id)
    }
}

/// Publishes a picture that will be given up, and waits until it is.
pub(crate) async fn given_up(edge: &TestEdge, admin: &Browser) -> (Uuid, String) {
    let event = ImageUploaded { image_id: Uuid::now_v7(), ..ImageUploaded::sample() };
    let event = Outgoing::request(Service::HttpEdge, "test", event);
    edge.system.bus(Service::HttpEdge).await.publish(&event).await.unwrap();
    let mut id = String::new();
    eventually("it to be given up", async || {
        let (_, answer) = admin.get("/api/admin/dead-letters").await;
        let letters = answer["letters"].as_array().unwrap().clone();
        let found = letters.iter().find(|letter| letter["eventId"] == json!(event.meta.id));
        id = found.map(|letter| letter["id"].as_str().unwrap().to_owned()).unwrap_or_default();
        found.is_some()
    })
    .await;
    (event.meta.id, id)
}

fn codes(answer: &(StatusCode, Value)) -> (u16, &str) {
    (answer.0.as_u16(), answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_tried_again_by_its_consumer_and_settled_once() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    let moody = Moody::start(&edge).await;
    let (event, id) = given_up(&edge, &admin).await;
    let path = |what: &str| format!("/api/admin/dead-letters/{id}{what}");
    let (status, letter) = admin.get(&path("")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(letter["reason"], "the picture is <b>cursed</b>");
    assert_eq!((&letter["consumer"], &letter["attempts"]), (&json!("media-worker"), &json!(1)));
    assert_eq!(letter["eventType"], "vestnik.image.uploaded.v1");
    assert_eq!(letter["headers"]["ce-id"], json!(event));
    assert_eq!(letter["body"]["targetUrl"], "•••", "what tells of a person is hidden: {letter}");
    assert!(letter["body"]["imageId"].is_string() && letter.get("outcome").is_none());

    moody.accept();
    let (status, answer) = admin.post(&path("/redrive"), json!({})).await;
    assert_eq!((status, &answer["outcome"]["what"]), (StatusCode::ACCEPTED, &json!("redriven")), "{answer}");
    assert_eq!(answer["outcome"]["actor"], json!(admin.user().id));
    eventually("it to be handled", async || moody.has_handled(event)).await;
    assert_eq!(codes(&admin.post(&path("/redrive"), json!({})).await), (409, "already_settled"));
    assert_eq!(codes(&admin.post(&path("/discard"), json!({"reason": "x"})).await), (409, "already_settled"));
    let log = edge.system.log().await;
    assert_eq!(log.iter().filter(|message| message.subject == "letters.media-worker.redriven").count(), 1);
    assert_eq!(
        log.iter().filter(|message| message.subject.ends_with(".uploaded")).count(),
        1,
        "no event twice"
    );
    edge.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_listed_by_state_in_pages_and_discarded_with_a_reason() {
    let edge = TestEdge::without_workers().await;
    let admin = edge.staff(Role::Admin).await;
    let _moody = Moody::start(&edge).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(given_up(&edge, &admin).await.1);
    }
    let lists = async |query: &str| {
        let (status, answer) = admin.get(&format!("/api/admin/dead-letters?{query}")).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        let ids =
            answer["letters"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned());
        (ids.collect::<Vec<_>>(), answer["nextCursor"].clone())
    };
    let path = |what: &str| format!("/api/admin/dead-letters/{}/{what}", ids[1]);
    assert_eq!(codes(&admin.post(&path("discard"), json!({})).await), (400, "missing_fields"));
    let long = json!({"reason": "x".repeat(501)});
    assert_eq!(codes(&admin.post(&path("discard"), long).await), (422, "invalid_fields"));
    let (status, answer) = admin.post(&path("discard"), json!({"reason": "a test"})).await;
    assert_eq!((status, &answer["outcome"]["reason"]), (StatusCode::ACCEPTED, &json!("a test")));
    assert_eq!(
        lists("").await,
        (vec![ids[2].clone(), ids[1].clone(), ids[0].clone()], Value::Null),
        "newest first"
    );
    assert_eq!(lists("state=waiting").await.0, [ids[2].clone(), ids[0].clone()]);
    assert_eq!(lists("state=settled").await.0, [ids[1].clone()]);
    let (first, cursor) = lists("state=waiting&limit=1").await;
    assert_eq!(first, [ids[2].clone()]);
    let (second, _) = lists(&format!("state=waiting&limit=1&cursor={}", cursor.as_str().unwrap())).await;
    assert_eq!(second, [ids[0].clone()]);
    for wrong in ["state=lost", "cursor=x"] {
        assert_eq!(
            codes(&admin.get(&format!("/api/admin/dead-letters?{wrong}")).await),
            (422, "invalid_fields")
        );
    }
    for nothing in ["media-worker-999999", "nobody-1", "order-worker-1", "*-1", "x"] {
        let path = format!("/api/admin/dead-letters/{nothing}");
        assert_eq!(codes(&admin.get(&path).await), (404, "not_found"), "{nothing}");
        assert_eq!(codes(&admin.post(&format!("{path}/redrive"), json!({})).await), (404, "not_found"));
        let body = json!({"reason": "x"});
        assert_eq!(codes(&admin.post(&format!("{path}/discard"), body).await), (404, "not_found"));
    }

    let (_, page) = admin.page("/dashboard/dead-letters").await;
    assert!(
        page.contains(&ids[0]) && !page.contains(&ids[1]) && page.contains("&#60;b&#62;cursed"),
        "{page}"
    );
    assert!(admin.page("/dashboard/dead-letters?state=settled").await.1.contains(&ids[1]));
    let page_path = format!("/dashboard/dead-letters/{}", ids[0]);
    assert!(admin.page(&page_path).await.1.contains("Личные данные скрыты"));
    let (status, _, page) = admin.form(&format!("{page_path}/discard"), &[("reason", "")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("Напишите причину"));
    let (_, to, _) = admin.form(&format!("{page_path}/redrive"), &[]).await;
    assert_eq!(to, format!("{page_path}?notice=letter-redriven"));
    let page_path = format!("/dashboard/dead-letters/{}", ids[2]);
    let (_, to, _) = admin.form(&format!("{page_path}/discard"), &[("reason", "хватит")]).await;
    assert_eq!(to, format!("{page_path}?notice=letter-discarded"));
    assert!(admin.page(&to).await.1.contains("хватит"));
    edge.stop().await;
}
