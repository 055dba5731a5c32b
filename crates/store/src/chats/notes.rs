use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// What an operator wrote down for colleagues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub id: Uuid,
    /// Its place in the log, between the messages.
    pub position: i64,
    pub note_text: String,
    pub operator_id: Uuid,
    /// The operator's name.
    pub author: Option<String>,
    pub created_at: jiff::Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    note_text: String,
    #[diesel(sql_type = SqlUuid)]
    operator_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    author: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    created_at: jiff_diesel::Timestamp,
}

/// A stretch of history may have at most so many; nobody writes more for colleagues to read.
const MOST: i64 = 200;

/// The notes of a chat from one place in the log (included) to another (excluded), oldest first; the newest of
/// them when they are too many.
pub async fn notes(conn: &mut Conn, user_id: i64, from: i64, before: i64) -> diesel::QueryResult<Vec<Note>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT note.id, note.position, note_text, operator_id, users.name AS author, note.created_at
         FROM chat_notes AS note LEFT JOIN users ON users.id = operator_id
         WHERE note.user_id = $1 AND note.position >= $2 AND note.position < $3 AND removed_at IS NULL
         ORDER BY note.position DESC LIMIT $4",
    )
    .bind::<BigInt, _>(user_id)
    .bind::<BigInt, _>(from)
    .bind::<BigInt, _>(before)
    .bind::<BigInt, _>(MOST)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().rev().map(Note::from).collect())
}

/// A note that is still there.
pub async fn note_by_id(conn: &mut Conn, user_id: i64, id: Uuid) -> diesel::QueryResult<Option<Note>> {
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT note.id, note.position, note_text, operator_id, users.name AS author, note.created_at
         FROM chat_notes AS note LEFT JOIN users ON users.id = operator_id
         WHERE note.user_id = $1 AND note.id = $2 AND removed_at IS NULL",
    )
    .bind::<BigInt, _>(user_id)
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().next().map(Note::from))
}

impl From<Row> for Note {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            position: row.position,
            note_text: row.note_text,
            operator_id: row.operator_id,
            author: row.author,
            created_at: row.created_at.to_jiff(),
        }
    }
}
