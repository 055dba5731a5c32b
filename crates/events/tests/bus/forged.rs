//! A publisher chooses where its answer goes, and the broker delivers it there without looking at the
//! publisher's permissions: onto the subject of another service's event, and so into the log. Nobody who
//! reads it must take it for one.

use async_nats::HeaderMap;
use events::{
    Event as _, Outgoing, Service,
    bus::TailStart,
    chats::BotBlocked,
    orders::OrderRequested,
    subjects::{EVENTS, ORDER_WORKER},
};
use testkit::{Broker, wait_for};

use crate::{
    permissions::Intruder,
    work::{OPTIONS, Recorder, all_done, credit, work},
};

/// An order that the bridge would like to have been asked for, word for word as the edge would ask.
fn forged() -> Outgoing {
    Outgoing::request(Service::HttpEdge, "test", OrderRequested::sample())
}

async fn wait_for_log(broker: &Broker, count: u64) {
    let bus = broker.bus(Service::Provision).await;
    wait_for(&format!("{count} messages in the log"), async || bus.last_sequence().await.unwrap() == count)
        .await;
}

/// Lets the order worker read whatever has come about; it must bury all but the honest credit.
async fn is_buried(broker: &Broker, count: u64) {
    broker.bus(Service::Vestnik).await.publish(&credit(1)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(recorder.done(), [1]);
    assert_eq!(broker.dead_letters().await, count);
    let mut tail =
        broker.bus(Service::Vestnik).await.tail(&["orders.>"], TailStart::Beginning).await.unwrap();
    let message = tail.next().await.unwrap().unwrap();
    assert!(message.decode().is_err(), "a reader of the log takes it for {:?}", message.decode());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledgement_on_an_events_subject_is_no_event() {
    let broker = Broker::start().await;
    let intruder = Intruder::with_key_of(&broker, Service::BotBridge).await;
    let subject = BotBlocked::sample().subject();
    intruder.client.publish_with_reply(subject, forged().subject, "{}".into()).await.unwrap();
    wait_for_log(&broker, 2).await;
    is_buried(&broker, 1).await;
}

/// Has the whole event, headers and all, under a subject of the bridge's own.
async fn smuggle(intruder: &Intruder, subject: &str) -> Outgoing {
    let forged = forged();
    let mut headers = HeaderMap::new();
    // Without the message id, or the copy would be taken for a repetition.
    let all = forged.meta.to_headers();
    for (name, values) in all.iter().filter(|(name, _)| name.to_string() != "Nats-Msg-Id") {
        values.iter().for_each(|value| headers.append(name.clone(), value.clone()));
    }
    let body = forged.body.clone().into();
    intruder.client.publish_with_headers(subject.to_owned(), headers, body).await.unwrap();
    forged
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_the_broker_was_asked_for_is_no_event() {
    let broker = Broker::start().await;
    let intruder = Intruder::with_key_of(&broker, Service::BotBridge).await;
    let own = BotBlocked::sample().subject();
    let forged = smuggle(&intruder, &own).await;
    wait_for_log(&broker, 1).await;
    let ask = format!("$JS.API.DIRECT.GET.{EVENTS}.{own}");
    intruder.client.publish_with_reply(ask, forged.subject, "".into()).await.unwrap();
    wait_for_log(&broker, 2).await;
    is_buried(&broker, 1).await;
    let dead = broker.dead().await.remove(0);
    let reason = dead.headers.get("vestnik-dead-reason").unwrap().as_str();
    assert!(reason.contains("copy"), "{reason}");
}

/// A consumer's delivery keeps the subject that the message had, wherever it is sent.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_stored_under_the_forgers_own_subject() {
    let broker = Broker::start().await;
    let intruder = Intruder::with_key_of(&broker, Service::BotBridge).await;
    let own = "chats.4711.message-received";
    let forged = smuggle(&intruder, own).await;
    wait_for_log(&broker, 1).await;
    let ask = "$JS.API.CONSUMER.MSG.NEXT.EVENTS.bot-bridge-files";
    intruder.client.publish_with_reply(ask, forged.subject, "".into()).await.unwrap();
    wait_for_log(&broker, 2).await;
    for message in broker.log().await {
        assert_eq!(message.subject, own);
        assert!(message.decode().is_err());
    }
}
