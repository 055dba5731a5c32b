use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use events::{
    Service,
    bus::provision,
    subjects::{DurableConsumer, ORDER_WORKER},
};
use testkit::{System, wait_for};
use tokio::sync::Semaphore;

use crate::teller::{Act, OPTIONS, answered, credits, handled_once, noted, numbers, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_the_broker_in_mid_batch_costs_nothing() {
    let mut system = System::start().await;
    let consumer = DurableConsumer { ack_wait: Duration::from_secs(2), ..ORDER_WORKER };
    provision::consumer(&system.bus(Service::Provision).await, consumer, 1).await.unwrap();
    system.bus(Service::Vestnik).await.publish_all(&credits(0..300)).await.unwrap();
    let (go_on, inside) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicBool::new(false)));
    let working = work(&system, consumer, OPTIONS, {
        let (go_on, inside) = (go_on.clone(), inside.clone());
        move |_| {
            let first = !inside.swap(true, Ordering::Relaxed);
            if first { Act::Wait(go_on.clone()) } else { Act::Answer }
        }
    })
    .await;
    wait_for("a transaction to be open", async || inside.load(Ordering::Relaxed)).await;
    let store = system.store().clone();
    system
        .crash_nats(async {
            go_on.add_permits(1);
            wait_for("the transaction to be committed", async || {
                let mut conn = store.conn().await.unwrap();
                store::outbox::backlog(&mut conn, None).await.unwrap() > 0
            })
            .await;
        })
        .await;
    handled_once(&system, 0..300).await;
    working.stop().await;
    system.no_dead_letters().await;
}

/// A power failure takes what the broker had acknowledged and not synced: here, by going back to an older
/// copy of its files.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_lost_its_tail_gets_the_facts_again() {
    let mut system = System::start().await;
    let files = system.folder().join("store");
    let copy = system.folder().join("copy");
    let working = work(&system, ORDER_WORKER, OPTIONS, |_| Act::Answer).await;
    let bus = system.bus(Service::Vestnik).await;
    bus.publish_all(&credits(0..5)).await.unwrap();
    handled_once(&system, 0..5).await;
    system.crash_nats(async { copy_folder(&files, &copy).unwrap() }).await;
    bus.publish_all(&credits(5..10)).await.unwrap();
    handled_once(&system, 0..10).await;
    system
        .crash_nats(async {
            fs::remove_dir_all(&files).unwrap();
            copy_folder(&copy, &files).unwrap();
        })
        .await;
    wait_for("all facts to be in the log again", async || answered(&system).await.len() == 10).await;
    system.settle(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(answered(&system).await, (0..10).collect::<Vec<_>>());
    assert_eq!(noted(&system).await, (0..10).collect::<Vec<_>>());
    assert_eq!(system.log().await.len(), 15, "five wishes are gone, and no fact is there twice");
    let highest = numbers(&system, "SELECT max(sequence) AS number FROM outbox").await;
    assert!(highest[0] <= 15, "{highest:?}");
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
