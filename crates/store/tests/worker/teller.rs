//! A worker that notes each credit in a table without any key, where what is done twice stands twice, and
//! answers it with a fact.

use std::{sync::Arc, time::Duration};

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt},
};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Outgoing, Recorded, Service,
    accounts::{AccountCredited, AccountEvent, CreditRequested},
    bus::{
        consume::{ConsumeOptions, Delivery},
        retry::Backoff,
    },
    subjects::{DurableConsumer, ORDER_WORKER},
};
use store::{Conn, Decide, Handled, Relay, Transactional};
use testkit::System;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const OPTIONS: ConsumeOptions = ConsumeOptions {
    batch: 256,
    backoff: Backoff { first: Duration::from_millis(50), most: Duration::from_secs(1) },
    attempts: 2,
    grace: Duration::from_millis(500),
};

/// A wish that is told from others by its amount.
pub(crate) fn credit(amount: i64) -> Outgoing {
    let event = CreditRequested { user_id: Uuid::from_u128(7), amount, reason: "test".into() };
    Outgoing::request(Service::Vestnik, "test", event)
}

pub(crate) fn credits(amounts: std::ops::Range<i64>) -> Vec<Outgoing> {
    amounts.map(credit).collect()
}

/// The fact that answers a wish.
pub(crate) fn credited(wish: &Recorded) -> Outgoing {
    let LogEvent::Account(AccountEvent::CreditRequested(credit)) = &wish.event else {
        panic!("{:?} was not asked for", wish.event)
    };
    let fact = AccountCredited {
        user_id: credit.user_id,
        amount: credit.amount,
        reason: credit.reason.clone(),
        available: 0,
        held: 0,
    };
    Outgoing::fact(Service::OrderWorker, &wish.meta, 0, None, wish.meta.time, &fact)
}

/// What happens to a batch after it has been noted.
pub(crate) enum Act {
    Answer,
    Fail,
    Panic,
    /// Rejects the message with this amount.
    Reject(i64),
    /// Goes on when this is given.
    Wait(Arc<tokio::sync::Semaphore>),
}

#[derive(Debug)]
pub(crate) struct Teller<F>(pub F);

impl<F: Fn(&[(i64, u32)]) -> Act + Send + Sync> Decide for Teller<F> {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let facts: Vec<Outgoing> = batch.iter().map(|delivery| credited(&delivery.recorded)).collect();
        let messages: Vec<(i64, u32)> =
            batch.iter().map(|delivery| (amount(&delivery.recorded), delivery.attempt)).collect();
        let amounts: Vec<i64> = messages.iter().map(|(amount, _)| *amount).collect();
        diesel::sql_query("INSERT INTO noted SELECT * FROM UNNEST($1)")
            .bind::<Array<BigInt>, _>(&amounts)
            .execute(conn)
            .await?;
        match (self.0)(&messages) {
            Act::Answer => Ok(Handled { facts, ..Handled::default() }),
            Act::Fail => anyhow::bail!("not to be handled"),
            Act::Panic => panic!("not to be borne"),
            Act::Reject(rejected) => {
                let index = amounts.iter().position(|amount| *amount == rejected).unwrap();
                let mut handled = Handled { facts, rejected: vec![(index, "not allowed".into())] };
                handled.facts.remove(index);
                Ok(handled)
            }
            Act::Wait(given) => {
                given.acquire().await?.forget();
                Ok(Handled { facts, ..Handled::default() })
            }
        }
    }
}

pub(crate) fn amount(wish: &Recorded) -> i64 {
    match &wish.event {
        LogEvent::Account(AccountEvent::CreditRequested(credit)) => credit.amount,
        LogEvent::Account(AccountEvent::AccountCredited(credit)) => credit.amount,
        other => panic!("{other:?} was not asked for"),
    }
}

/// A worker's process.
pub(crate) struct Working {
    pub relay: Relay,
    shutdown: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

pub(crate) async fn work<F>(
    system: &System,
    consumer: DurableConsumer,
    options: ConsumeOptions,
    act: F,
) -> Working
where
    F: Fn(&[(i64, u32)]) -> Act + Send + Sync + 'static,
{
    let working = without_relay(system, consumer, options, act).await;
    let (relay, shutdown) = (working.relay.clone(), working.shutdown.clone());
    let running = tokio::spawn(async move { relay.run(shutdown).await });
    Working { tasks: working.tasks.into_iter().chain([running]).collect(), ..working }
}

/// As [`work`], without anything that publishes later what was left behind.
pub(crate) async fn without_relay<F>(
    system: &System,
    consumer: DurableConsumer,
    options: ConsumeOptions,
    act: F,
) -> Working
where
    F: Fn(&[(i64, u32)]) -> Act + Send + Sync + 'static,
{
    diesel::sql_query("CREATE TABLE IF NOT EXISTS noted (amount bigint NOT NULL)")
        .execute(&mut system.conn().await)
        .await
        .unwrap();
    let relay = system.relay(Service::OrderWorker).await;
    let shutdown = CancellationToken::new();
    let task = tokio::spawn({
        let (relay, shutdown) = (relay.clone(), shutdown.clone());
        async move {
            let bus = relay.bus().clone();
            let handler = Transactional::new(consumer.name, relay, Teller(act));
            bus.consume(consumer, options, &handler, shutdown).await;
        }
    });
    Working { relay, shutdown, tasks: vec![task] }
}

impl Working {
    /// As a process that is asked to stop.
    pub(crate) async fn stop(self) {
        self.shutdown.cancel();
        for task in self.tasks {
            task.await.unwrap();
        }
    }

    /// As a process that is killed.
    pub(crate) async fn kill(self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        self.relay.bus().close().await;
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The numbers that a query finds.
pub(crate) async fn numbers(system: &System, query: &str) -> Vec<i64> {
    let rows: Vec<Row> = diesel::sql_query(query).get_results(&mut system.conn().await).await.unwrap();
    rows.into_iter().map(|row| row.number).collect()
}

/// What has been noted, sorted.
pub(crate) async fn noted(system: &System) -> Vec<i64> {
    numbers(system, "SELECT amount AS number FROM noted ORDER BY 1").await
}

/// The amounts of the facts in the log, sorted; each must be the answer to a wish and be there once.
pub(crate) async fn answered(system: &System) -> Vec<i64> {
    let mut amounts: Vec<i64> = system
        .log()
        .await
        .iter()
        .filter(|message| message.subject.ends_with(".credited"))
        .map(|message| {
            let fact = message.decode().unwrap();
            assert!(fact.meta.causation.is_some());
            amount(&fact)
        })
        .collect();
    amounts.sort_unstable();
    amounts
}

/// Everything in `expected` has been noted once and answered once, and nothing is left to do.
pub(crate) async fn handled_once(system: &System, expected: std::ops::Range<i64>) {
    system.settle(&[ORDER_WORKER]).await;
    let expected: Vec<i64> = expected.collect();
    assert_eq!(noted(system).await, expected, "noted");
    assert_eq!(answered(system).await, expected, "answered");
}
