use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use events::{
    Service,
    bus::{consume::ConsumeOptions, provision},
    subjects::{DurableConsumer, ORDER_WORKER},
};
use testkit::{System, wait_for};
use tokio::sync::Semaphore;

use crate::teller::{Act, OPTIONS, credits, handled_once, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_database_in_mid_batch_costs_nothing() {
    let mut system = System::with_own_postgres().await;
    let consumer = DurableConsumer { ack_wait: Duration::from_secs(1), ..ORDER_WORKER };
    let provision = system.bus(Service::Provision).await;
    provision::consumer(&provision, consumer, 1).await.unwrap();
    system.bus(Service::Vestnik).await.publish_all(&credits(0..300)).await.unwrap();
    // A single failure would give a message up.
    let options = ConsumeOptions { attempts: 1, ..OPTIONS };
    let (go_on, inside) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicBool::new(false)));
    let working = work(&system, consumer, options, {
        let (go_on, inside) = (go_on.clone(), inside.clone());
        move |_| {
            let first = !inside.swap(true, Ordering::Relaxed);
            if first { Act::Wait(go_on.clone()) } else { Act::Answer }
        }
    })
    .await;
    wait_for("a transaction to be open", async || inside.load(Ordering::Relaxed)).await;
    system
        .crash_postgres(async {
            go_on.add_permits(1);
            // Longer than the broker waits for an acknowledgement.
            tokio::time::sleep(Duration::from_millis(1_500)).await;
        })
        .await;
    handled_once(&system, 0..300).await;
    let info = provision.consumer_info(ORDER_WORKER.name).await.unwrap();
    assert_eq!(info.delivered.consumer_sequence, 300, "each was delivered once: no attempt was used up");
    working.stop().await;
    system.no_dead_letters().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_worker_had_in_its_transaction_is_done_by_another() {
    let system = System::start().await;
    let consumer = DurableConsumer { ack_wait: Duration::from_secs(1), ..ORDER_WORKER };
    provision::consumer(&system.bus(Service::Provision).await, consumer, 1).await.unwrap();
    system.bus(Service::Vestnik).await.publish_all(&credits(0..100)).await.unwrap();
    let inside = Arc::new(AtomicBool::new(false));
    let killed = work(&system, consumer, OPTIONS, {
        let inside = inside.clone();
        move |_| {
            inside.store(true, Ordering::Relaxed);
            Act::Wait(Arc::new(Semaphore::new(0)))
        }
    })
    .await;
    wait_for("a transaction to be open", async || inside.load(Ordering::Relaxed)).await;
    killed.kill().await;
    let working = work(&system, consumer, OPTIONS, |_| Act::Answer).await;
    handled_once(&system, 0..100).await;
    working.stop().await;
    system.no_dead_letters().await;
}

/// Two instances that hold the same messages, since one of them was taken for dead.
#[tokio::test(flavor = "multi_thread")]
async fn two_workers_with_the_same_batch_handle_it_once() {
    let system = System::start().await;
    // The broker waits for less than the worker takes, and the worker does not know.
    let impatient = DurableConsumer { ack_wait: Duration::from_millis(300), ..ORDER_WORKER };
    provision::consumer(&system.bus(Service::Provision).await, impatient, 1).await.unwrap();
    system.bus(Service::Vestnik).await.publish_all(&credits(0..20)).await.unwrap();
    let go_on = Arc::new(Semaphore::new(0));
    let act = |inside: Arc<AtomicBool>| {
        let go_on = go_on.clone();
        move |_: &[(i64, u32)]| {
            inside.store(true, Ordering::Relaxed);
            Act::Wait(go_on.clone())
        }
    };
    let (first, second) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let one = work(&system, ORDER_WORKER, OPTIONS, act(first.clone())).await;
    wait_for("the first to hold a batch", async || first.load(Ordering::Relaxed)).await;
    let other = work(&system, ORDER_WORKER, OPTIONS, act(second)).await;
    let provision = system.bus(Service::Provision).await;
    wait_for("the broker to deliver again", async || {
        provision.consumer_info(ORDER_WORKER.name).await.unwrap().num_redelivered > 0
    })
    .await;
    go_on.add_permits(1_000);
    handled_once(&system, 0..20).await;
    one.stop().await;
    other.stop().await;
    system.no_dead_letters().await;
}
