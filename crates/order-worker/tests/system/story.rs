use events::{
    Event as _, LogEvent, Outgoing, Service,
    images::ImageUploaded,
    orders::{OrderContent, OrderEvent, OrderRequested, OrderStatus, RefusalCode, RejectionCode, short_code},
    users::Role,
};
use uuid::Uuid;

use crate::scene::{Scene, content, open_ones, order};

async fn refusal(scene: &Scene, order: Uuid) -> (RefusalCode, Option<Uuid>) {
    match scene.last(order).await {
        LogEvent::Order(OrderEvent::OrderRequestRefused(refused)) => {
            (refused.code, refused.existing_order_id)
        }
        other => panic!("not a refusal: {}", other.name()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_accepted_and_cancelled() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let wish = order(customer, 60_000);
    scene.publish(wish.clone()).await;
    scene.settle().await;

    let row = scene.order(customer, wish.order_id).await.expect("the order");
    assert_eq!((row.status, row.version), (OrderStatus::Open, 1));
    assert_eq!(row.content, events::orders::rules::normalise(wish.content.clone()));
    assert_eq!(row.content_hash, row.content.hash());
    let balance = scene.balance(customer).await;
    assert_eq!((balance.available, balance.held, balance.version), (40_000, 60_000, 2));
    assert_eq!(scene.order(Uuid::now_v7(), wish.order_id).await, None, "nobody else's");

    scene.cancel(wish.order_id, customer).await;
    scene.cancel(wish.order_id, customer).await;
    scene.settle().await;
    let row = scene.order(customer, wish.order_id).await.expect("the order");
    assert_eq!((row.status, row.version), (OrderStatus::Cancelled, 2));
    let balance = scene.balance(customer).await;
    assert_eq!((balance.available, balance.held, balance.version), (100_000, 0, 3));
    let timeline = scene.timeline(wish.order_id).await;
    for name in ["order.requested", "order.accepted", "order.cancelled", "order.cancel-refused"] {
        assert!(timeline.contains(&name), "{name} is missing in {timeline:?}");
    }
    assert_eq!(timeline.len(), 6);
    let mut conn = scene.system.conn().await;
    let entries = store::accounts::entries(&mut conn, customer, None, 100).await.unwrap();
    drop(conn);
    let kinds: Vec<(&str, i64)> = entries.iter().map(|entry| (entry.kind.as_str(), entry.amount)).collect();
    assert_eq!(kinds, [("release", 60_000), ("hold", 60_000), ("credit", 100_000)]);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_may_not_be_leaves_a_rejected_row() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(20_000).await;
    let executor = scene.user(Role::Executor).await;
    let too_dear = order(customer, 20_001);
    let not_a_customer = order(executor, 10_000);
    let mut no_picture = order(customer, 10_000);
    no_picture.content.image_id = Some(Uuid::now_v7());
    for wish in [&too_dear, &not_a_customer, &no_picture] {
        scene.publish(wish.clone()).await;
    }
    scene.settle().await;
    for (wish, code) in [
        (&too_dear, RejectionCode::InsufficientBalance),
        (&not_a_customer, RejectionCode::NotACustomer),
        (&no_picture, RejectionCode::ImageNotAvailable),
    ] {
        let row = scene.order(wish.customer_id, wish.order_id).await.expect("a row");
        assert_eq!((row.status, row.rejection), (OrderStatus::Rejected, Some(code)));
    }
    assert_eq!(scene.balance(customer).await.held, 0);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_may_show_the_customers_own_picture() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let image_id = Uuid::now_v7();
    let mut wish = order(customer, 10_000);
    wish.content.image_id = Some(image_id);
    let event = ImageUploaded {
        image_id,
        owner_id: customer,
        source_image_id: None,
        target_url: Some(format!("https://vestnik.example/q/{}", short_code(wish.order_id))),
        ..ImageUploaded::sample()
    };
    let uploaded = Outgoing::request(Service::HttpEdge, "test", event);
    scene.edge.publish(&uploaded).await.unwrap();
    let mut conn = scene.system.conn().await;
    store::apply(&mut conn, &[uploaded.recorded().unwrap()]).await.unwrap();
    drop(conn);
    scene.publish(wish.clone()).await;
    scene.settle().await;
    let row = scene.order(customer, wish.order_id).await.expect("the order");
    assert_eq!((row.status, row.content.image_id), (OrderStatus::Open, Some(image_id)));
    assert!(!row.image_rendered);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_not_an_order_is_refused_and_leaves_no_row() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let other = scene.customer(100_000).await;
    let nobody = order(Uuid::now_v7(), 10_000);
    let mut invalid = order(customer, 10_000);
    invalid.content.target_url = "javascript:alert(1)".into();
    let good = order(customer, 10_000);
    let repeated = OrderRequested { order_id: Uuid::now_v7(), guard_duplicates: true, ..good.clone() };
    for wish in [&nobody, &invalid, &good, &repeated] {
        scene.publish(wish.clone()).await;
    }
    scene.settle().await;
    assert_eq!(refusal(&scene, nobody.order_id).await.0, RefusalCode::UserNotFound);
    assert_eq!(refusal(&scene, invalid.order_id).await.0, RefusalCode::Invalid);
    let expected = (RefusalCode::PossibleDuplicate, Some(good.order_id));
    assert_eq!(refusal(&scene, repeated.order_id).await, expected);
    for wish in [&nobody, &invalid, &repeated] {
        assert_eq!(scene.order(wish.customer_id, wish.order_id).await, None);
    }
    for wish in [
        OrderRequested { content: content(10_001), ..good.clone() },
        OrderRequested { customer_id: other, ..good.clone() },
    ] {
        scene.publish(wish).await;
        scene.settle().await;
        assert_eq!(refusal(&scene, good.order_id).await.0, RefusalCode::IdempotencyMismatch);
    }
    assert_eq!(scene.balance(customer).await.held, 10_000);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_goes_on_where_it_ended() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let mut ids = Vec::new();
    for _ in 0..7 {
        let wish = order(customer, 20_000);
        ids.push(wish.order_id);
        scene.publish(wish).await;
    }
    scene.settle().await;
    let mut conn = scene.system.conn().await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = store::orders::list(&mut conn, customer, &store::orders::Filter::default(), after, 3)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.created_at, last.id));
        seen.extend(page.iter().map(|order| order.id));
    }
    let open = store::orders::list(&mut conn, customer, &open_ones(), None, 100).await.unwrap();
    drop(conn);
    let sorted = |mut ids: Vec<Uuid>| {
        ids.sort();
        ids
    };
    assert_eq!(sorted(seen), sorted(ids));
    assert_eq!(open.len(), 5, "100,000 pay for five");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_a_table_could_not_hold_harms_nobody() {
    let scene = Scene::with_workers(1).await;
    let customer = scene.customer(100_000).await;
    let mut wish = order(customer, 10_000);
    wish.content = OrderContent {
        title: "\u{0}За\u{0}дание\r\n".into(),
        description: "a\u{0}\nb".into(),
        ..wish.content
    };
    scene.publish(wish.clone()).await;
    scene.settle().await;
    let row = scene.order(customer, wish.order_id).await.expect("the order");
    assert_eq!((row.content.title.as_str(), row.content.description.as_str()), ("Задание", "a\nb"));
    scene.end().await;
}
