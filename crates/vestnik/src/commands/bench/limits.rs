//! What the database and the broker do alone with the same rows and bytes: what no system built on them
//! can pass.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use diesel_async::{AsyncConnection as _, RunQueryDsl as _};
use events::{
    Bus, BusConfig, Event as _, Outgoing, Service,
    bus::{keys, provision},
    orders::OrderRequested,
};
use futures::StreamExt as _;
use private_servers::{NatsOptions, NatsServer, find_nats_server, free_address};
use store::Store;

use crate::var::Var;

/// Orders per second that PostgreSQL takes in multi-row inserts of `batch` rows: order, ledger entry and
/// balance, with all constraints and indexes, the rows made inside it.
pub(super) async fn postgres(store: &Store, batch: i64, duration: Duration) -> anyhow::Result<f64> {
    let mut conn = store.conn().await?;
    for statement in PREPARE {
        diesel::sql_query(*statement).execute(&mut conn).await?;
    }
    let started = Instant::now();
    let mut orders = 0;
    while started.elapsed() < duration {
        conn.transaction(async |conn| {
            for statement in INSERT {
                diesel::sql_query(*statement)
                    .bind::<diesel::sql_types::BigInt, _>(batch)
                    .execute(conn)
                    .await?;
            }
            Ok::<_, diesel::result::Error>(())
        })
        .await?;
        orders += batch;
    }
    let rate = orders as f64 / started.elapsed().as_secs_f64();
    diesel::sql_query("DROP SCHEMA bench_limit CASCADE").execute(&mut conn).await?;
    Ok(rate)
}

/// The same tables beside the real ones, so that nothing of the limit stands in the system's own.
const PREPARE: &[&str] = &[
    "CREATE SCHEMA bench_limit",
    "CREATE TABLE bench_limit.orders (LIKE orders INCLUDING ALL, FOREIGN KEY (customer_id) REFERENCES users (id))",
    "CREATE TABLE bench_limit.balances (LIKE balances INCLUDING ALL)",
    "CREATE TABLE bench_limit.ledger (LIKE ledger INCLUDING ALL,
        FOREIGN KEY (user_id) REFERENCES bench_limit.balances (user_id),
        FOREIGN KEY (order_id) REFERENCES bench_limit.orders (id))",
    "INSERT INTO bench_limit.balances SELECT id, 1000000000000, 0, 0 FROM users WHERE role = 'CUSTOMER'",
    "CREATE SEQUENCE bench_limit.number",
    "CREATE TABLE bench_limit.customers AS SELECT id, row_number() OVER () AS n FROM users WHERE role = 'CUSTOMER'",
    "CREATE UNIQUE INDEX ON bench_limit.customers (n)",
    "CREATE TABLE bench_limit.batch (id uuid, customer_id uuid)",
];

const INSERT: &[&str] = &[
    "WITH made AS (
        INSERT INTO bench_limit.orders (id, customer_id, title, description, target_url, total_amount, country,
            region, city, deadline, platforms, status, content_hash, version, created_at, updated_at)
        SELECT gen_random_uuid(), c.id, 'Bench order', repeat('Subscribe and like. ', 10), 'https://example.org/',
            10000, 'RU', NULL, 'Moscow', now() + interval '30 days', '{telegram,vk}', 'open', md5(random()::text), 1,
            now(), now()
        FROM generate_series(1, $1) AS i
        JOIN bench_limit.customers c ON c.n = 1 + i % (SELECT count(*) FROM bench_limit.customers)
        RETURNING id, customer_id),
    moved AS (
        UPDATE bench_limit.balances b SET available = available - 10000 * n, held = held + 10000 * n,
            version = version + n
        FROM (SELECT customer_id, count(*) AS n FROM made GROUP BY 1) AS sums
        WHERE b.user_id = sums.customer_id RETURNING b.user_id)
    INSERT INTO bench_limit.batch SELECT id, customer_id FROM made",
    "WITH batch AS (DELETE FROM bench_limit.batch WHERE $1 > 0 RETURNING *)
    INSERT INTO bench_limit.ledger (user_id, version, kind, debit, credit, amount, order_id, event_id, created_at)
    SELECT customer_id, nextval('bench_limit.number'), 'hold', 'available', 'held', 10000, id, gen_random_uuid(), now()
    FROM batch",
];

/// Acknowledged publishes per second that JetStream takes of the same request, so many in flight: on a
/// broker of its own, which nobody consumes from.
pub(super) async fn jetstream(folder: &Path, in_flight: usize, duration: Duration) -> anyhow::Result<f64> {
    let keys = folder.join("keys");
    let server = NatsServer::start(NatsOptions {
        program: find_nats_server(&Var::find()?.path("tools"))?,
        config: folder.join("nats.conf"),
        listen: free_address()?,
        store: folder.join("nats-alone"),
        log: folder.join("log/nats-alone.log"),
        keys: keys::ensure(&keys)?,
    })
    .await?;
    let bus = async |service| {
        Bus::connect(&BusConfig { url: server.url(), keys: Some(keys.clone()), service }).await
    };
    provision::events(&bus(Service::Provision).await?, 1).await?;
    let edge = bus(Service::HttpEdge).await?;
    let started = Instant::now();
    let published = futures::stream::repeat_with(|| {
        let order_id = events::request_id();
        Outgoing::request(Service::HttpEdge, "bench", OrderRequested { order_id, ..OrderRequested::sample() })
    })
    .take_while(|_| futures::future::ready(started.elapsed() < duration))
    .map(|request| {
        let edge = &edge;
        async move { edge.publish(&request).await.is_ok() }
    })
    .buffer_unordered(in_flight)
    .filter(|stored| futures::future::ready(*stored))
    .count()
    .await;
    let rate = published as f64 / started.elapsed().as_secs_f64();
    edge.close().await;
    server.stop().await;
    std::fs::remove_dir_all(folder.join("nats-alone"))?;
    Ok(rate)
}
