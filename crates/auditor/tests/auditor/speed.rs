//! Run by hand: `cargo test --release -p auditor --test auditor speed -- --ignored --nocapture`

use std::time::Instant;

use auditor::{RebuildOptions, VerifyOptions, rebuild, verify};
use events::{Outgoing, Recorded, Service, subjects};
use uuid::Uuid;

use crate::world::{World, accepted, credited, fact, held, received};

const CUSTOMERS: u128 = 100;
const ORDERS_EACH: i64 = 75;
const MESSAGES: u128 = 5_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; tells nothing by passing"]
async fn a_log_of_twenty_thousand_events() {
    let world = World::empty().await;
    let mut facts = Vec::new();
    for number in 0..CUSTOMERS {
        let customer = Uuid::from_u128(0xF000 + number);
        world.register(customer, &format!("+7900{number:07}")).await;
        facts.push(fact(Service::OrderWorker, Some(1), &credited(customer, ORDERS_EACH * 150_000)));
        for order in 1..=ORDERS_EACH {
            let id = Uuid::now_v7();
            let spent = order * 150_000;
            facts.push(fact(Service::OrderWorker, Some(1), &accepted(id, customer, None)));
            let moved = held(customer, id, ORDERS_EACH * 150_000 - spent, spent);
            facts.push(fact(Service::OrderWorker, Some(order.cast_unsigned() + 1), &moved));
        }
    }
    for facts in facts.chunks(1_000) {
        world.commit_all(Service::OrderWorker, facts).await;
    }
    let messages: Vec<Outgoing> = (0..MESSAGES)
        .map(|number| {
            let message = received((number % 200) as i64, Uuid::now_v7(), number as i64);
            Outgoing::request(Service::BotBridge, "test", message)
        })
        .collect();
    for messages in messages.chunks(1_000) {
        let bus = world.relay(Service::BotBridge).await;
        let positions = bus.bus().publish_all(messages).await.unwrap();
        let recorded: Vec<Recorded> = messages
            .iter()
            .zip(positions)
            .map(|(message, ack)| Recorded { position: Some(ack.sequence), ..message.recorded().unwrap() })
            .collect();
        world.apply(&recorded, Some(subjects::CHAT_WORKER.name)).await;
    }

    let url = world.system.database_url();
    let rebuilt = rebuild(&world.bus, url, &RebuildOptions::into("again"), |_| {}).await.unwrap();
    println!("{rebuilt}: {:.0} events/s", rebuilt.events as f64 / rebuilt.elapsed.as_secs_f64());
    let started = Instant::now();
    let report = verify(&world.bus, url, &VerifyOptions::default()).await.unwrap();
    let whole = started.elapsed().as_secs_f64();
    println!("{report}: {:.0} events/s", report.found.events as f64 / whole);
    assert!(report.is_clean(), "{report}");
}
