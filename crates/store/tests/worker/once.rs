use async_nats::HeaderMap;
use events::{Outgoing, Service, subjects::ORDER_WORKER};
use testkit::{System, wait_for};

use crate::teller::{Act, OPTIONS, answered, credit, credits, handled_once, noted, numbers, work};

/// Publishes an event as if for the first time, whatever the broker remembers.
async fn publish_again(system: &System, wish: &Outgoing) {
    let mut headers = HeaderMap::new();
    for (name, values) in wish.meta.to_headers().iter().filter(|(name, _)| name.to_string() != "Nats-Msg-Id")
    {
        values.iter().for_each(|value| headers.append(name.clone(), value.clone()));
    }
    let bus = system.bus(Service::Vestnik).await;
    let body = wish.body.clone().into();
    let stored = bus.jetstream().publish_with_headers(wish.subject.clone(), headers, body).await.unwrap();
    assert!(!stored.await.unwrap().duplicate);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_wish_is_handled_once_and_answered_once() {
    let system = System::start().await;
    let working = work(&system, ORDER_WORKER, OPTIONS, |_| Act::Answer).await;
    system.bus(Service::Vestnik).await.publish_all(&credits(0..600)).await.unwrap();
    handled_once(&system, 0..600).await;
    working.stop().await;
    assert_eq!(numbers(&system, "SELECT count(*) AS number FROM inbox").await, [600]);
    let unmarked = "SELECT count(*) AS number FROM outbox WHERE published_at IS NULL OR sequence IS NULL";
    assert_eq!(numbers(&system, unmarked).await, [0], "stopping marks what has been published");
    system.no_dead_letters().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_twice_is_handled_once() {
    let system = System::start().await;
    let wishes = credits(0..3);
    // Twice in one batch, and once more in a later one.
    for wish in wishes.iter().chain(&wishes) {
        publish_again(&system, wish).await;
    }
    let working = work(&system, ORDER_WORKER, OPTIONS, |_| Act::Answer).await;
    handled_once(&system, 0..3).await;
    publish_again(&system, &wishes[1]).await;
    publish_again(&system, &credit(3)).await;
    handled_once(&system, 0..4).await;
    working.stop().await;
    system.no_dead_letters().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_in_a_full_batch_harms_only_itself() {
    let system = System::start().await;
    system.bus(Service::Vestnik).await.publish_all(&credits(0..256)).await.unwrap();
    let working = work(&system, ORDER_WORKER, OPTIONS, |messages| {
        if messages.iter().any(|(amount, _)| *amount == 77) { Act::Fail } else { Act::Answer }
    })
    .await;
    wait_for("the poison to be given up", async || system.dead_letters().await == 1).await;
    system.settle(&[ORDER_WORKER]).await;
    working.stop().await;
    let others: Vec<i64> = (0..256).filter(|amount| *amount != 77).collect();
    assert_eq!(noted(&system).await, others);
    assert_eq!(answered(&system).await, others);
    assert_eq!(numbers(&system, "SELECT count(*) AS number FROM inbox").await, [255]);
    let dead = system.dead().await.remove(0);
    assert_eq!(dead.headers.get("vestnik-dead-reason").unwrap().as_str(), "not to be handled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_in_the_transaction_undoes_it() {
    let system = System::start().await;
    system.bus(Service::Vestnik).await.publish_all(&credits(0..5)).await.unwrap();
    let working = work(&system, ORDER_WORKER, OPTIONS, |messages| {
        if messages.contains(&(2, 1)) { Act::Panic } else { Act::Answer }
    })
    .await;
    handled_once(&system, 0..5).await;
    working.stop().await;
    system.no_dead_letters().await;
}

/// A rejected event counts as not handled: an administrator who gives it back from the dead letters wants
/// it to be decided again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_rejected_is_decided_again_when_it_is_given_back() {
    let system = System::start().await;
    let wishes = credits(0..3);
    system.bus(Service::Vestnik).await.publish_all(&wishes).await.unwrap();
    let working = work(&system, ORDER_WORKER, OPTIONS, |messages| {
        if messages.iter().any(|(amount, _)| *amount == 1) { Act::Reject(1) } else { Act::Answer }
    })
    .await;
    wait_for("the rejected one to be buried", async || system.dead_letters().await == 1).await;
    system.settle(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(answered(&system).await, [0, 2]);
    let working = work(&system, ORDER_WORKER, OPTIONS, |_| Act::Answer).await;
    publish_again(&system, &wishes[1]).await;
    wait_for("the answer", async || answered(&system).await == [0, 1, 2]).await;
    working.stop().await;
    assert_eq!(system.dead_letters().await, 1);
}
