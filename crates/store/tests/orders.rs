//! Orders and money in their tables: what repeats is harmless, what contradicts is refused.
#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

use events::{
    Event, Outgoing, Recorded, Service,
    accounts::{AccountCredited, AccountHeld},
    orders::{Device, OrderAccepted, OrderContent, OrderRejected, OrderScanned, Scan},
    users::{Role, UserRegistered},
};
use store::{Conn, accounts, orders};
use testkit::TestDatabase;
use uuid::Uuid;

const CUSTOMER: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const ORDER: Uuid = Uuid::from_u128(10);

fn fact<E: Event>(version: u64, event: &E) -> Recorded {
    let cause = Outgoing::request(Service::HttpEdge, "test", event.clone()).meta;
    Outgoing::fact(Service::OrderWorker, &cause, 0, Some(version), events::now(), event).recorded().unwrap()
}

fn registered(user_id: Uuid) -> Recorded {
    let phone = format!("+7900{:07}", user_id.as_u128());
    fact(1, &UserRegistered { user_id, role: Role::Customer, phone, ..UserRegistered::sample() })
}

fn accepted(customer_id: Uuid) -> Recorded {
    let content = OrderContent { image_id: None, source_image_id: None, ..OrderContent::sample() };
    fact(1, &OrderAccepted { order_id: ORDER, customer_id, content, ..OrderAccepted::sample() })
}

fn credited(available: i64) -> AccountCredited {
    AccountCredited { user_id: CUSTOMER, amount: available, reason: "test".into(), available, held: 0 }
}

fn held(version: u64) -> Recorded {
    let event =
        AccountHeld { user_id: CUSTOMER, order_id: ORDER, amount: 10_000, available: 90_000, held: 10_000 };
    fact(version, &event)
}

/// Two customers, the first with 1,000 rubles.
async fn prepare(conn: &mut Conn) {
    let facts = [registered(CUSTOMER), registered(OTHER), fact(1, &credited(100_000))];
    store::apply(conn, &facts).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_decisions_about_one_order_id_are_not_both_kept() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    prepare(&mut conn).await;
    let first = accepted(CUSTOMER);
    store::apply(&mut conn, std::slice::from_ref(&first)).await.unwrap();
    store::apply(&mut conn, &[first]).await.unwrap();
    assert!(store::apply(&mut conn, &[accepted(OTHER)]).await.is_err());
    let other_content = OrderRejected { order_id: ORDER, customer_id: CUSTOMER, ..OrderRejected::sample() };
    let other_content = OrderRejected { content_hash: "0".repeat(64), ..other_content };
    assert!(store::apply(&mut conn, &[fact(1, &other_content)]).await.is_err());
    assert!(orders::by_id(&mut conn, CUSTOMER, ORDER).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_facts_with_one_version_of_a_balance_are_not_both_kept() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    prepare(&mut conn).await;
    assert!(store::apply(&mut conn, &[fact(1, &credited(5))]).await.is_err());
    let balance = accounts::balance(&mut conn, CUSTOMER).await.unwrap();
    assert_eq!((balance.available, balance.version), (100_000, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_held_for_once() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    prepare(&mut conn).await;
    store::apply(&mut conn, &[accepted(CUSTOMER), held(2)]).await.unwrap();
    assert!(store::apply(&mut conn, &[held(3)]).await.is_err());
    let entries = accounts::entries(&mut conn, CUSTOMER, None, 100).await.unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(accounts::entries(&mut conn, CUSTOMER, Some(2), 100).await.unwrap()[..], entries[1..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_fact_of_a_balance_counts_whatever_comes_first() {
    let database = TestDatabase::create().await;
    let mut conn = database.store().conn().await.unwrap();
    store::apply(&mut conn, &[registered(CUSTOMER)]).await.unwrap();
    assert_eq!(accounts::balance(&mut conn, CUSTOMER).await.unwrap(), accounts::Balance::default());
    let (credit, hold) = (fact(1, &credited(100_000)), held(2));
    store::apply(&mut conn, &[accepted(CUSTOMER), hold.clone(), credit.clone()]).await.unwrap();
    for batch in [vec![credit.clone()], vec![hold.clone()], vec![hold, credit]] {
        store::apply(&mut conn, &batch).await.unwrap();
        let balance = accounts::balance(&mut conn, CUSTOMER).await.unwrap();
        assert_eq!((balance.available, balance.held, balance.version), (90_000, 10_000, 2));
    }
}

#[tokio::test]
async fn what_no_worker_counts_a_rebuild_does_not_count_either() {
    let database = TestDatabase::create().await;
    let store = database.store();
    let mut conn = store.conn().await.unwrap();
    store::apply(&mut conn, &[registered(CUSTOMER), accepted(CUSTOMER)]).await.unwrap();
    let scan = Scan { at: events::now(), device: Device::Phone, referrer: None };
    let scanned = |number: usize| {
        fact(1, &OrderScanned { order_id: ORDER, customer_id: CUSTOMER, scans: vec![scan.clone(); number] })
    };
    let facts = [scanned(OrderScanned::MOST + 1), scanned(OrderScanned::MOST)];
    store::apply(&mut conn, &facts).await.unwrap();
    let counted = orders::scans::totals(&mut conn, &[ORDER]).await.unwrap();
    assert_eq!(counted, [(ORDER, OrderScanned::MOST as u64)]);
}
