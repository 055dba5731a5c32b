use std::time::Duration;

use auditor::{Report, Verdict, VerifyOptions, verify};
use events::{
    Event as _, Outgoing, Recorded, Service, chats::MessageReceived, letters::LetterDiscarded,
    orders::OrderScanned, subjects, users::UserDisabled,
};
use uuid::Uuid;

use crate::world::{
    CUSTOMER, GONE_ORDER, IMAGE, KEPT_ORDER, MESSAGE, PERSON, World, accepted, credited, fact, held,
    received, topped_up,
};

/// What is in motion here stays so.
const OPTIONS: VerifyOptions = VerifyOptions { patience: Duration::from_millis(100), batch: 7, rows: 1_000 };

async fn verified(world: &World) -> Report {
    verify(&world.bus, world.system.database_url(), &OPTIONS).await.unwrap()
}

/// `table key field` of each difference.
fn places(report: &Report) -> Vec<String> {
    let place = |difference: &auditor::Difference| {
        let field = difference.field.as_deref().unwrap_or("-");
        format!("{} {} {field}", difference.table, difference.key)
    };
    report.differences.iter().map(place).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_that_are_what_the_log_says_are_the_same() {
    let world = World::with_a_story().await;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.found.position, 20);
    assert_eq!(report.rows, 3 + 1 + 2 + 1 + 4 + 1 + 2 + 1 + 1 + 1 + 1);
    let left = "SELECT count(*) AS count FROM pg_namespace WHERE nspname LIKE 'auditor%'";
    assert_eq!(world.count(left).await, 0, "nothing is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_system_is_the_same() {
    let world = World::empty().await;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.found.position, report.rows), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_auditor_reads_its_mirror() {
    let mut world = World::with_a_story().await;
    let bus = world.system.bus(Service::Auditor).await;
    let error = verify(&bus, world.system.database_url(), &OPTIONS).await.unwrap_err();
    assert!(error.to_string().contains("no mirror AUDIT"), "{error}");
    world.system.provision_audit().await;
    world.bus = bus;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.found.position, 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_field_is_found_with_both_values_and_its_event() {
    let world = World::with_a_story().await;
    world.sql(&format!("UPDATE orders SET title = 'Другое' WHERE id = '{KEPT_ORDER}'")).await;
    let report = verified(&world).await;
    assert_eq!(report.verdict(), Verdict::Different);
    assert_eq!(places(&report), [format!("orders {KEPT_ORDER} title")]);
    let difference = &report.differences[0];
    assert_eq!(difference.live.as_ref().unwrap(), "Другое");
    assert_eq!(difference.rebuilt.as_ref().unwrap(), "Подписка на канал");
    let responsible = difference.responsible.as_ref().unwrap();
    assert_eq!((responsible.sequence, responsible.event_type.as_str()), (7, "vestnik.order.accepted.v1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_found_in_every_table() {
    let world = World::with_a_story().await;
    let customer = format!("'{CUSTOMER}'");
    for (table, key, field, value, condition, event) in [
        ("users", CUSTOMER.to_string(), "role", "'ADMIN'", format!("id = {customer}"), "user.registered"),
        ("images", IMAGE.to_string(), "width", "width + 1", "true".into(), "image.rendered"),
        (
            "orders",
            GONE_ORDER.to_string(),
            "status",
            "'open'",
            "status = 'cancelled'".into(),
            "order.cancelled",
        ),
        ("balances", CUSTOMER.to_string(), "available", "available + 1", "true".into(), "account.released"),
        ("ledger", format!("{CUSTOMER}/1"), "amount", "amount + 1", "version = 1".into(), "account.credited"),
        (
            "user_data",
            PERSON.to_string(),
            "operator_chat_status",
            "'open'",
            "true".into(),
            "chat.bot-blocked",
        ),
        (
            "chat_messages",
            MESSAGE.to_string(),
            "verified",
            "false",
            "direction = 'in'".into(),
            "chat.message-received",
        ),
        (
            "chat_message_edits",
            format!("{MESSAGE}/14"),
            "previous_text",
            "'?'",
            "true".into(),
            "chat.message-edited",
        ),
    ] {
        let mut column =
            world.text(&format!("SELECT {field}::text AS text FROM {table} WHERE {condition}")).await;
        column = format!("'{column}'");
        world.sql(&format!("UPDATE {table} SET {field} = {value} WHERE {condition}")).await;
        let report = verified(&world).await;
        assert_eq!(places(&report), [format!("{table} {key} {field}")], "{report}");
        let responsible = report.differences[0].responsible.as_ref().expect(table);
        assert_eq!(responsible.event_type, format!("vestnik.{event}.v1"), "{table}");
        let back = condition.replace("status = 'cancelled'", "version = 2");
        world.sql(&format!("UPDATE {table} SET {field} = {column} WHERE {back}")).await;
    }
    assert!(verified(&world).await.is_clean());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_row_and_an_added_row_are_found() {
    let world = World::with_a_story().await;
    world.sql("DELETE FROM chat_message_edits").await;
    let added = Uuid::from_u128(0xEE);
    world
        .sql(&format!(
            "INSERT INTO images SELECT '{added}', owner_id, source_image_id, target_url, 'uploaded', width,
                 height, original, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, created_at, updated_at
             FROM images"
        ))
        .await;
    let report = verified(&world).await;
    assert_eq!(
        places(&report),
        [format!("chat_message_edits {MESSAGE}/14 -"), format!("images {added} -")],
        "{report}"
    );
    let [removed, added] = &report.differences[..] else { panic!("{report}") };
    assert!(removed.live.is_none() && removed.rebuilt.is_some());
    assert_eq!(removed.responsible.as_ref().unwrap().sequence, 14);
    assert!(added.live.is_some() && added.rebuilt.is_none());
    assert!(added.responsible.is_none(), "no event says so");
}

#[tokio::test(flavor = "multi_thread")]
async fn money_from_nowhere_is_found_twice() {
    let world = World::with_a_story().await;
    world.sql("UPDATE balances SET available = available + 100000").await;
    let report = verified(&world).await;
    assert_eq!(places(&report), [format!("balances {CUSTOMER} available")]);
    assert_eq!(report.money.len(), 1, "{report}");
    assert!(report.money[0].what.contains("available is 950000, the ledger says 850000"), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_ledger_entry_breaks_the_versions() {
    let world = World::with_a_story().await;
    world.sql("DELETE FROM ledger WHERE version = 2").await;
    let report = verified(&world).await;
    assert_eq!(places(&report), [format!("ledger {CUSTOMER}/2 -")]);
    let told = report.money.iter().map(|fault| fault.what.as_str()).collect::<Vec<_>>().join("\n");
    assert!(told.contains("3 entries up to version 4"), "{told}");
    assert!(told.contains("held is 150000, the ledger says 0"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_is_committed_but_not_published_is_no_difference() {
    let world = World::with_a_story().await;
    let fact = fact(Service::OrderWorker, Some(5), &topped_up(CUSTOMER, 50, 850_050, 150_000));
    let row = world.commit_only(Service::OrderWorker, std::slice::from_ref(&fact)).await;
    let report = verified(&world).await;
    assert_eq!(report.verdict(), Verdict::Unsure, "{report}");
    assert_eq!(report.unsettled[0].owner, format!("accounts.{CUSTOMER}"));

    let relay = world.relay(Service::OrderWorker).await;
    relay.publish(row, &[fact]).await.unwrap();
    relay.catch_up().await.unwrap();
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_its_worker_has_yet_to_handle_is_no_difference() {
    let world = World::with_a_story().await;
    let message = Outgoing::request(Service::BotBridge, "test", received(PERSON, Uuid::now_v7(), 18));
    let position = world.publish(Service::BotBridge, &message).await;
    // Whoever is not in motion is compared all the same.
    world.sql("UPDATE images SET height = height + 1").await;
    let report = verified(&world).await;
    assert_eq!(places(&report), [format!("images {IMAGE} height")], "{report}");
    assert_eq!(report.unsettled[0].owner, format!("chats.{PERSON}"));

    world.sql("UPDATE images SET height = height - 1").await;
    let recorded = events::Recorded { position: Some(position), ..message.recorded().unwrap() };
    world.apply(&[recorded], Some(subjects::CHAT_WORKER.name)).await;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_the_log_does_not_know_is_found_even_if_the_inbox_has_it() {
    let world = World::with_a_story().await;
    let message = Outgoing::request(Service::BotBridge, "test", received(555, Uuid::now_v7(), 1));
    let recorded = events::Recorded { position: Some(99), ..message.recorded().unwrap() };
    world.apply(&[recorded], Some(subjects::CHAT_WORKER.name)).await;
    let report = verified(&world).await;
    assert!(places(&report).contains(&"user_data 555 -".to_owned()), "{report}");
}

/// Users write, are paid and chat while it is verified, again and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_system_shows_no_false_difference() {
    let world = World::with_a_story().await;
    let stop = std::sync::atomic::AtomicBool::new(false);
    let writing = async {
        let mut number: i64 = 0;
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            number += 1;
            let user = Uuid::from_u128(0xF000 + number.cast_unsigned() as u128);
            world.register(user, &format!("+7900{number:07}")).await;
            let facts = [
                fact(Service::OrderWorker, Some(1), &credited(user, 100)),
                fact(Service::OrderWorker, Some(2), &topped_up(user, 100, 200, 0)),
            ];
            world.commit_all(Service::OrderWorker, &facts).await;
            let message = MessageReceived {
                telegram_message_id: Some(number),
                ..received(900 + number % 5, Uuid::now_v7(), number)
            };
            world.hear(Service::BotBridge, subjects::CHAT_WORKER.name, message).await;
        }
        number
    };
    let verifying = async {
        for _ in 0..5 {
            let report = verified(&world).await;
            assert!(report.differences.is_empty() && report.money.is_empty(), "{report}");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    };
    let (written, ()) = tokio::join!(writing, verifying);
    assert!(written > 5, "only {written} rounds were written meanwhile");
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_are_folded_even_if_the_log_has_them_before_their_order() {
    let world = World::empty().await;
    world.register(CUSTOMER, "+79241242417").await;
    // The worker died between its commit and its publishing, and the edge knew the order already.
    let sample = OrderScanned::sample();
    let scanned = OrderScanned { order_id: KEPT_ORDER, customer_id: CUSTOMER, ..sample.clone() };
    let scanned = Outgoing::request(Service::HttpEdge, "http-edge", scanned);
    let position = Some(world.publish(Service::HttpEdge, &scanned).await);
    world.commit(Service::OrderWorker, Some(1), accepted(KEPT_ORDER, CUSTOMER, None)).await;
    world.commit(Service::OrderWorker, Some(1), credited(CUSTOMER, 1_000_000)).await;
    world.commit(Service::OrderWorker, Some(2), held(CUSTOMER, KEPT_ORDER, 850_000, 150_000)).await;
    let unhandled = verified(&world).await;
    assert!(unhandled.differences.is_empty() && unhandled.unsettled.len() == 1, "{unhandled}");

    let recorded = Recorded { position, ..scanned.recorded().unwrap() };
    world.apply(&[recorded], Some(subjects::ORDER_WORKER_SCANS.name)).await;
    let again = OrderScanned { order_id: KEPT_ORDER, customer_id: CUSTOMER, ..sample };
    world.hear(Service::HttpEdge, subjects::ORDER_WORKER_SCANS.name, again).await;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.rows, 1 + 1 + 1 + 2 + 1);

    world.sql("UPDATE order_scans SET scans = scans + 1").await;
    let report = verified(&world).await;
    let difference = &report.differences[0];
    assert_eq!((difference.table, difference.field.as_deref()), ("order_scans", Some("scans")));
    assert_eq!((difference.live.clone(), difference.rebuilt.clone()), (Some(3.into()), Some(2.into())));
    assert_eq!(difference.responsible.as_ref().unwrap().event_type, "vestnik.order.scanned.v1");
}

#[tokio::test(flavor = "multi_thread")]
async fn shut_accounts_and_settled_letters_are_what_the_log_says() {
    let world = World::with_a_story().await;
    let shut = UserDisabled { user_id: CUSTOMER, reason: "sold".into() };
    world.commit(Service::HttpEdge, None, shut).await;
    let letter =
        LetterDiscarded { consumer: "order-worker".into(), sequence: 3, ..LetterDiscarded::sample() };
    world.commit(Service::HttpEdge, None, letter).await;
    let report = verified(&world).await;
    assert!(report.is_clean(), "{report}");
    world.sql("UPDATE letters_settled SET reason = 'nobody said so'").await;
    world.sql(&format!("UPDATE users SET disabled_reason = 'for fun' WHERE id = '{CUSTOMER}'")).await;
    let report = verified(&world).await;
    assert_eq!(
        places(&report),
        ["letters_settled order-worker/3 reason".to_owned(), format!("users {CUSTOMER} disabled_reason")],
        "{report}"
    );
}
