use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use super::MoneyFault;
use crate::rebuild::quoted;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    user_id: uuid::Uuid,
    #[diesel(sql_type = Text)]
    what: String,
}

/// What must hold of money at every moment, whatever the log says: a snapshot between two transactions
/// has nothing half done.
pub(super) async fn check(conn: &mut AsyncPgConnection, schema: &str) -> anyhow::Result<Vec<MoneyFault>> {
    let rows: Vec<Row> =
        diesel::sql_query(QUERY.replace("{schema}", &quoted(schema))).get_results(conn).await?;
    Ok(rows.into_iter().map(|row| MoneyFault { user_id: row.user_id, what: row.what }).collect())
}

const QUERY: &str = "
    WITH sums AS (
        SELECT user_id, count(*) AS entries, max(version) AS newest,
            sum(CASE WHEN credit = 'available' THEN amount WHEN debit = 'available' THEN -amount ELSE 0 END)
                AS available,
            sum(CASE WHEN credit = 'held' THEN amount WHEN debit = 'held' THEN -amount ELSE 0 END) AS held
        FROM {schema}.ledger GROUP BY user_id
    ), holding AS (
        SELECT customer_id AS user_id, sum(total_amount) AS amount
        FROM {schema}.orders WHERE status = 'open' GROUP BY customer_id
    ), accounts AS (
        SELECT b.user_id, b.available, b.held, b.version, COALESCE(entries, 0) AS entries,
            COALESCE(newest, 0) AS newest, COALESCE(s.available, 0) AS available_sum,
            COALESCE(s.held, 0) AS held_sum, COALESCE(amount, 0) AS holding
        FROM {schema}.balances AS b
            LEFT JOIN sums AS s ON s.user_id = b.user_id
            LEFT JOIN holding AS h ON h.user_id = b.user_id
    )
    SELECT user_id, format('available is %s, the ledger says %s', available, available_sum) AS what
    FROM accounts WHERE available <> available_sum
    UNION ALL
    SELECT user_id, format('held is %s, the ledger says %s', held, held_sum)
    FROM accounts WHERE held <> held_sum
    UNION ALL
    SELECT user_id, format('held is %s, the open orders say %s', held, holding)
    FROM accounts WHERE held <> holding
    UNION ALL
    SELECT user_id, format('the ledger has %s entries up to version %s, the balance has version %s',
        entries, newest, version)
    FROM accounts WHERE entries <> newest OR newest <> version
    UNION ALL
    SELECT holding.user_id, format('open orders of %s without a balance', amount)
    FROM holding WHERE NOT EXISTS (SELECT FROM {schema}.balances AS b WHERE b.user_id = holding.user_id)
    ORDER BY user_id, what LIMIT 1000";
