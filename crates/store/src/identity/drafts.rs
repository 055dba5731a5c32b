//! What a customer has typed into the order form: one draft each, on every device.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::RunQueryDsl;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, schema::drafts as table};

/// The draft, and when it was saved.
pub async fn get(conn: &mut Conn, user_id: Uuid) -> QueryResult<Option<(serde_json::Value, Timestamp)>> {
    let row: Option<(serde_json::Value, jiff_diesel::Timestamp)> =
        table::table.find(user_id).select((table::draft, table::updated_at)).first(conn).await.optional()?;
    Ok(row.map(|(draft, at)| (draft, at.into())))
}

/// Saves the draft in place of the one before.
pub async fn put(
    conn: &mut Conn,
    user_id: Uuid,
    draft: &serde_json::Value,
    now: Timestamp,
) -> QueryResult<()> {
    let now = jiff_diesel::Timestamp::from(now);
    diesel::insert_into(table::table)
        .values((table::user_id.eq(user_id), table::draft.eq(draft), table::updated_at.eq(now)))
        .on_conflict(table::user_id)
        .do_update()
        .set((table::draft.eq(draft), table::updated_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes the draft, if there is one.
pub async fn remove(conn: &mut Conn, user_id: Uuid) -> QueryResult<()> {
    diesel::delete(table::table.find(user_id)).execute(conn).await?;
    Ok(())
}
