//! What was given up is tried again by its own consumer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use events::{
    Outgoing, Recorded, Service,
    bus::{
        consume::{ConsumeOptions, Delivery, HandleError, Handler, Verdict},
        provision,
    },
    letters::LetterRedriven,
    subjects::{DurableConsumer, MEDIA_WORKER, ORDER_WORKER},
};
use testkit::{Broker, wait_for};
use tokio_util::sync::CancellationToken;

use crate::{
    permissions::Intruder,
    work::{OPTIONS, Recorder, all_done, credit, work},
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

/// A running system's consumer has the filters of the version before.
#[tokio::test(flavor = "multi_thread")]
async fn provisioning_gives_an_existing_consumer_its_new_filter_and_loses_nothing() {
    let broker = Broker::start().await;
    let provisioner = broker.bus(Service::Provision).await;
    let edge = broker.bus(Service::HttpEdge).await;
    let old =
        DurableConsumer { filters: &["orders.*.requested", "accounts.*.credit-requested"], ..ORDER_WORKER };
    provision::consumer(&provisioner, old, 1).await.unwrap();
    edge.publish(&credit(1)).await.unwrap();
    let first = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, first.clone()).await;
    first.wait_until_done(1).await;
    working.stop().await;
    edge.publish(&credit(2)).await.unwrap();

    provision::events(&provisioner, 1).await.unwrap();
    let info = provisioner.consumer_info("order-worker").await.unwrap();
    assert!(info.config.filter_subjects.iter().any(|filter| filter == "letters.order-worker.redriven"));
    assert_eq!(info.num_pending, 1, "it stands where it stood");
    let second = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, second.clone()).await;
    second.wait_until_done(1).await;
    working.stop().await;
    assert_eq!(second.done(), [2]);
    assert_eq!(MEDIA_WORKER.filters.last(), Some(&"letters.media-worker.redriven"));
}

/// A replica that has not got the letter yet answers as if there were none.
#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_is_not_found_at_first_is_looked_for_again() {
    let broker = Broker::start().await;
    let edge = broker.bus(Service::HttpEdge).await;
    let worker = Moody::default();
    worker.rejects.store(true, Ordering::SeqCst);
    let wish = credit(5);
    edge.publish(&again("order-worker", &wish.subject, 2)).await.unwrap();
    edge.publish(&wish).await.unwrap();
    // The wish comes before the letter that it wants.
    let stop = worker.start(&broker).await;
    worker.has_seen(2).await;
    broker.consumed(&[ORDER_WORKER]).await;
    stop.cancel();
    let letters = edge.letters(1..=edge.last_letter().await.unwrap()).await.unwrap();
    let told: Vec<_> = letters.iter().map(|letter| (letter.sequence, letter.original)).collect();
    assert_eq!(told, [(2, 2), (1, 2)]);
}
