use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, NoteAdded};
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::{Step, storable};
use crate::{Conn, prepared::Prepared as _};

/// Keeps what operators write down for each other, and when it was taken away.
pub(super) async fn keep(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut added: Vec<(&Step<'_>, &NoteAdded)> = Vec::new();
    let mut removed: Vec<(Uuid, i64, jiff::Timestamp)> = Vec::new();
    for step in steps {
        match step.event {
            ChatEvent::NoteAdded(event) => added.push((step, event)),
            ChatEvent::NoteRemoved(event) => removed.push((event.note_id, step.position, step.time)),
            _ => {}
        }
    }
    if !added.is_empty() {
        diesel::sql_query(
            "INSERT INTO chat_notes (id, user_id, position, note_text, operator_id, created_at)
             SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind::<Array<SqlUuid>, _>(added.iter().map(|(_, note)| note.note_id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(added.iter().map(|(_, note)| note.user_id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(added.iter().map(|(step, _)| step.position).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(added.iter().map(|(_, note)| storable(&note.note_text)).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(added.iter().map(|(_, note)| note.operator_id).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            added.iter().map(|(step, _)| Timestamp::from(step.time)).collect::<Vec<_>>(),
        )
        .prepared()
        .execute(conn)
        .await?;
    }
    if !removed.is_empty() {
        // What is gone stays gone since the first time.
        diesel::sql_query(
            "UPDATE chat_notes SET removed_at = LEAST(removed_at, gone.at)
             FROM (SELECT new.id, min(new.at) AS at FROM UNNEST($1, $2, $3) AS new (id, position, at)
                   JOIN chat_notes AS note ON note.id = new.id AND note.position < new.position
                   GROUP BY new.id) AS gone
             WHERE chat_notes.id = gone.id",
        )
        .bind::<Array<SqlUuid>, _>(removed.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(removed.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            removed.iter().map(|(.., at)| Timestamp::from(*at)).collect::<Vec<_>>(),
        )
        .prepared()
        .execute(conn)
        .await?;
    }
    Ok(())
}
