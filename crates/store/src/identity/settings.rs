//! What somebody prefers on every device.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{Conn, schema::account_settings as table};

/// The language that the account has chosen: `ru` or `en`.
pub async fn language(conn: &mut Conn, user_id: Uuid) -> QueryResult<Option<String>> {
    table::table.find(user_id).select(table::language).first(conn).await.optional()
}

/// Notes the choice.
pub async fn set_language(conn: &mut Conn, user_id: Uuid, language: &str) -> QueryResult<()> {
    let now = jiff_diesel::Timestamp::from(events::now());
    diesel::insert_into(table::table)
        .values((table::user_id.eq(user_id), table::language.eq(language), table::updated_at.eq(now)))
        .on_conflict(table::user_id)
        .do_update()
        .set((table::language.eq(language), table::updated_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(())
}
