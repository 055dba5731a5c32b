use std::time::Duration;

use auditor::{Select, Start, Tail, TailOptions};
use events::{Event as _, Outgoing, Service, orders::OrderRequested};
use uuid::Uuid;

use crate::world::{GONE_ORDER, World};

async fn all(world: &World, select: Select, start: Start) -> Vec<(u64, String)> {
    let mut tail = Tail::open(&world.bus, TailOptions { select, start, follow: false }).await.unwrap();
    let mut found = Vec::new();
    while let Some(message) = tail.next().await {
        found.push((message.sequence, message.subject));
    }
    found
}

fn subject(filter: &str) -> Select {
    Select { subject: Some(filter.into()), ..Select::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_log_ends_at_once() {
    let world = World::empty().await;
    assert!(all(&world, Select::default(), Start::Beginning).await.is_empty());
    assert!(all(&world, Select::default(), Start::Since(events::now())).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_shows_what_is_chosen_from_where_it_is_asked() {
    let world = World::with_a_story().await;
    let log = all(&world, Select::default(), Start::Beginning).await;
    assert_eq!(log.iter().map(|(sequence, _)| *sequence).collect::<Vec<_>>(), (1..=20).collect::<Vec<_>>());
    assert_eq!(all(&world, subject("accounts.*.held"), Start::Beginning).await.len(), 2);
    assert_eq!(all(&world, subject("chats.>"), Start::Beginning).await.len(), 8);
    assert_eq!(all(&world, Select::default(), Start::Sequence(18)).await.len(), 3);
    let of_order = Select { entity: Some(GONE_ORDER.to_string()), ..Select::default() };
    let orders = all(&world, of_order.clone(), Start::Beginning).await;
    assert_eq!(
        orders.into_iter().map(|(_, subject)| subject).collect::<Vec<_>>(),
        [format!("orders.{GONE_ORDER}.accepted"), format!("orders.{GONE_ORDER}.cancelled")]
    );
    let cancelled = Select { event_type: Some("order.cancelled".into()), ..of_order };
    assert_eq!(all(&world, cancelled, Start::Beginning).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_finds_the_first_event_that_was_stored_then_or_later() {
    let world = World::with_a_story().await;
    let messages = world.system.log().await;
    for message in &messages {
        let found = all(&world, Select::default(), Start::Since(message.stored)).await;
        assert_eq!(found.first().map(|(sequence, _)| *sequence), Some(message.sequence));
    }
    let future = events::now() + Duration::from_secs(3_600);
    assert!(all(&world, Select::default(), Start::Since(future)).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_follows_across_a_restart_of_the_broker_without_gap_or_repeat() {
    let mut world = World::empty().await;
    let edge = world.system.bus(Service::HttpEdge).await;
    let request = || {
        let order_id = Uuid::now_v7();
        Outgoing::request(Service::HttpEdge, "test", OrderRequested { order_id, ..OrderRequested::sample() })
    };
    edge.publish(&request()).await.unwrap();
    let options = TailOptions { select: subject("orders.>"), start: Start::Now, follow: true };
    let mut tail = Tail::open(&world.bus, options).await.unwrap();
    let (sender, mut received) = tokio::sync::mpsc::unbounded_channel();
    let reader = tokio::spawn(async move {
        while let Some(message) = tail.next().await {
            sender.send(message.sequence).unwrap();
        }
    });
    for _ in 0..20 {
        edge.publish(&request()).await.unwrap();
    }
    world.system.crash_nats(async {}).await;
    for _ in 0..20 {
        edge.publish(&request()).await.unwrap();
    }
    let mut seen = Vec::new();
    while seen.last().is_none_or(|last| *last < 41) {
        let next = tokio::time::timeout(Duration::from_secs(30), received.recv()).await;
        seen.push(next.unwrap_or_else(|_| panic!("the tail stands still after {:?}", seen.last())).unwrap());
    }
    assert_eq!(seen, (2..=41).collect::<Vec<_>>());
    reader.abort();
}
