//! The kit itself: what it starts is real, and what it kills comes back.

use diesel_async::RunQueryDsl as _;
use events::{Event as _, Outgoing, Service, accounts::CreditRequested};
use testkit::System;

fn request() -> Outgoing {
    Outgoing::request(Service::Vestnik, "test", CreditRequested::sample())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_keeps_what_it_acknowledged_when_it_is_killed() {
    let mut system = System::start().await;
    let bus = system.bus(Service::Vestnik).await;
    let first = bus.publish(&request()).await.unwrap();
    assert_eq!((first.sequence, first.duplicate), (1, false));
    system.crash_nats(async {}).await;
    let second = bus.publish(&request()).await.unwrap();
    assert_eq!(second.sequence, 2);
    assert_eq!(system.log().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_its_own_comes_back_after_a_crash() {
    let mut system = System::with_own_postgres().await;
    let statement = "INSERT INTO inbox (consumer, event_id) VALUES ('test', gen_random_uuid())";
    diesel::sql_query(statement).execute(&mut system.conn().await).await.unwrap();
    system.crash_postgres(async {}).await;
    let mut conn = system.conn().await;
    assert_eq!(diesel::sql_query("DELETE FROM inbox").execute(&mut conn).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tests_share_nothing() {
    let (one, other) = tokio::join!(System::start(), System::start());
    one.bus(Service::Vestnik).await.publish(&request()).await.unwrap();
    assert_eq!(other.log().await.len(), 0);
    assert_ne!(one.database_url(), other.database_url());
}
