use std::time::{Duration, Instant};

use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::{Outgoing, Service, subjects::ORDER_WORKER};
use store::outbox;
use testkit::System;
use tokio_util::sync::CancellationToken;

use crate::teller::{Act, OPTIONS, answered, credit, credited, numbers, without_relay};

/// Leaves facts behind as a process does that dies between its commit and publishing.
async fn leave_behind(system: &System, facts: &[Outgoing]) -> i64 {
    let mut conn = system.conn().await;
    let row = outbox::keep(&conn, Service::OrderWorker, facts).await.unwrap();
    let age = "UPDATE outbox SET created_at = now() - interval '1 minute'";
    diesel::sql_query(age).execute(&mut conn).await.unwrap();
    row
}

fn fact(amount: i64) -> Outgoing {
    credited(&credit(amount).recorded().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_left_behind_is_published_once() {
    let system = System::start().await;
    leave_behind(&system, &[fact(1), fact(2)]).await;
    let relay = system.relay(Service::OrderWorker).await;
    let shutdown = CancellationToken::new();
    let running = tokio::spawn({
        let (relay, shutdown) = (relay.clone(), shutdown.clone());
        async move { relay.run(shutdown).await }
    });
    system.settle(&[]).await;
    shutdown.cancel();
    running.await.unwrap();
    assert_eq!(answered(&system).await, [1, 2]);
    assert_eq!(numbers(&system, "SELECT sequence AS number FROM outbox").await, [2]);
    relay.catch_up().await.unwrap();
    assert_eq!(system.log().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_about_to_publish_is_left_alone() {
    let system = System::start().await;
    let conn = system.conn().await;
    outbox::keep(&conn, Service::OrderWorker, &[fact(1)]).await.unwrap();
    system.relay(Service::OrderWorker).await.catch_up().await.unwrap();
    assert_eq!(system.log().await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_published_keeps_no_other_from_it() {
    let system = System::start().await;
    leave_behind(&system, &[fact(1)]).await;
    let broken = leave_behind(&system, &[fact(2)]).await;
    leave_behind(&system, &[fact(3)]).await;
    let nonsense = format!("UPDATE outbox SET events = '[{{\"no\": \"event\"}}]' WHERE id = {broken}");
    diesel::sql_query(nonsense).execute(&mut system.conn().await).await.unwrap();
    let relay = system.relay(Service::OrderWorker).await;
    relay.catch_up().await.unwrap();
    assert_eq!(answered(&system).await, [1, 3]);
    let waiting = "SELECT id AS number FROM outbox WHERE published_at IS NULL";
    assert_eq!(numbers(&system, waiting).await, [broken], "the others are marked, it is not lost");
    leave_behind(&system, &[fact(4)]).await;
    relay.catch_up().await.unwrap();
    assert_eq!(answered(&system).await, [1, 3, 4]);
    assert_eq!(system.log().await.len(), 3, "nothing again");
}

/// The credentials of one service do not publish another's facts.
#[tokio::test(flavor = "multi_thread")]
async fn a_relay_publishes_its_own_service_only() {
    let system = System::start().await;
    leave_behind(&system, &[fact(1)]).await;
    system.relay(Service::ChatWorker).await.catch_up().await.unwrap();
    assert_eq!(system.log().await.len(), 0);
    system.relay(Service::OrderWorker).await.catch_up().await.unwrap();
    assert_eq!(system.log().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_at_the_same_time_share_the_work() {
    let system = System::start().await;
    for amount in 0..100 {
        leave_behind(&system, &[fact(amount)]).await;
    }
    // What another relay has in hand is neither waited for nor published.
    let mut other = system.conn().await;
    let relay = system.relay(Service::OrderWorker).await;
    other
        .transaction(async |conn| {
            let half = "SELECT id FROM outbox ORDER BY id LIMIT 50 FOR UPDATE";
            diesel::sql_query(half).execute(conn).await?;
            let catching_up = tokio::time::timeout(Duration::from_secs(10), relay.catch_up());
            catching_up.await.expect("it does not wait for the other").unwrap();
            assert_eq!(answered(&system).await, (50..100).collect::<Vec<_>>());
            diesel::QueryResult::Ok(())
        })
        .await
        .unwrap();
    let second = system.relay(Service::OrderWorker).await;
    let (one, two) = tokio::join!(relay.catch_up(), second.catch_up());
    one.unwrap();
    two.unwrap();
    assert_eq!(answered(&system).await, (0..100).collect::<Vec<_>>());
    assert_eq!(system.log().await.len(), 100);
}

/// Otherwise the rows would be published again when the broker no longer knows their ids.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_transaction_forgets_no_mark() {
    let system = System::start().await;
    let working = without_relay(&system, ORDER_WORKER, OPTIONS, |messages| {
        if messages.iter().any(|(amount, _)| *amount == 2) { Act::Fail } else { Act::Answer }
    })
    .await;
    let bus = system.bus(Service::Vestnik).await;
    for amount in [1, 2, 3] {
        bus.publish(&credit(amount)).await.unwrap();
        system.consumed(&[ORDER_WORKER]).await;
    }
    working.stop().await;
    assert_eq!(system.dead_letters().await, 1);
    let published = "SELECT count(*) AS number FROM outbox WHERE published_at IS NOT NULL";
    assert_eq!(numbers(&system, published).await, [1], "the third transaction has marked the first row");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_stops_although_the_broker_is_away() {
    let mut system = System::start().await;
    let relay = system.relay(Service::OrderWorker).await;
    leave_behind(&system, &[fact(1)]).await;
    let mut took = Duration::MAX;
    system
        .crash_nats(async {
            let shutdown = CancellationToken::new();
            let running = tokio::spawn({
                let shutdown = shutdown.clone();
                async move { relay.run(shutdown).await }
            });
            // It is in the middle of publishing.
            tokio::time::sleep(Duration::from_millis(300)).await;
            let started = Instant::now();
            shutdown.cancel();
            running.await.unwrap();
            took = started.elapsed();
        })
        .await;
    assert!(took < Duration::from_secs(3), "it took {took:?}");
    system.relay(Service::OrderWorker).await.catch_up().await.unwrap();
    assert_eq!(answered(&system).await, [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_rows_are_swept_and_waiting_ones_kept() {
    let system = System::start().await;
    leave_behind(&system, &[fact(1)]).await;
    leave_behind(&system, &[fact(2)]).await;
    let mut conn = system.conn().await;
    for statement in [
        "UPDATE outbox SET published_at = now() - interval '11 minutes' WHERE id = (SELECT min(id) FROM outbox)",
        "INSERT INTO inbox VALUES ('old', gen_random_uuid(), now() - interval '8 days')",
        "INSERT INTO inbox VALUES ('kept', gen_random_uuid(), now() - interval '8 days', true)",
        "INSERT INTO inbox VALUES ('new', gen_random_uuid(), now() - interval '6 days')",
    ] {
        diesel::sql_query(statement).execute(&mut conn).await.unwrap();
    }
    assert_eq!(outbox::sweep(&mut conn).await.unwrap(), 1);
    assert_eq!(store::inbox::sweep(&mut conn).await.unwrap(), 1);
    assert_eq!(outbox::backlog(&mut conn, Some(Service::OrderWorker)).await.unwrap(), 1);
    assert_eq!(outbox::backlog(&mut conn, Some(Service::HttpEdge)).await.unwrap(), 0);
}
