//! Who followed an order's short link, added up.

use events::{
    Outgoing, Service,
    bus::consume::{Delivery, Handler as _, Verdict},
    orders::{Device, OrderScanned, Scan},
    subjects,
};
use jiff::Timestamp;
use order_worker::CountScans;
use store::{
    Transactional,
    orders::scans::{self, HourScans},
};
use uuid::Uuid;

use crate::scene::{Scene, order};

fn scan(at: &str, device: Device) -> Scan {
    Scan { at: at.parse().unwrap(), device, referrer: None }
}

async fn counted(scene: &Scene, order: Uuid) -> Vec<(String, Device, u64)> {
    let mut conn = scene.system.conn().await;
    let rows = scans::by_hour(&mut conn, order, None, None).await.unwrap();
    rows.into_iter().map(|HourScans { hour, device, scans }| (hour.to_string(), device, scans)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_are_added_up_by_hour_and_device() {
    let scene = Scene::with_workers(1).await;
    let customer_id = scene.customer(100_000).await;
    let wish = order(customer_id, 10_000);
    let order_id = wish.order_id;
    scene.publish(wish).await;
    scene.settle().await;
    let scans = |scans: Vec<Scan>| OrderScanned { order_id, customer_id, scans };
    scene
        .publish(scans(vec![
            scan("2026-11-21T13:00:00Z", Device::Phone),
            scan("2026-11-21T13:59:59Z", Device::Phone),
            scan("2026-11-21T13:30:00Z", Device::Bot),
        ]))
        .await;
    scene.publish(scans(vec![scan("2026-11-21T13:59:59Z", Device::Phone)])).await;
    scene.publish(scans(vec![scan("2026-11-21T14:00:00Z", Device::Phone)])).await;
    scene.settle().await;
    let expected = [
        ("2026-11-21T13:00:00Z".to_owned(), Device::Bot, 1),
        ("2026-11-21T13:00:00Z".to_owned(), Device::Phone, 3),
        ("2026-11-21T14:00:00Z".to_owned(), Device::Phone, 1),
    ];
    assert_eq!(counted(&scene, order_id).await, expected);
    let mut conn = scene.system.conn().await;
    assert_eq!(scans::totals(&mut conn, &[order_id]).await.unwrap(), [(order_id, 4)], "no program counts");
    let later: Timestamp = "2026-11-21T14:00:00Z".parse().unwrap();
    assert_eq!(scans::by_hour(&mut conn, order_id, Some(later), None).await.unwrap().len(), 1);
    assert_eq!(scans::by_hour(&mut conn, order_id, None, Some(later)).await.unwrap().len(), 2);
    drop(conn);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twice_equals_once_and_what_the_edge_never_says_harms_only_itself() {
    let scene = Scene::with_workers(1).await;
    let customer_id = scene.customer(100_000).await;
    let wish = order(customer_id, 10_000);
    let order_id = wish.order_id;
    scene.publish(wish).await;
    scene.settle().await;
    let relay = scene.system.relay(Service::OrderWorker).await;
    let handler = Transactional::new(subjects::ORDER_WORKER_SCANS.name, relay, CountScans);
    let delivery = |order_id: Uuid, number: usize| {
        let scans = vec![scan("2026-11-21T13:00:00Z", Device::Phone); number];
        let event =
            Outgoing::request(Service::HttpEdge, "http-edge", OrderScanned { order_id, customer_id, scans });
        Delivery { recorded: event.recorded().unwrap(), attempt: 1, redriven: false }
    };
    let good = delivery(order_id, 2);
    let batch = [
        good.clone(),
        delivery(Uuid::now_v7(), 1),
        delivery(order_id, 0),
        delivery(order_id, OrderScanned::MOST + 1),
        good.clone(),
    ];
    for _ in 0..2 {
        let verdicts = handler.handle(&batch).await.unwrap();
        let rejected: Vec<bool> =
            verdicts.iter().map(|verdict| matches!(verdict, Verdict::Reject(_))).collect();
        assert_eq!(rejected, [false, true, true, true, false]);
        assert_eq!(counted(&scene, order_id).await, [("2026-11-21T13:00:00Z".to_owned(), Device::Phone, 2)]);
    }
    scene.end().await;
}
