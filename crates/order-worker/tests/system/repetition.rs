use diesel_async::RunQueryDsl as _;
use events::{
    Outgoing, Service,
    accounts::CreditRequested,
    bus::consume::{Delivery, Handler as _, Verdict},
    subjects,
    users::Role,
};
use order_worker::Worker;
use store::Transactional;

use crate::scene::{Scene, order};

/// The broker delivers again what was handled but not acknowledged: after a crash, for instance.
#[tokio::test(flavor = "multi_thread")]
async fn handling_twice_equals_handling_once() {
    let mut scene = Scene::with_workers(0).await;
    scene.add_worker();
    let customer = scene.customer(100_000).await;
    let relay = scene.system.relay(Service::OrderWorker).await;
    let handler = Transactional::new(subjects::ORDER_WORKER.name, relay.clone(), Worker::new(events::now));
    let wish = order(customer, 10_000);
    let request = Outgoing::request(Service::HttpEdge, "test", wish.clone());
    scene.edge.publish(&request).await.unwrap();
    let delivery = Delivery { recorded: request.recorded().unwrap(), attempt: 2, redriven: false };
    for _ in 0..3 {
        let batch = [delivery.clone(), delivery.clone()];
        assert_eq!(handler.handle(&batch).await.unwrap(), [Verdict::Done, Verdict::Done]);
    }
    relay.catch_up().await.unwrap();
    scene.settle().await;
    assert_eq!(scene.timeline(wish.order_id).await, ["order.requested", "order.accepted"]);
    assert_eq!(scene.balance(customer).await.held, 10_000);
    scene.end().await;
}

/// The same wish in another event: asked with the guard, then without it.
#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_is_asked_again_keeps_its_answer() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let wish = order(customer, 10_000);
    for guard_duplicates in [true, false, true] {
        let mut wish = wish.clone();
        wish.guard_duplicates = guard_duplicates;
        scene.publish(wish).await;
        scene.settle().await;
    }
    let facts = scene.timeline(wish.order_id).await;
    assert_eq!(facts.iter().filter(|name| **name != "order.requested").count(), 1, "{facts:?}");
    assert_eq!(scene.balance(customer).await.held, 10_000);
    scene.end().await;
}

/// Buried by mistake, handled all the same, and tried again by an administrator after the inbox has forgotten it.
#[tokio::test(flavor = "multi_thread")]
async fn a_credit_is_entered_once_however_late_it_comes_again() {
    let scene = Scene::with_workers(0).await;
    let customer = scene.user(Role::Customer).await;
    let relay = scene.system.relay(Service::OrderWorker).await;
    let handler = Transactional::new(subjects::ORDER_WORKER.name, relay.clone(), Worker::new(events::now));
    let wish = CreditRequested { user_id: customer, amount: 500, reason: "test".into() };
    let request = Outgoing::request(Service::HttpEdge, "test", wish);
    let delivery = |redriven| Delivery { recorded: request.recorded().unwrap(), attempt: 1, redriven };
    assert_eq!(handler.handle(&[delivery(false)]).await.unwrap(), [Verdict::Done]);
    let before = scene.balance(customer).await;
    diesel::sql_query("DELETE FROM inbox").execute(&mut *scene.system.conn().await).await.unwrap();
    assert_eq!(handler.handle(&[delivery(true)]).await.unwrap(), [Verdict::Done]);
    assert_eq!(scene.balance(customer).await, before);

    // Without a ledger to look into, as for scans, the inbox itself remembers what came more than once.
    let aged = "UPDATE inbox SET received_at = now() - interval '8 days'";
    diesel::sql_query(aged).execute(&mut *scene.system.conn().await).await.unwrap();
    assert_eq!(store::inbox::sweep(&mut *scene.system.conn().await).await.unwrap(), 0);
}
