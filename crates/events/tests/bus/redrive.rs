//! What was given up is tried again by its own consumer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use events::{
    Outgoing, Recorded, Service,
    bus::{
        consume::{ConsumeOptions, Delivery, HandleError, Handler, Verdict},
        provision,
    },
    letters::LetterRedriven,
    subjects::{DurableConsumer, EVENTS, ORDER_WORKER},
};
use testkit::{Broker, wait_for};
use tokio_util::sync::CancellationToken;

use crate::{
    permissions::Intruder,
    work::{OPTIONS, credit},
};

/// Rejects while it is told to, and keeps what it was given.
#[derive(Clone, Default)]
struct Moody {
    rejects: Arc<AtomicBool>,
    seen: Arc<std::sync::Mutex<Vec<Recorded>>>,
}

impl Handler for Moody {
    async fn handle(&self, batch: &[Delivery]) -> Result<Vec<Verdict>, HandleError> {
        self.seen.lock().unwrap().extend(batch.iter().map(|one| one.recorded.clone()));
        let verdict = match self.rejects.load(Ordering::SeqCst) {
            true => Verdict::Reject("not today".into()),
            false => Verdict::Done,
        };
        Ok(vec![verdict; batch.len()])
    }
}

impl Moody {
    async fn start(&self, broker: &Broker) -> CancellationToken {
        let (bus, handler, stop) =
            (broker.bus(Service::OrderWorker).await, self.clone(), CancellationToken::new());
        let shutdown = stop.clone();
        let options = ConsumeOptions { ..OPTIONS };
        tokio::spawn(async move { bus.consume(ORDER_WORKER, options, &handler, shutdown).await });
        stop
    }

    fn seen(&self) -> Vec<Recorded> {
        self.seen.lock().unwrap().clone()
    }

    async fn has_seen(&self, count: usize) {
        wait_for("the handler to be called", async || self.seen().len() >= count).await;
    }
}

fn again(consumer: &str, subject: &str, sequence: u64) -> Outgoing {
    let wish = LetterRedriven { consumer: consumer.into(), sequence, subject: subject.into() };
    Outgoing::request(Service::HttpEdge, "test", wish)
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_handled_as_the_event_that_it_was_at_the_place_that_it_had() {
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await;
    let worker = Moody::default();
    worker.rejects.store(true, Ordering::SeqCst);
    let stop = worker.start(&broker).await;
    edge.publish(&credit(5)).await.unwrap();
    let wish = credit(6);
    edge.publish(&wish).await.unwrap();
    broker.consumed(&[ORDER_WORKER]).await;
    worker.has_seen(2).await;

    // It fails once more: a letter under the sequence of the wish, which still tells of the first.
    edge.publish(&again("order-worker", &wish.subject, 2)).await.unwrap();
    worker.has_seen(3).await;
    broker.consumed(&[ORDER_WORKER]).await;
    let letters = edge.letters(1..=edge.last_letter().await.unwrap()).await.unwrap();
    let told: Vec<_> = letters.iter().map(|letter| (letter.sequence, letter.original)).collect();
    assert_eq!(told, [(1, 1), (2, 2), (3, 2)]);
    let second = edge.letter("order-worker", 3).await.unwrap().unwrap();
    assert_eq!((second.reason.as_str(), second.subject.as_str()), ("not today", wish.subject.as_str()));
    assert_eq!(second.body, wish.body);
    assert_eq!(second.id(), "order-worker-3");

    worker.rejects.store(false, Ordering::SeqCst);
    edge.publish(&again("order-worker", &wish.subject, 3)).await.unwrap();
    worker.has_seen(4).await;
    broker.consumed(&[ORDER_WORKER]).await;
    stop.cancel();
    let seen = worker.seen().pop().unwrap();
    assert_eq!(
        (seen.meta, seen.position),
        (wish.meta, Some(2)),
        "the same event, where it stands in the log"
    );
    assert_eq!(edge.last_letter().await.unwrap(), 3, "nothing new was given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wish_for_what_is_not_there_or_was_never_readable_is_given_up_itself() {
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await;
    let worker = Moody::default();
    let stop = worker.start(&broker).await;
    edge.jetstream().publish(credit(0).subject, "nonsense".into()).await.unwrap().await.unwrap();
    broker.consumed(&[ORDER_WORKER]).await;
    edge.publish(&again("order-worker", &credit(0).subject, 1)).await.unwrap();
    edge.publish(&again("order-worker", &credit(0).subject, 99)).await.unwrap();
    // A consumer's own wishes are no letters of its own to try again.
    broker.consumed(&[ORDER_WORKER]).await;
    edge.publish(&again("order-worker", "letters.order-worker.redriven", 3)).await.unwrap();
    broker.consumed(&[ORDER_WORKER]).await;
    wait_for("four letters", async || edge.last_letter().await.unwrap() == 4).await;
    stop.cancel();
    assert!(worker.seen().is_empty(), "the handler knows nothing of letters");
    let letters = edge.letters(1..=4).await.unwrap();
    let reasons: Vec<_> = letters.iter().map(|letter| letter.reason.as_str()).collect();
    assert!(reasons[..2].iter().all(|reason| reason.contains("is missing")), "{reasons:?}");
    assert_eq!(letters[1].original, 1);
    assert_eq!(reasons[2], "there is no such dead letter");
    assert!(reasons[3].contains("cannot be tried again itself"), "{reasons:?}");
}

/// What the broker would take for a repetition or a consumer for a copy is no better for having been buried.
#[tokio::test(flavor = "multi_thread")]
async fn burying_does_not_launder_a_forgery() {
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await;
    let worker = Moody::default();
    let stop = worker.start(&broker).await;
    let mut copied = credit(7).meta.to_headers();
    copied.insert("Nats-Sequence", "1");
    let stored = edge.jetstream().publish_with_headers(credit(7).subject, copied, credit(7).body.into());
    stored.await.unwrap().await.unwrap();
    broker.consumed(&[ORDER_WORKER]).await;
    edge.publish(&again("order-worker", &credit(7).subject, 1)).await.unwrap();
    wait_for("it to be buried again", async || edge.last_letter().await.unwrap() == 2).await;
    stop.cancel();
    assert!(worker.seen().is_empty());
    let letters = edge.letters(1..=2).await.unwrap();
    assert!(letters.iter().all(|letter| letter.reason.contains("it is a copy")), "{letters:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consumer_fetches_its_own_letters_and_no_others() {
    let broker = Broker::start().await;
    let intruder = Intruder::with_key_of(&broker, Service::MediaWorker).await;
    intruder.is_refused("$JS.API.DIRECT.GET.DEAD.dead.order-worker.orders.x.requested.1").await;
    intruder.is_refused("letters.order-worker.redriven").await;
}

/// A running system's consumer has one lane for everything, as the version before had made it.
#[tokio::test(flavor = "multi_thread")]
async fn provisioning_gives_an_existing_consumer_its_second_lane_and_repeats_nothing() {
    let broker = Broker::start().await;
    let provisioner = broker.bus(Service::Provision).await;
    broker.bus(Service::HttpEdge).await.publish_all(&[credit(1), credit(2), credit(3)]).await.unwrap();
    let one_lane = pull::Config {
        durable_name: Some("of-old".into()),
        filter_subjects: vec!["orders.>".into(), "accounts.>".into(), "letters.of-old.redriven".into()],
        // As if the first had been acknowledged.
        deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: 2 },
        ack_policy: AckPolicy::Explicit,
        ..Default::default()
    };
    provisioner.jetstream().create_consumer_on_stream(one_lane, EVENTS).await.unwrap();
    assert_eq!(provisioner.consumer_info("of-old").await.unwrap().num_pending, 2);

    let two_lanes =
        DurableConsumer { name: "of-old", filters: &["orders.>"], seldom: &["accounts.>"], ..ORDER_WORKER };
    for _ in 0..2 {
        provision::consumer(&provisioner, two_lanes, 1).await.unwrap();
        assert_eq!(provisioner.consumer_info("of-old").await.unwrap().num_pending, 0);
        let seldom = provisioner.consumer_info("of-old-seldom").await.unwrap();
        assert_eq!(seldom.config.filter_subjects, ["accounts.>", "letters.of-old.redriven"]);
        assert_eq!(seldom.num_pending, 2, "not what the one lane had handled");
    }
}
