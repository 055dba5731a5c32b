use async_nats::HeaderMap;
use events::{
    Meta, Outgoing, Service, bus::consume::Verdict, letters::LetterRedriven, subjects::ORDER_WORKER,
};
use testkit::Broker;

use crate::work::{OPTIONS, Recorder, all_done, credit, credits, work};

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_message_is_kept_with_its_reason_and_never_comes_again() {
    let broker = Broker::start().await;
    let wishes = credits(0..3);
    broker.bus(Service::Vestnik).await.publish_all(&wishes).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<(i64, u32)>| {
        let verdict = |amount| match amount {
            1 => Verdict::Reject("no account\nof this user".into()),
            _ => Verdict::Done,
        };
        Ok(messages.iter().map(|(amount, _)| verdict(*amount)).collect())
    });
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(3).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    assert_eq!(recorder.done(), [0, 1, 2]);
    let dead = broker.dead().await;
    assert_eq!(dead.len(), 1);
    let header = |name: &str| dead[0].headers.get(name).unwrap().as_str();
    assert_eq!(dead[0].subject.as_str(), format!("dead.order-worker.{}.2", wishes[1].subject));
    assert_eq!(dead[0].payload, wishes[1].body);
    assert_eq!(header("vestnik-dead-reason"), "no account of this user");
    assert_eq!(header("vestnik-dead-consumer"), "order-worker");
    assert_eq!(header("vestnik-dead-subject"), wishes[1].subject);
    assert_eq!(header("vestnik-dead-sequence"), "2");
    assert_eq!(header("vestnik-dead-attempts"), "1");
    assert_eq!(header("ce-id"), wishes[1].meta.id.to_string());
    assert_eq!(header("ce-type"), wishes[1].meta.ce_type);
}

/// Each of these is of a kind that another program, or a mistake, can bring about.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_kept_with_its_reason_and_harms_nothing_else() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::HttpEdge).await;
    let subject = credit(0).subject;
    let altered = |alter: &dyn Fn(&mut Meta)| {
        let mut wish = credit(99);
        alter(&mut wish.meta);
        (wish.meta.to_headers(), wish.body)
    };
    let mut other_id = altered(&|_| {});
    other_id.0.insert("Nats-Msg-Id", "another");
    let mut old = altered(&|_| {});
    old.0.insert("ce-specversion", "0.3");
    let sample = credit(99).body;
    let cases = [
        ("the header ce-id is missing", "", (HeaderMap::new(), sample.clone())),
        ("ce-specversion", "", old),
        ("Nats-Msg-Id", "", other_id),
        ("is not known to this version", "", altered(&|meta| meta.ce_type = "vestnik.order.asked.v9".into())),
        ("is not a valid account.credit-requested", "", (credit(99).meta.to_headers(), "{".into())),
        (
            "is not a valid account.credit-requested",
            "",
            (credit(99).meta.to_headers(), "{\"amount\":1}".into()),
        ),
        ("does not belong to account.credit-requested", "accounts.other.credit-requested", altered(&|_| {})),
        ("does not belong to account.credit-requested", "orders.other.requested", altered(&|_| {})),
        ("bot-bridge may not publish", "", altered(&|meta| meta.source = "bot-bridge".into())),
        ("nobody may not publish", "", altered(&|meta| meta.source = "nobody".into())),
    ];
    for (index, (_, on, (headers, body))) in (0..).zip(&cases) {
        bus.publish(&credit(index)).await.unwrap();
        let subject = if on.is_empty() { subject.clone() } else { (*on).to_owned() };
        let stored = bus.jetstream().publish_with_headers(subject, headers.clone(), body.clone().into());
        stored.await.unwrap().await.unwrap();
    }
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(cases.len()).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    let good: Vec<i64> = (0..).take(cases.len()).collect();
    assert_eq!(recorder.done(), good, "nothing but the good ones reached the handler");
    let dead = broker.dead().await;
    assert_eq!(dead.len(), cases.len());
    for ((expected, _, (_, body)), dead) in cases.iter().zip(&dead) {
        let reason = dead.headers.get("vestnik-dead-reason").unwrap().as_str();
        assert!(reason.contains(expected), "{reason:?} instead of {expected:?}");
        assert_eq!(dead.payload, body.as_bytes());
    }
}

/// A message that fits into the log must also fit into the dead letters, where it has more headers.
#[tokio::test(flavor = "multi_thread")]
async fn the_largest_message_can_be_given_up() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    let largest = "x".repeat(1_048_576);
    bus.jetstream().publish(credit(0).subject, largest.into()).await.unwrap().await.unwrap();
    bus.publish(&credit(1)).await.unwrap();
    let recorder = Recorder::new(async |messages: Vec<_>| all_done(&messages));
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    recorder.wait_until_done(1).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    let dead = broker.dead().await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].headers.get("vestnik-dead-sequence").unwrap().as_str(), "1");
    assert_eq!(dead[0].headers.get("vestnik-dead-truncated").unwrap().as_str(), "1048576");

    // A wish to try it again helps nothing, and what was lost stays known.
    let subject = credit(0).subject;
    let wish = LetterRedriven { consumer: "order-worker".into(), sequence: 1, subject };
    bus.publish(&Outgoing::request(Service::Vestnik, "test", wish)).await.unwrap();
    let working = work(&broker, ORDER_WORKER, OPTIONS, recorder.clone()).await;
    broker.consumed(&[ORDER_WORKER]).await;
    working.stop().await;
    let dead = broker.dead().await;
    assert_eq!(dead.len(), 2);
    assert_eq!(dead[1].headers.get("vestnik-dead-truncated").unwrap().as_str(), "1048576");
    assert!(!bus.letter("order-worker", 3).await.unwrap().unwrap().is_redrivable());
}
