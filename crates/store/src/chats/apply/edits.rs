use std::collections::{BTreeMap, HashMap};

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, MessageEdited};
use jiff_diesel::{NullableTimestamp, Timestamp};
use uuid::Uuid;

use super::{Step, storable};
use crate::Conn;

/// A message as it reads now.
#[derive(diesel::QueryableByName)]
struct Current {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = BigInt)]
    telegram_message_id: i64,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    edited_at: NullableTimestamp,
}

/// What a message said until an edit.
struct Before {
    message: Uuid,
    position: i64,
    text: String,
    edited_at: jiff::Timestamp,
}

/// Follows the edits of the slice: the text before each is kept, the text after the last one stands.
pub(super) async fn fold(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let edits: Vec<(i64, &MessageEdited)> = steps
        .iter()
        .filter_map(|step| match step.event {
            ChatEvent::MessageEdited(edit) => Some((step.position, edit)),
            _ => None,
        })
        .collect();
    if edits.is_empty() {
        return Ok(());
    }
    let mut messages = current(conn, &edits).await?;
    let mut before = Vec::new();
    let mut changed = BTreeMap::new();
    for (position, edit) in edits {
        let message = messages.get_mut(&(edit.user_id, edit.telegram_message_id));
        // What stands in the log before its message was not about it.
        let Some(message) = message.filter(|message| message.position < position) else { continue };
        if let Some(text) = message.edit(edit) {
            before.push(Before { message: message.id, position, text, edited_at: edit.edited_at });
            changed.insert(message.id, (message.message_text.clone(), edit.edited_at));
        }
    }
    write(conn, before, &changed).await
}

impl Current {
    /// The text before the edit; `None` when the edit is a repetition or older than what stands.
    /// Telegram tells the time of an edit in whole seconds, so two may share one.
    fn edit(&mut self, edit: &MessageEdited) -> Option<String> {
        let text = storable(&edit.message_text);
        let last = self.edited_at.to_jiff();
        if last.is_some_and(|last| {
            edit.edited_at < last || (edit.edited_at == last && text == self.message_text)
        }) {
            return None;
        }
        self.edited_at = Some(edit.edited_at).into();
        Some(std::mem::replace(&mut self.message_text, text))
    }
}

async fn current(
    conn: &mut Conn,
    edits: &[(i64, &MessageEdited)],
) -> diesel::QueryResult<HashMap<(i64, i64), Current>> {
    let rows: Vec<Current> = diesel::sql_query(
        "SELECT id, position, user_id, telegram_message_id, message_text, edited_at FROM chat_messages
         WHERE (user_id, telegram_message_id) IN (SELECT * FROM UNNEST($1, $2))
           AND direction = 'in' AND verified
         ORDER BY id FOR UPDATE",
    )
    .bind::<Array<BigInt>, _>(edits.iter().map(|(_, edit)| edit.user_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(edits.iter().map(|(_, edit)| edit.telegram_message_id).collect::<Vec<_>>())
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| ((row.user_id, row.telegram_message_id), row)).collect())
}

async fn write(
    conn: &mut Conn,
    before: Vec<Before>,
    changed: &BTreeMap<Uuid, (String, jiff::Timestamp)>,
) -> anyhow::Result<()> {
    if before.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO chat_message_edits (message_id, position, previous_text, edited_at)
         SELECT * FROM UNNEST($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(before.iter().map(|edit| edit.message).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(before.iter().map(|edit| edit.position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(before.iter().map(|edit| edit.text.as_str()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        before.iter().map(|edit| Timestamp::from(edit.edited_at)).collect::<Vec<_>>(),
    )
    .execute(conn)
    .await?;
    diesel::sql_query(
        "UPDATE chat_messages SET message_text = new.text, edited_at = new.edited_at
         FROM UNNEST($1, $2, $3) AS new (id, text, edited_at) WHERE chat_messages.id = new.id",
    )
    .bind::<Array<SqlUuid>, _>(changed.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(changed.values().map(|(text, _)| text.as_str()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        changed.values().map(|(_, time)| Timestamp::from(*time)).collect::<Vec<_>>(),
    )
    .execute(conn)
    .await?;
    Ok(())
}
