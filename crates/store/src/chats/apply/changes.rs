use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::{Step, storable};
use crate::{Conn, prepared::Prepared as _};

/// Where a change that an operator asked for stands.
#[derive(Debug, Clone, PartialEq)]
struct Change {
    id: Uuid,
    /// The log sequence of the wish; of an outcome whose wish is not in the slice its own.
    position: i64,
    state: &'static str,
    code: Option<String>,
    reason: Option<String>,
    /// The wish is in the slice.
    asked: bool,
}

/// A message and what shall happen to it.
type Key = (Uuid, &'static str);

const EDIT: &str = "edit";
const DELETE: &str = "delete";

/// Keeps the newest change asked for of each message, and what became of it; and when a message went.
pub(super) async fn fold(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut changes: BTreeMap<Key, Change> = BTreeMap::new();
    let mut deleted: Vec<(Uuid, i64, jiff::Timestamp)> = Vec::new();
    for step in steps {
        match step.event {
            ChatEvent::EditRequested(event) => {
                ask(&mut changes, (event.message_id, EDIT), event.edit_id, step);
            }
            ChatEvent::DeleteRequested(event) => {
                ask(&mut changes, (event.message_id, DELETE), event.message_id, step);
            }
            ChatEvent::ReplyEdited(event) => {
                end(&mut changes, (event.message_id, EDIT), event.edit_id, step, None);
            }
            ChatEvent::EditFailed(event) => {
                let why = (&event.code, &event.reason);
                end(&mut changes, (event.message_id, EDIT), event.edit_id, step, Some(why));
            }
            ChatEvent::ReplyDeleted(event) => {
                end(&mut changes, (event.message_id, DELETE), event.message_id, step, None);
                deleted.push((event.message_id, step.position, event.deleted_at));
            }
            ChatEvent::DeleteFailed(event) => {
                let why = (&event.code, &event.reason);
                end(&mut changes, (event.message_id, DELETE), event.message_id, step, Some(why));
            }
            _ => {}
        }
    }
    if !changes.is_empty() {
        write(conn, &changes).await?;
    }
    if !deleted.is_empty() {
        mark_deleted(conn, &deleted).await?;
    }
    Ok(())
}

fn ask(changes: &mut BTreeMap<Key, Change>, key: Key, id: Uuid, step: &Step<'_>) {
    let position = step.position;
    if changes.get(&key).is_some_and(|known| known.asked && known.position >= position) {
        return;
    }
    let wish = Change { id, position, state: "queued", code: None, reason: None, asked: true };
    changes.insert(key, wish);
}

fn end(
    changes: &mut BTreeMap<Key, Change>,
    key: Key,
    id: Uuid,
    step: &Step<'_>,
    why: Option<(&String, &String)>,
) {
    let asked = changes.get(&key).is_some_and(|known| known.asked);
    // The outcome of a change that is followed by another says nothing of that one.
    if changes
        .get(&key)
        .is_some_and(|known| known.id != id && (known.asked || known.position > step.position))
    {
        return;
    }
    let position = changes.get(&key).filter(|_| asked).map_or(step.position, |known| known.position);
    let state = if why.is_some() { "failed" } else { "done" };
    let (code, reason) = why.map(|(code, reason)| (storable(code), storable(reason))).unzip();
    changes.insert(key, Change { id, position, state, code, reason, asked });
}

async fn write(conn: &mut Conn, changes: &BTreeMap<Key, Change>) -> diesel::QueryResult<()> {
    // A wish takes the place of an older one; an outcome alone only of its own. What stands in the log before
    // its message was not about it.
    diesel::sql_query(
        "WITH new AS (
             SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8)
                  AS new (message_id, kind, change_id, position, state, code, reason, asked)
         ), ended AS (
             UPDATE chat_message_changes AS known
             SET state = new.state, code = new.code, reason = new.reason
             FROM new
             WHERE NOT new.asked AND known.message_id = new.message_id AND known.kind = new.kind
               AND known.change_id = new.change_id AND known.position < new.position
         )
         INSERT INTO chat_message_changes (message_id, kind, change_id, position, state, code, reason)
         SELECT message_id, kind, change_id, new.position, state, code, reason
         FROM new JOIN chat_messages ON chat_messages.id = message_id AND chat_messages.position < new.position
         WHERE asked
         ON CONFLICT (message_id, kind) DO UPDATE SET
             change_id = EXCLUDED.change_id, position = EXCLUDED.position, state = EXCLUDED.state,
             code = EXCLUDED.code, reason = EXCLUDED.reason
             WHERE chat_message_changes.position < EXCLUDED.position",
    )
    .bind::<Array<SqlUuid>, _>(changes.keys().map(|(message, _)| *message).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(changes.keys().map(|(_, kind)| *kind).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(changes.values().map(|change| change.id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(changes.values().map(|change| change.position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(changes.values().map(|change| change.state).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(
        changes.values().map(|change| change.code.as_deref()).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<Text>>, _>(
        changes.values().map(|change| change.reason.as_deref()).collect::<Vec<_>>(),
    )
    .bind::<Array<diesel::sql_types::Bool>, _>(
        changes.values().map(|change| change.asked).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// What is gone stays gone since the first time.
async fn mark_deleted(conn: &mut Conn, deleted: &[(Uuid, i64, jiff::Timestamp)]) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "UPDATE chat_messages SET deleted_at = LEAST(deleted_at, gone.at)
         FROM (SELECT new.id, min(new.at) AS at FROM UNNEST($1, $2, $3) AS new (id, position, at)
               JOIN chat_messages AS message ON message.id = new.id AND message.position < new.position
               GROUP BY new.id) AS gone
         WHERE chat_messages.id = gone.id",
    )
    .bind::<Array<SqlUuid>, _>(deleted.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(deleted.iter().map(|(_, position, _)| *position).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(deleted.iter().map(|(.., at)| Timestamp::from(*at)).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
