//! Credits to ask for, and a consumer that counts them.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use events::{
    Bus, LogEvent, Outgoing, Recorded, Service,
    accounts::{AccountEvent, CreditRequested},
    bus::{
        consume::{ConsumeOptions, Delivery, HandleError, Handler, Verdict},
        provision,
        retry::Backoff,
    },
    subjects::{DurableConsumer, ORDER_WORKER},
};
use testkit::{Broker, wait_for};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Small values, so that a test of waiting does not wait long.
pub(crate) const OPTIONS: ConsumeOptions = ConsumeOptions {
    batch: 16,
    backoff: Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) },
    attempts: 3,
    grace: Duration::from_millis(200),
};

/// A wish that is told from others by its amount.
pub(crate) fn credit(amount: i64) -> Outgoing {
    let event = CreditRequested { user_id: Uuid::from_u128(7), amount, reason: "test".into() };
    Outgoing::request(Service::Vestnik, "test", event)
}

pub(crate) fn credits(amounts: std::ops::Range<i64>) -> Vec<Outgoing> {
    amounts.map(credit).collect()
}

pub(crate) fn amount(recorded: &Recorded) -> i64 {
    match &recorded.event {
        LogEvent::Account(AccountEvent::CreditRequested(credit)) => credit.amount,
        other => panic!("{other:?} was not asked for"),
    }
}

/// The order worker's consumer with a short `ack_wait`, here and at the broker.
pub(crate) async fn with_ack_wait(broker: &Broker, ack_wait: Duration) -> DurableConsumer {
    let consumer = DurableConsumer { ack_wait, ..ORDER_WORKER };
    provision::consumer(&broker.bus(Service::Provision).await, consumer, 1).await.unwrap();
    consumer
}

/// One call of a handler.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub at: Instant,
    /// Amount and attempt of each message.
    pub messages: Vec<(i64, u32)>,
    /// Whether every message was done with.
    pub done: bool,
}

/// A handler that answers as the test says and remembers what it was called with.
#[derive(Clone)]
pub(crate) struct Recorder<F> {
    calls: Arc<Mutex<Vec<Call>>>,
    answer: F,
}

pub(crate) type Answer = Result<Vec<Verdict>, HandleError>;

impl<F> Recorder<F> {
    pub(crate) fn new(answer: F) -> Self {
        Self { calls: Arc::default(), answer }
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The amounts that were handled, in order.
    pub(crate) fn done(&self) -> Vec<i64> {
        let done = self.calls().into_iter().filter(|call| call.done);
        done.flat_map(|call| call.messages).map(|(amount, _)| amount).collect()
    }

    /// How often each amount was handled.
    pub(crate) fn times(&self) -> BTreeMap<i64, u32> {
        self.done().into_iter().fold(BTreeMap::new(), |mut times, amount| {
            *times.entry(amount).or_default() += 1;
            times
        })
    }

    pub(crate) async fn wait_until_done(&self, count: usize) {
        wait_for(&format!("{count} messages to be handled"), async || self.done().len() >= count).await;
    }

    pub(crate) async fn wait_until_called(&self) {
        wait_for("a first batch", async || !self.calls().is_empty()).await;
    }
}

impl<F, Fut> Handler for Recorder<F>
where
    F: Fn(Vec<(i64, u32)>) -> Fut + Send + Sync,
    Fut: Future<Output = Answer> + Send,
{
    async fn handle(&self, batch: &[Delivery]) -> Answer {
        let messages: Vec<(i64, u32)> =
            batch.iter().map(|delivery| (amount(&delivery.recorded), delivery.attempt)).collect();
        let call = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(Call { at: Instant::now(), messages: messages.clone(), done: false });
            calls.len() - 1
        };
        let answer = (self.answer)(messages).await;
        self.calls.lock().unwrap()[call].done = answer.is_ok();
        answer
    }
}

pub(crate) fn all_done(messages: &[(i64, u32)]) -> Answer {
    Ok(vec![Verdict::Done; messages.len()])
}

pub(crate) fn failed(why: &str) -> Answer {
    Err(HandleError::Failed(why.to_owned().into()))
}

pub(crate) fn unavailable(why: &str) -> Answer {
    Err(HandleError::Unavailable(why.to_owned().into()))
}

/// A consumer at work.
pub(crate) struct Working {
    bus: Bus,
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

/// Starts an instance of the order worker.
pub(crate) async fn work<H: Handler + 'static>(
    broker: &Broker,
    consumer: DurableConsumer,
    options: ConsumeOptions,
    handler: H,
) -> Working {
    let bus = broker.bus(Service::OrderWorker).await;
    let shutdown = CancellationToken::new();
    let task = tokio::spawn({
        let (bus, shutdown) = (bus.clone(), shutdown.clone());
        async move { bus.consume(consumer, options, &handler, shutdown).await }
    });
    Working { bus, shutdown, task }
}

impl Working {
    /// As a process that is asked to stop; returns how long it took.
    pub(crate) async fn stop(self) -> Duration {
        let started = Instant::now();
        self.shutdown.cancel();
        self.task.await.unwrap();
        started.elapsed()
    }

    /// As a process that is killed: nothing is given back.
    pub(crate) async fn kill(self) {
        self.task.abort();
        self.bus.close().await;
    }
}

/// How many messages the broker has delivered more than once and still waits for.
pub(crate) async fn redelivered(broker: &Broker) -> usize {
    let bus = broker.bus(Service::Provision).await;
    bus.consumer_info(ORDER_WORKER.name).await.unwrap().num_redelivered
}
