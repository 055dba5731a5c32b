use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use store::accounts::Balance;
use uuid::Uuid;

use super::{customers::Placed, stage::Stage};

#[derive(diesel::QueryableByName)]
struct Fold {
    #[diesel(sql_type = BigInt)]
    available: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
    #[diesel(sql_type = BigInt)]
    entries: i64,
    #[diesel(sql_type = BigInt)]
    credited: i64,
    /// Holds that belong to no open order, or to one of another amount or customer.
    #[diesel(sql_type = BigInt)]
    strays: i64,
}

/// A balance is the fold of its ledger, a hold belongs to each open order, and no kopeck came or went.
pub(crate) async fn check(stage: &Stage, placed: &[Placed]) {
    let mut conn = stage.system.conn().await;
    for customer in &stage.customers {
        let fold = fold(stage, customer.id).await;
        let balance = store::accounts::balance(&mut conn, customer.id).await.expect("a balance");
        let folded = Balance { available: fold.available, held: fold.held, version: fold.entries };
        assert_eq!(balance, folded, "the balance of {} is not the fold of its ledger", customer.id);
        assert_eq!(fold.strays, 0, "holds of {} without an open order", customer.id);
        assert_eq!(fold.credited, customer.credit, "credits of {}", customer.id);
        assert_eq!(balance.available + balance.held, customer.credit, "money of {}", customer.id);
        let open = placed.iter().filter(|told| told.customer == customer.id && told.accepted);
        let promised: i64 = open.map(|told| told.amount).sum();
        assert_eq!(balance.held, promised, "{} was told of orders over another sum", customer.id);
    }
}

async fn fold(stage: &Stage, customer: Uuid) -> Fold {
    let mut conn = stage.system.conn().await;
    diesel::sql_query(
        "SELECT COALESCE(sum(CASE WHEN credit = 'available' THEN amount WHEN debit = 'available' THEN -amount END),
                         0)::bigint AS available,
                COALESCE(sum(CASE WHEN credit = 'held' THEN amount WHEN debit = 'held' THEN -amount END), 0)::bigint
                    AS held,
                count(*) AS entries,
                COALESCE(sum(amount) FILTER (WHERE kind = 'credit'), 0)::bigint AS credited,
                count(*) FILTER (WHERE kind = 'hold' AND NOT EXISTS (
                    SELECT FROM orders WHERE orders.id = ledger.order_id AND orders.status = 'open'
                       AND orders.total_amount = ledger.amount AND orders.customer_id = ledger.user_id)) AS strays
         FROM ledger WHERE user_id = $1",
    )
    .bind::<SqlUuid, _>(customer)
    .get_result(&mut conn)
    .await
    .expect("the ledger")
}
