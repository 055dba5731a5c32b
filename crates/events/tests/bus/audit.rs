use events::{
    Service,
    bus::TailStart,
    subjects::{DURABLE_CONSUMERS, DurableConsumer},
};
use testkit::{Broker, wait_for};

use crate::{
    permissions::Intruder,
    work::{credit, credits},
};

#[tokio::test(flavor = "multi_thread")]
async fn the_mirror_has_the_same_events_under_the_same_sequences() {
    let mut broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    bus.publish_all(&credits(0..50)).await.unwrap();
    broker.provision_audit().await;
    broker.crash(async {}).await;
    bus.publish_all(&credits(50..100)).await.unwrap();
    let auditor = broker.bus(Service::Auditor).await;
    wait_for("the mirror to have everything", async || {
        auditor.last_sequence().await.is_ok_and(|last| last == 100)
    })
    .await;
    let mut tail = auditor.tail(&[], TailStart::Beginning).await.unwrap();
    for event in broker.log().await {
        let mirrored = tail.next().await.unwrap().unwrap();
        assert_eq!(mirrored.sequence, event.sequence);
        assert_eq!(mirrored.subject, event.subject);
        assert_eq!(mirrored.body, event.body);
        assert_eq!(mirrored.meta, event.meta);
        mirrored.decode().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mirror_is_out_of_reach_of_the_services_and_the_auditor_writes_nowhere() {
    let broker = Broker::start().await;
    broker.provision_audit().await;
    for service in Service::ALL {
        let intruder = Intruder::with_key_of(&broker, service).await;
        let auditors = [Service::Auditor, Service::AuditProvision];
        if !auditors.contains(&service) {
            let calls =
                ["STREAM.INFO.AUDIT", "STREAM.CREATE.AUDIT", "CONSUMER.CREATE.AUDIT.x", "DIRECT.GET.AUDIT"];
            intruder.are_refused(&calls.map(|call| format!("$JS.API.{call}"))).await;
        }
        let calls = ["DELETE", "PURGE", "MSG.DELETE"];
        intruder.are_refused(&calls.map(|call| format!("$JS.API.STREAM.{call}.AUDIT"))).await;
    }
    let auditor = Intruder::with_key_of(&broker, Service::Auditor).await;
    for subject in
        ["$JS.API.STREAM.UPDATE.AUDIT", "$JS.API.STREAM.CREATE.AUDIT", "$JS.API.STREAM.INFO.EVENTS"]
    {
        auditor.is_refused(subject).await;
    }
    // The door through which the mirror is fed is no door for the auditor.
    auditor.is_refused("JS.APP.API.CONSUMER.CREATE.EVENTS").await;
    auditor.is_refused(&credit(1).subject).await;
    let provision = broker.bus(Service::Provision).await;
    assert_eq!(provision.last_sequence().await.unwrap(), 0);
    for lane in DURABLE_CONSUMERS.iter().flat_map(DurableConsumer::lanes) {
        provision.consumer_info(&lane.name).await.unwrap();
    }
}
