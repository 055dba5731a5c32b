use std::time::{Duration, Instant};

use diesel::sql_types::BigInt;
use diesel_async::RunQueryDsl as _;
use events::{
    Service,
    subjects::{BOT_BRIDGE, BOT_BRIDGE_FILES, CHAT_WORKER, DurableConsumer, ORDER_WORKER},
};
use testkit::wait_for;
use tokio::time::sleep;

use super::stage::Stage;

/// What a killed process had in hand is given to the next one after up to 60 s (the bridge's files).
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Waits until nothing is left to do.
pub(crate) async fn wait(stage: &Stage) {
    let began = Instant::now();
    loop {
        let left = left(stage).await;
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "after {PATIENCE:?} there are still: {}", left.join(", "));
        sleep(Duration::from_millis(200)).await;
    }
}

async fn left(stage: &Stage) -> Vec<String> {
    let mut left = Vec::new();
    let mut note = |number: i64, what: &str| {
        if number > 0 {
            left.push(format!("{number} {what}"));
        }
    };
    note(
        i64::try_from(stage.sim.updates_pending()).expect("a number"),
        "updates that the bot has not fetched",
    );
    let bus = stage.system.bus(Service::Provision).await;
    let consumers = [ORDER_WORKER, CHAT_WORKER, BOT_BRIDGE, BOT_BRIDGE_FILES];
    for lane in consumers.iter().flat_map(DurableConsumer::lanes) {
        let info = bus.consumer_info(&lane.name).await.expect("the consumer");
        note(info.num_pending.cast_signed(), &format!("events that {} has not seen", lane.name));
        let in_hand = i64::try_from(info.num_ack_pending).expect("a number");
        note(in_hand, &format!("events that {} has in hand", lane.name));
    }
    bus.close().await;
    for (what, question) in [
        ("rows of the outbox", "SELECT count(*) FROM outbox WHERE published_at IS NULL"),
        ("calls of the bridge", "SELECT count(*) FROM calls WHERE state IN ('queued', 'sending')"),
        (
            "replies queued",
            "SELECT count(*) FROM chat_messages WHERE delivery_state IN ('queued', 'sending')",
        ),
    ] {
        let mut conn = stage.system.conn().await;
        let row: Count = diesel::sql_query(question).get_result(&mut conn).await.expect("a count");
        note(row.count, what);
    }
    left
}

/// The log, replayed from the auditor's mirror, gives the database.
pub(crate) async fn replay(stage: &Stage) {
    let events = stage.system.bus(Service::Provision).await;
    let end = events.last_sequence().await.expect("the end of the log");
    events.close().await;
    let bus = stage.system.bus(Service::Auditor).await;
    wait_for("the mirror to have the whole log", async || bus.last_sequence().await.ok() == Some(end)).await;
    let report = auditor::verify(&bus, stage.system.database_url(), &auditor::VerifyOptions::default())
        .await
        .expect("the log can be verified");
    bus.close().await;
    assert!(report.is_clean(), "{report}");
    let found = &report.found;
    assert_eq!(found.position, end, "{report}");
    let wrong = found.undecodable.total + found.refused.total + report.given_up.total;
    assert!(wrong == 0 && found.gaps.is_empty() && found.orphans.is_empty(), "{report}");
}
