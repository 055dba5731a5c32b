//! Times batches of 256 orders: the pure decisions alone, then decided and applied in PostgreSQL, from 1,000
//! customers and from one.
//!
//! `cargo run --release -p order-worker --example speed`

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops when something is wrong"
)]

use std::time::{Duration, Instant};

use diesel_async::AsyncConnection as _;
use events::{
    Event as _, Outgoing, Recorded, Service,
    accounts::AccountCredited,
    bus::consume::Delivery,
    orders::{OrderContent, OrderRequested},
    users::{Role, UserRegistered},
};
use jiff::ToSpan as _;
use order_worker::{
    Worker,
    decide::{Request, decide},
    state::{Balance, State},
};
use store::{Conn, Decide as _};
use testkit::TestDatabase;
use uuid::Uuid;

const BATCH: usize = 256;
const BATCHES: usize = 200;
const MONEY: i64 = 1_000_000_000_000;

#[tokio::main]
async fn main() {
    let customers: Vec<Uuid> = (0..1_000).map(|_| Uuid::now_v7()).collect();
    pure(&customers);
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    store::apply(&mut conn, &people(&customers)).await.unwrap();
    for guard in [false, true] {
        database_batches("1,000 customers", &customers, guard, &mut conn).await;
        database_batches("one customer", &customers[..1], guard, &mut conn).await;
    }
}

fn pure(customers: &[Uuid]) {
    let wishes = wishes(customers, 0, false);
    let balances = customers.iter().map(|id| (*id, Balance { available: MONEY, held: 0, version: 1 }));
    let state = State {
        now: events::now(),
        roles: customers.iter().map(|id| (*id, Role::Customer)).collect(),
        balances: balances.collect(),
        ..State::default()
    };
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let mut state = state.clone();
        let started = Instant::now();
        let facts: usize =
            wishes.iter().map(|wish| decide(&Request::read(&wish.recorded).unwrap(), &mut state).len()).sum();
        best = best.min(started.elapsed());
        assert_eq!(facts, 2 * BATCH);
    }
    println!("decide alone: {best:?} per batch");
}

async fn database_batches(what: &str, customers: &[Uuid], guard: bool, conn: &mut Conn) {
    let worker = Worker::new(events::now);
    let (mut inside, mut whole) = (Vec::new(), Vec::new());
    for number in 0..BATCHES {
        let wishes = wishes(customers, number, guard);
        let batch: Vec<&Delivery> = wishes.iter().collect();
        let started = Instant::now();
        let worked = conn
            .transaction(async |conn| {
                let started = Instant::now();
                let handled = worker.decide(conn, &batch).await?;
                assert_eq!(handled.facts.len(), 2 * BATCH);
                anyhow::Ok(started.elapsed())
            })
            .await
            .unwrap();
        inside.push(worked);
        whole.push(started.elapsed());
    }
    let median = |mut times: Vec<Duration>| {
        times.sort();
        times[times.len() / 2]
    };
    let (first, last) = (inside[0], inside[BATCHES - 1]);
    println!(
        "{what}, guard {guard}: decide and apply {:?}, with begin and commit {:?} (first {first:?}, last {last:?})",
        median(inside),
        median(whole),
    );
}

fn wishes(customers: &[Uuid], number: usize, guard_duplicates: bool) -> Vec<Delivery> {
    let deadline = events::now() + 24.hours();
    (0..BATCH)
        .map(|index| {
            let content = OrderContent {
                title: format!("Задание {number}-{index}-{}", Uuid::now_v7()),
                amount: 10_000,
                image_id: None,
                source_image_id: None,
                deadline,
                ..OrderContent::sample()
            };
            let event = OrderRequested {
                order_id: Uuid::now_v7(),
                customer_id: customers[(number * 7 + index) % customers.len()],
                content,
                guard_duplicates,
            };
            let request = Outgoing::request(Service::HttpEdge, "bench", event);
            Delivery { recorded: request.recorded().unwrap(), attempt: 1, redriven: false }
        })
        .collect()
}

/// Customers with money, as facts.
fn people(customers: &[Uuid]) -> Vec<Recorded> {
    let mut facts = Vec::new();
    for (number, id) in customers.iter().enumerate() {
        let phone = format!("+7900{number:07}");
        let event = UserRegistered { user_id: *id, role: Role::Customer, phone, ..UserRegistered::sample() };
        let registered = Outgoing::request(Service::HttpEdge, "bench", event);
        let event = AccountCredited {
            user_id: *id,
            amount: MONEY,
            reason: "bench".into(),
            available: MONEY,
            held: 0,
        };
        let cause = &registered.meta;
        let credited = Outgoing::fact(Service::OrderWorker, cause, 0, Some(1), events::now(), &event);
        facts.extend([registered.recorded().unwrap(), credited.recorded().unwrap()]);
    }
    facts
}
