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

/// What a draft may take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaces {
    /// Whatever is there.
    Anything,
    /// Nothing: there was no draft.
    Nothing,
    /// The draft that was saved at this time.
    SavedAt(Timestamp),
}

/// Saves the draft. `false` when another one than expected is there, or none: nothing is changed then.
pub async fn put(
    conn: &mut Conn,
    user_id: Uuid,
    draft: &serde_json::Value,
    replaces: Replaces,
    now: Timestamp,
) -> QueryResult<bool> {
    let now = jiff_diesel::Timestamp::from(now);
    let insert = diesel::insert_into(table::table).values((
        table::user_id.eq(user_id),
        table::draft.eq(draft),
        table::updated_at.eq(now),
    ));
    let set = (table::draft.eq(draft), table::updated_at.eq(now));
    let saved = match replaces {
        Replaces::Anything => insert.on_conflict(table::user_id).do_update().set(set).execute(conn).await?,
        Replaces::Nothing => insert.on_conflict_do_nothing().execute(conn).await?,
        Replaces::SavedAt(time) => {
            let expected = table::updated_at.eq(jiff_diesel::Timestamp::from(time));
            diesel::update(table::table.find(user_id).filter(expected)).set(set).execute(conn).await?
        }
    };
    Ok(saved > 0)
}

/// Removes the draft, if there is one.
pub async fn remove(conn: &mut Conn, user_id: Uuid) -> QueryResult<()> {
    diesel::delete(table::table.find(user_id)).execute(conn).await?;
    Ok(())
}

/// Removes the draft, unless it was saved later than `until`.
pub async fn remove_saved_until(conn: &mut Conn, user_id: Uuid, until: Timestamp) -> QueryResult<()> {
    let old = table::updated_at.le(jiff_diesel::Timestamp::from(until));
    diesel::delete(table::table.find(user_id).filter(old)).execute(conn).await?;
    Ok(())
}
