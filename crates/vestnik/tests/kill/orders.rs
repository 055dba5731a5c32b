use std::collections::HashMap;

use diesel::sql_types::{BigInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use super::{customers::Placed, stage::Stage};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    customer_id: Uuid,
    #[diesel(sql_type = BigInt)]
    total_amount: i64,
    #[diesel(sql_type = Text)]
    status: String,
}

/// Every order that was answered is there once, as it was answered, and no other is.
pub(crate) async fn check(stage: &Stage, placed: &[Placed]) {
    let mut conn = stage.system.conn().await;
    let rows: Vec<Row> = diesel::sql_query("SELECT id, customer_id, total_amount, status FROM orders")
        .get_results(&mut conn)
        .await
        .expect("the orders");
    let mut rows: HashMap<Uuid, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
    for told in placed {
        // Taking it out shows at once that no two keys share an order.
        let row = rows.remove(&told.order).unwrap_or_else(|| panic!("answered and lost: {told:?}"));
        let status = if told.accepted { "open" } else { "rejected" };
        assert_eq!(row.status, status, "{told:?}");
        assert_eq!((row.customer_id, row.total_amount), (told.customer, told.amount), "{told:?}");
    }
    assert!(rows.is_empty(), "orders that nobody was told of: {:?}", rows.keys());
    assert!(placed.iter().any(|told| !told.accepted), "nobody ran out of money: the load is too small");
}
