use futures::future::join_all;

use crate::scene::{Scene, open_ones, order};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_requests_against_money_for_ten_give_exactly_ten() {
    let scene = Scene::with_workers(2).await;
    let customer = scene.customer(100_000).await;
    join_all((0..200).map(|_| scene.publish(order(customer, 10_000)))).await;
    scene.settle().await;
    let mut conn = scene.system.conn().await;
    let open = store::orders::list(&mut conn, customer, &open_ones(), None, 100).await.unwrap();
    drop(conn);
    assert_eq!(open.len(), 10);
    let balance = scene.balance(customer).await;
    assert_eq!((balance.available, balance.held), (0, 100_000));
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_workers_share_many_customers() {
    let scene = Scene::with_workers(3).await;
    let customers = join_all((0..20).map(|_| scene.customer(100_000))).await;
    // Orders, cancellations and credits of everybody, all at once.
    join_all(customers.iter().cycle().take(400).enumerate().map(|(index, customer)| {
        let scene = &scene;
        async move {
            let wish = order(*customer, 15_000);
            let id = wish.order_id;
            scene.publish(wish).await;
            if index % 3 == 0 {
                scene.cancel(id, *customer).await;
            }
            if index % 20 == 0 {
                scene.credit(*customer, 1_000).await;
            }
        }
    }))
    .await;
    scene.settle().await;
    let mut conn = scene.system.conn().await;
    let first = customers[0];
    for customer in customers {
        let balance = store::accounts::balance(&mut conn, customer).await.unwrap();
        let open = store::orders::list(&mut conn, customer, &open_ones(), None, 100).await.unwrap();
        assert_eq!(balance.held, 15_000 * i64::try_from(open.len()).unwrap());
        // The twenty credits all went to the first one.
        let credited = if customer == first { 120_000 } else { 100_000 };
        assert_eq!(balance.available + balance.held, credited);
    }
    drop(conn);
    scene.end().await;
}

/// Both see no order under the id; only one of them may make it theirs.
#[tokio::test(flavor = "multi_thread")]
async fn two_customers_cannot_take_one_order_id() {
    let scene = Scene::with_workers(3).await;
    let customers = join_all((0..8).map(|_| scene.customer(1_000_000))).await;
    for _ in 0..25 {
        let first = order(customers[0], 10_000);
        join_all(customers.iter().map(|customer| {
            let mut wish = first.clone();
            wish.customer_id = *customer;
            scene.publish(wish)
        }))
        .await;
    }
    scene.settle().await;
    let mut held = 0;
    for customer in &customers {
        held += scene.balance(*customer).await.held;
    }
    assert_eq!(held, 25 * 10_000);
    scene.end().await;
}
