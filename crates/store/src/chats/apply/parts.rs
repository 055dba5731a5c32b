use std::collections::HashSet;

use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, ReplyPart};
use uuid::Uuid;

use super::{Step, storable, storable_json};
use crate::{Conn, prepared::Prepared as _};

/// The columns of new parts.
#[derive(Default)]
struct Parts {
    message_id: Vec<Uuid>,
    part: Vec<i32>,
    offset: Vec<i32>,
    length: Vec<i32>,
    /// Each a JSON list.
    files: Vec<String>,
}

/// The columns of new files.
#[derive(Default)]
struct Files {
    file_id: Vec<Uuid>,
    message_id: Vec<Uuid>,
    position: Vec<i64>,
    file: Vec<String>,
    file_name: Vec<Option<String>>,
}

/// Stores what the new outgoing messages of the slice are made of: their calls, and their files.
pub(super) async fn insert(conn: &mut Conn, steps: &[Step<'_>], stored: &HashSet<i64>) -> anyhow::Result<()> {
    let (mut parts, mut files) = (Parts::default(), Files::default());
    for step in steps.iter().filter(|step| stored.contains(&step.position)) {
        match step.event {
            ChatEvent::ReplyRequested(reply) => {
                parts.add(reply.message_id, &reply.message_text, &reply.parts)?;
                for file in &reply.files {
                    files.file_id.push(file.file_id);
                    files.message_id.push(reply.message_id);
                    files.position.push(step.position);
                    files.file.push(storable_json(&file.file)?);
                    files.file_name.push(file.file_name.as_deref().map(storable));
                }
            }
            ChatEvent::NoticeRequested(notice) => parts.add(notice.message_id, &notice.message_text, &[])?,
            _ => {}
        }
    }
    parts.insert(conn).await?;
    files.insert(conn).await
}

impl Parts {
    fn add(&mut self, message: Uuid, text: &str, parts: &[ReplyPart]) -> anyhow::Result<()> {
        let whole =
            [ReplyPart { offset: 0, length: u32::try_from(text.encode_utf16().count())?, files: Vec::new() }];
        for (number, part) in (0..).zip(if parts.is_empty() { &whole } else { parts }) {
            self.message_id.push(message);
            self.part.push(number);
            self.offset.push(i32::try_from(part.offset)?);
            self.length.push(i32::try_from(part.length)?);
            self.files.push(serde_json::to_string(&part.files)?);
        }
        Ok(())
    }

    async fn insert(self, conn: &mut Conn) -> anyhow::Result<()> {
        if self.message_id.is_empty() {
            return Ok(());
        }
        diesel::sql_query(
            "INSERT INTO chat_message_parts (message_id, part, text_offset, text_length, files, state, attempt)
             SELECT message_id, part, text_offset, text_length,
                    ARRAY(SELECT jsonb_array_elements_text(files::jsonb)::integer), 'queued', 1
             FROM UNNEST($1, $2, $3, $4, $5) AS new (message_id, part, text_offset, text_length, files)
             ON CONFLICT DO NOTHING",
        )
        .bind::<Array<SqlUuid>, _>(self.message_id)
        .bind::<Array<Integer>, _>(self.part)
        .bind::<Array<Integer>, _>(self.offset)
        .bind::<Array<Integer>, _>(self.length)
        .bind::<Array<Text>, _>(self.files)
        .prepared()
        .execute(conn)
        .await?;
        Ok(())
    }
}

impl Files {
    async fn insert(self, conn: &mut Conn) -> anyhow::Result<()> {
        if self.file_id.is_empty() {
            return Ok(());
        }
        // Of two messages that name one file the first in the log has it.
        diesel::sql_query(
            "INSERT INTO chat_files (file_id, message_id, file, file_name)
             SELECT DISTINCT ON (file_id) file_id, message_id, file::jsonb, file_name
             FROM UNNEST($1, $2, $3, $4, $5) AS new (file_id, message_id, position, file, file_name)
             ORDER BY file_id, position
             ON CONFLICT DO NOTHING",
        )
        .bind::<Array<SqlUuid>, _>(self.file_id)
        .bind::<Array<SqlUuid>, _>(self.message_id)
        .bind::<Array<BigInt>, _>(self.position)
        .bind::<Array<Text>, _>(self.file)
        .bind::<Array<Nullable<Text>>, _>(self.file_name)
        .prepared()
        .execute(conn)
        .await?;
        Ok(())
    }
}
