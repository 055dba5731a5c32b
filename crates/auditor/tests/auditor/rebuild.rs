use auditor::{RebuildOptions, Rebuilt, rebuild};
use events::{
    Event as _, Outgoing, Recorded, Service,
    chats::RetryRequested,
    subjects,
    users::{Role, RoleGranted, UserDisabled, UserRegistered},
};

use crate::world::{
    CUSTOMER, KEPT_ORDER, OPERATOR, PERSON, REPLY, World, accepted, credited, fact, held, topped_up,
};

const TABLES: [&str; 8] =
    ["users", "images", "orders", "balances", "ledger", "user_data", "chat_messages", "chat_message_edits"];

async fn into(world: &World, options: RebuildOptions) -> Rebuilt {
    rebuild(&world.bus, world.system.database_url(), &options, |_| {}).await.unwrap()
}

async fn is_the_same(world: &World, schema: &str) {
    for table in TABLES {
        let differing = world
            .count(&format!(
                "SELECT count(*) AS count FROM (
                     (TABLE public.{table} EXCEPT TABLE {schema}.{table})
                     UNION ALL (TABLE {schema}.{table} EXCEPT TABLE public.{table})) AS differing"
            ))
            .await;
        assert_eq!(differing, 0, "{table}");
        assert!(world.count(&format!("SELECT count(*) AS count FROM {table}")).await > 0, "{table} is empty");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_gives_every_table_again() {
    let world = World::with_a_story().await;
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    assert_eq!((rebuilt.position, rebuilt.events, rebuilt.repeated), (20, 20, 0));
    assert!(rebuilt.undecodable.is_empty() && rebuilt.refused.is_empty() && rebuilt.gaps.is_empty());
    assert!(rebuilt.orphans.is_empty(), "{:?}", rebuilt.orphans);
    is_the_same(&world, "again").await;
    let keys = "SELECT count(*) AS count FROM pg_constraint
                WHERE contype = 'f' AND connamespace = '{}'::regnamespace";
    let (live, again) = (keys.replace("{}", "public"), keys.replace("{}", "again"));
    assert_eq!(world.count(&again).await, world.count(&live).await, "foreign keys are back");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_log_gives_empty_tables() {
    let world = World::empty().await;
    assert_eq!(into(&world, RebuildOptions::into("again")).await.position, 0);
    assert_eq!(world.count("SELECT count(*) AS count FROM again.users").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_where_it_was_broken_off() {
    let world = World::with_a_story().await;
    for up_to in [3, 8, 15] {
        let part = RebuildOptions { up_to: Some(up_to), batch: 2, ..RebuildOptions::into("again") };
        assert_eq!(into(&world, part).await.position, up_to);
    }
    let rest = into(&world, RebuildOptions::into("again")).await;
    assert_eq!((rest.position, rest.events), (20, 5));
    is_the_same(&world, "again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_touches_no_schema_but_its_own() {
    let world = World::with_a_story().await;
    let url = world.system.database_url();
    for (schema, said) in [("public", "live tables"), ("pg_catalog", "no rebuild has made")] {
        let options = RebuildOptions::into(schema);
        let error = rebuild(&world.bus, url, &options, |_| {}).await.unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_that_were_published_out_of_order_are_folded_in_order() {
    let world = World::empty().await;
    let late = [
        fact(Service::OrderWorker, Some(3), &held(CUSTOMER, KEPT_ORDER, 1_350_000, 150_000)),
        fact(Service::OrderWorker, Some(2), &topped_up(CUSTOMER, 500_000, 1_500_000, 0)),
        fact(Service::OrderWorker, Some(1), &accepted(KEPT_ORDER, CUSTOMER, None)),
        fact(Service::OrderWorker, Some(1), &credited(CUSTOMER, 1_000_000)),
    ];
    for one in &late {
        world.publish(Service::OrderWorker, one).await;
    }
    // Even the customer comes last: the edge died before it could publish.
    let registered = events::users::UserRegistered {
        user_id: CUSTOMER,
        ..<events::users::UserRegistered as events::Event>::sample()
    };
    let registered = fact(Service::HttpEdge, None, &registered);
    world.publish(Service::HttpEdge, &registered).await;
    let in_order: Vec<Recorded> =
        [&registered, &late[3], &late[1], &late[2], &late[0]].map(|one| one.recorded().unwrap()).into();
    world.apply(&in_order, None).await;

    // In pieces, so that what waits has to be remembered.
    for up_to in 1..=4 {
        let part = RebuildOptions { up_to: Some(up_to), ..RebuildOptions::into("again") };
        let gaps = into(&world, part).await.gaps;
        assert_eq!(gaps.len(), usize::from(up_to < 4), "{gaps:?}");
    }
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    assert!(rebuilt.gaps.is_empty() && rebuilt.refused.is_empty() && rebuilt.orphans.is_empty());
    for table in ["users", "orders", "balances", "ledger"] {
        let differing =
            format!("SELECT count(*) AS count FROM (TABLE {table} EXCEPT TABLE again.{table}) AS differing");
        assert_eq!(world.count(&differing).await, 0, "{table}");
    }
    assert_eq!(world.count("SELECT count(*) AS count FROM again.ledger").await, 3);
}

/// The edge commits a registration and dies; the command grants a role and shuts the account at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_about_a_user_before_the_registration_is_published_is_not_lost() {
    let world = World::empty().await;
    let registered =
        UserRegistered { user_id: CUSTOMER, phone: "+79241242417".into(), ..UserRegistered::sample() };
    let registered = fact(Service::HttpEdge, None, &registered);
    let row = world.commit_only(Service::HttpEdge, std::slice::from_ref(&registered)).await;
    world.commit(Service::Vestnik, None, RoleGranted { user_id: CUSTOMER, role: Role::Operator }).await;
    let shut = UserDisabled { user_id: CUSTOMER, reason: "sold".into() };
    world.commit(Service::Vestnik, None, shut).await;
    world.relay(Service::HttpEdge).await.publish(row, &[registered]).await.unwrap();
    // In pieces, so that what waits has to be remembered.
    for up_to in 1..=2 {
        let part = RebuildOptions { up_to: Some(up_to), ..RebuildOptions::into("again") };
        assert_eq!(into(&world, part).await.gaps[0].owner, format!("users.{CUSTOMER}"));
    }
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    assert!(rebuilt.gaps.is_empty() && rebuilt.repeated == 0, "{rebuilt}");
    let differing = "SELECT count(*) AS count FROM (TABLE users EXCEPT TABLE again.users) AS differing";
    assert_eq!(world.count(differing).await, 0);
    assert_eq!(world.count("SELECT count(*) AS count FROM again.users WHERE role = 'OPERATOR'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_the_log_lacks_is_told() {
    let world = World::empty().await;
    world.register(CUSTOMER, "+79241242417").await;
    world.commit(Service::OrderWorker, Some(1), credited(CUSTOMER, 1)).await;
    let third = fact(Service::OrderWorker, Some(3), &topped_up(CUSTOMER, 1, 3, 0));
    let sequence = world.publish(Service::OrderWorker, &third).await;
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    let gap = &rebuilt.gaps[0];
    assert_eq!((gap.missing, gap.waiting, gap.sequence), (2, 3, sequence));
    assert_eq!(gap.owner, format!("accounts.{CUSTOMER}"));
    assert_eq!(world.count("SELECT count(*) AS count FROM again.ledger").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_refers_to_nothing_is_told() {
    let world = World::empty().await;
    let accepted = fact(Service::OrderWorker, Some(1), &accepted(KEPT_ORDER, CUSTOMER, None));
    world.publish(Service::OrderWorker, &accepted).await;
    let orphans = into(&world, RebuildOptions::into("again")).await.orphans;
    assert_eq!(orphans.len(), 1, "{orphans:?}");
    assert_eq!(orphans[0].table, "orders");
    assert!(orphans[0].detail.contains(&CUSTOMER.to_string()), "{orphans:?}");
}

/// The broker knows an id for two minutes only; a copy without a message id stands for one that comes later.
#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_is_twice_in_the_log_is_folded_once() {
    let world = World::with_a_story().await;
    let retry = RetryRequested { user_id: PERSON, message_id: REPLY, operator_id: OPERATOR };
    let failed = events::chats::ReplyFailed {
        user_id: PERSON,
        message_id: REPLY,
        attempt: 3,
        ..<events::chats::ReplyFailed as events::Event>::sample()
    };
    let again = Outgoing::request(Service::HttpEdge, "test", retry);
    for (service, event) in
        [(Service::HttpEdge, again.clone()), (Service::BotBridge, fact(Service::BotBridge, None, &failed))]
    {
        let position = Some(world.publish(service, &event).await);
        let recorded = Recorded { position, ..event.recorded().unwrap() };
        world.apply(&[recorded], Some(subjects::CHAT_WORKER.name)).await;
    }
    let mut headers = again.meta.to_headers();
    for (name, values) in std::mem::take(&mut headers).iter() {
        if name.to_string() != "Nats-Msg-Id" {
            headers.insert(name.clone(), values[0].clone());
        }
    }
    let edge = world.system.bus(Service::HttpEdge).await;
    let copy = again.body.clone().into();
    edge.jetstream().publish_with_headers(again.subject.clone(), headers, copy).await.unwrap().await.unwrap();
    let rebuilt = into(&world, RebuildOptions { batch: 1, ..RebuildOptions::into("again") }).await;
    assert_eq!((rebuilt.position, rebuilt.events, rebuilt.repeated), (23, 23, 1));
    is_the_same(&world, "again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_is_told_and_passed_over() {
    let world = World::with_a_story().await;
    let edge = world.system.bus(Service::HttpEdge).await;
    for (subject, body) in [("users.nobody.signed-in", "{}"), ("orders.nonsense.requested", "not JSON")] {
        edge.jetstream().publish(subject, body.into()).await.unwrap().await.unwrap();
    }
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    assert_eq!(rebuilt.position, 22);
    let told: Vec<(u64, &str)> =
        rebuilt.undecodable.shown.iter().map(|one| (one.sequence, one.subject.as_str())).collect();
    assert_eq!(told, [(21, "users.nobody.signed-in"), (22, "orders.nonsense.requested")]);
    is_the_same(&world, "again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_facts_that_claim_one_version_are_told() {
    let world = World::empty().await;
    world.register(CUSTOMER, "+79241242417").await;
    world.commit(Service::OrderWorker, Some(1), credited(CUSTOMER, 100)).await;
    let forged = fact(Service::OrderWorker, Some(1), &credited(CUSTOMER, 100_000_000));
    let sequence = world.publish(Service::OrderWorker, &forged).await;
    world.commit(Service::OrderWorker, Some(2), topped_up(CUSTOMER, 100, 200, 0)).await;
    let rebuilt = into(&world, RebuildOptions::into("again")).await;
    assert_eq!(rebuilt.refused.shown.iter().map(|one| one.sequence).collect::<Vec<_>>(), [sequence]);
    assert_eq!(world.count("SELECT available AS count FROM again.balances").await, 200);
}
