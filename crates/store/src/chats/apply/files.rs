use diesel::sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use uuid::Uuid;

use super::{Step, storable};
use crate::{Conn, prepared::Prepared as _};

/// Notes where the bytes of attachments are, or why they are not. What is stored stays stored.
pub(super) async fn attach(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut messages: Vec<Uuid> = Vec::new();
    let mut positions: Vec<i64> = Vec::new();
    let mut file_ids: Vec<Option<Uuid>> = Vec::new();
    let mut files: Vec<Option<String>> = Vec::new();
    let mut failures: Vec<Option<String>> = Vec::new();
    // Backwards: of several events about one message the last one counts, unless one of them stored it.
    for step in steps.iter().rev() {
        let (message, stored, failure) = match step.event {
            ChatEvent::FileStored(event) => {
                (event.message_id, Some((event.file_id, serde_json::to_string(&event.file)?)), None)
            }
            ChatEvent::FileFailed(event) => (event.message_id, None, Some(storable(&event.code))),
            _ => continue,
        };
        let (file_id, file) = stored.unzip();
        match messages.iter().position(|known| *known == message) {
            Some(index) if file.is_some() => {
                (file_ids[index], files[index], failures[index]) = (file_id, file, None);
            }
            Some(_) => {}
            None => {
                messages.push(message);
                positions.push(step.position);
                file_ids.push(file_id);
                files.push(file);
                failures.push(failure);
            }
        }
    }
    if messages.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "UPDATE chat_messages SET file_id = new.file_id, file = new.file::jsonb, file_failure = new.failure
         FROM UNNEST($1, $2, $3, $4, $5) AS new (id, position, file_id, file, failure)
         WHERE chat_messages.id = new.id AND chat_messages.position < new.position
           AND chat_messages.file_id IS NULL",
    )
    .bind::<Array<SqlUuid>, _>(messages)
    .bind::<Array<BigInt>, _>(positions)
    .bind::<Array<Nullable<SqlUuid>>, _>(file_ids)
    .bind::<Array<Nullable<Text>>, _>(files)
    .bind::<Array<Nullable<Text>>, _>(failures)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
