use diesel::{OptionalExtension as _, sql_types::BigInt};
use diesel_async::RunQueryDsl as _;

use crate::{Conn, prepared::Prepared as _};

#[derive(diesel::QueryableByName)]
struct Marker {
    #[diesel(sql_type = BigInt)]
    read_up_to: i64,
}

/// Notes that somebody at the desk has read the chat up to this position; never goes back. Returns the
/// marker as it stands now, `None` when there is no such chat.
pub async fn mark_read(conn: &mut Conn, user_id: i64, up_to: i64) -> diesel::QueryResult<Option<i64>> {
    let marker: Option<Marker> = diesel::sql_query(
        "INSERT INTO read_markers (user_id, read_up_to, updated_at)
         SELECT user_id, LEAST($2, last_position), now() FROM user_data WHERE user_id = $1
         ON CONFLICT (user_id) DO UPDATE SET
             read_up_to = GREATEST(read_markers.read_up_to, EXCLUDED.read_up_to), updated_at = now()
         RETURNING read_up_to",
    )
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(up_to)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(marker.map(|marker| marker.read_up_to))
}

/// Up to which position the chat has been read; 0 when never.
pub async fn read_up_to(conn: &mut Conn, user_id: i64) -> diesel::QueryResult<i64> {
    let marker: Option<Marker> = diesel::sql_query("SELECT read_up_to FROM read_markers WHERE user_id = $1")
        .bind::<BigInt, _>(user_id)
        .prepared()
        .get_result(conn)
        .await
        .optional()?;
    Ok(marker.map_or(0, |marker| marker.read_up_to))
}
