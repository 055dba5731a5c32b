use events::{Service, bus::TailStart};
use testkit::Broker;

use crate::work::{credit, credits};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_event_is_stored_once() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    let wish = credit(1);
    let first = bus.publish(&wish).await.unwrap();
    let second = bus.publish(&wish).await.unwrap();
    assert_eq!((first.sequence, first.duplicate), (1, false));
    assert_eq!((second.sequence, second.duplicate), (1, true));
    assert_eq!(broker.log().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_stored_in_order_and_whole() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    let wishes = credits(0..2_000);
    let acknowledged = bus.publish_all(&wishes).await.unwrap();
    let sequences: Vec<u64> = acknowledged.iter().map(|one| one.sequence).collect();
    assert_eq!(sequences, (1..=2_000).collect::<Vec<_>>());
    for (wish, message) in wishes.iter().zip(broker.log().await) {
        assert_eq!(message.meta.as_ref().unwrap(), &wish.meta);
        assert_eq!(message.body, wish.body.as_bytes());
        message.decode().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tail_begins_where_it_is_told_to() {
    let broker = Broker::start().await;
    let bus = broker.bus(Service::Vestnik).await;
    bus.publish_all(&credits(0..10)).await.unwrap();
    let mut from_six = bus.tail(&["accounts.*.credit-requested"], TailStart::Sequence(6)).await.unwrap();
    let mut others = bus.tail(&["orders.>"], TailStart::Beginning).await.unwrap();
    let mut now = bus.tail(&[], TailStart::Now).await.unwrap();
    let six = from_six.next().await.unwrap().unwrap();
    assert_eq!((six.sequence, six.pending), (6, 4));
    // A tail opens with its first question.
    let (newest, _) = tokio::join!(now.next(), async {
        tokio::task::yield_now().await;
        bus.publish(&credit(10)).await.unwrap()
    });
    assert_eq!(newest.unwrap().unwrap().sequence, 11);
    assert!(futures::FutureExt::now_or_never(others.next()).is_none());
}
