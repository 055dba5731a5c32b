use events::{Service, orders::OrderStatus};
use futures::future::join_all;
use jiff::{Timestamp, ToSpan as _};
use order_worker::{Worker, expire_due};

use crate::scene::{Scene, order};

/// Two days on.
fn later() -> Timestamp {
    events::now() + 48.hours()
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_expire_once_however_many_look() {
    let scene = Scene::with_workers(1).await;
    let customers = join_all((0..3).map(|_| scene.customer(1_000_000))).await;
    let mut wishes = Vec::new();
    for customer in customers.iter().cycle().take(30) {
        let wish = order(*customer, 10_000);
        scene.publish(wish.clone()).await;
        wishes.push(wish);
    }
    let mut distant = order(customers[0], 10_000);
    distant.content.deadline = events::now() + 240.hours();
    scene.publish(distant.clone()).await;
    scene.settle().await;
    scene.cancel(wishes[0].order_id, wishes[0].customer_id).await;
    scene.settle().await;

    let relay = scene.system.relay(Service::OrderWorker).await;
    let expired = join_all((0..4).map(|_| expire_due(Worker::new(later), &relay))).await;
    let mut expired: usize = expired.into_iter().map(Result::unwrap).sum();
    // Whom another one was busy with was left out.
    expired += expire_due(Worker::new(later), &relay).await.unwrap();
    assert_eq!(expired, 29);
    relay.catch_up().await.unwrap();
    scene.settle().await;

    for wish in &wishes[1..] {
        let row = scene.order(wish.customer_id, wish.order_id).await.expect("the order");
        assert_eq!((row.status, row.version), (OrderStatus::Expired, 2));
        let timeline = scene.timeline(wish.order_id).await;
        assert_eq!(timeline, ["order.requested", "order.accepted", "order.expired"]);
    }
    let row = scene.order(distant.customer_id, distant.order_id).await.expect("the order");
    assert_eq!(row.status, OrderStatus::Open);
    assert_eq!(scene.balance(customers[0]).await.held, 10_000);
    assert_eq!(scene.balance(customers[1]).await.held, 0);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_ticks_by_itself() {
    let scene = Scene::with_workers(2).await;
    let customer = scene.customer(100_000).await;
    let mut wish = order(customer, 10_000);
    wish.content.deadline = events::now() + 2.seconds();
    scene.publish(wish.clone()).await;
    testkit::wait_for("the order to expire", async || {
        let row = scene.order(customer, wish.order_id).await;
        row.is_some_and(|row| row.status == OrderStatus::Expired)
    })
    .await;
    assert_eq!(scene.balance(customer).await.held, 0);
    scene.end().await;
}
