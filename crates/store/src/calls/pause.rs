use diesel::{
    OptionalExtension as _,
    sql_types::{BigInt, Timestamptz},
};
use diesel_async::RunQueryDsl as _;
use jiff::Timestamp;

use crate::Conn;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Timestamptz)]
    until: jiff_diesel::Timestamp,
}

/// Until when a bot may send nothing at all, if it ever was told to wait; often in the past.
pub async fn paused(conn: &mut Conn, bot_id: i64) -> diesel::QueryResult<Option<Timestamp>> {
    let row: Option<Row> = diesel::sql_query("SELECT until FROM bot_pauses WHERE bot_id = $1")
        .bind::<BigInt, _>(bot_id)
        .get_result(conn)
        .await
        .optional()?;
    Ok(row.map(|row| row.until.to_jiff()))
}

/// A bot may send nothing before this; a pause that lasts longer stays.
pub(super) async fn pause(conn: &mut Conn, bot_id: i64, until: Timestamp) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO bot_pauses (bot_id, until) VALUES ($1, $2)
         ON CONFLICT (bot_id) DO UPDATE SET until = GREATEST(bot_pauses.until, EXCLUDED.until)",
    )
    .bind::<BigInt, _>(bot_id)
    .bind::<Timestamptz, _>(jiff_diesel::Timestamp::from(until))
    .execute(conn)
    .await?;
    Ok(())
}
