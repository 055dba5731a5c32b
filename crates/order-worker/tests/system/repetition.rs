use events::{
    Outgoing, Service,
    bus::consume::{Delivery, Handler as _, Verdict},
    subjects,
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
