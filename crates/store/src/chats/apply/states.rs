use std::collections::{BTreeMap, HashSet};

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::Step;
use crate::Conn;

/// The newest message of a chat.
#[derive(Clone, Copy)]
struct Newest {
    position: i64,
    message: Uuid,
    time: jiff::Timestamp,
}

/// What else the slice says of a chat, each with its position.
#[derive(Clone, Copy, Default)]
struct Change {
    status: Option<(i64, &'static str)>,
    blocked: Option<(i64, bool)>,
    time: jiff::Timestamp,
}

/// One of the two.
enum Set {
    Status(&'static str),
    Blocked(bool),
}

impl Change {
    /// Keeps what is the last in the log: after a worker's death an older event may come later.
    fn take(&mut self, position: i64, set: &Set, time: jiff::Timestamp) {
        match *set {
            Set::Status(status) => self.status = self.status.max(Some((position, status))),
            Set::Blocked(blocked) => self.blocked = self.blocked.max(Some((position, blocked))),
        }
        self.time = self.time.max(time);
    }
}

/// Keeps the state of each chat: its newest message, open or closed, blocked or not.
pub(super) async fn follow(conn: &mut Conn, steps: &[Step<'_>], stored: &HashSet<i64>) -> anyhow::Result<()> {
    let mut newest: BTreeMap<i64, Newest> = BTreeMap::new();
    let mut changes: BTreeMap<i64, Change> = BTreeMap::new();
    for step in steps {
        let (user, message) = match step.event {
            ChatEvent::MessageReceived(event) => (event.user_id, event.message_id),
            ChatEvent::ReplyRequested(event) => (event.user_id, event.message_id),
            other => {
                if let Some((user, set)) = change(other) {
                    changes.entry(user).or_default().take(step.position, &set, step.time);
                }
                continue;
            }
        };
        if !stored.contains(&step.position) {
            continue;
        }
        let last = Newest { position: step.position, message, time: step.time };
        newest
            .entry(user)
            .and_modify(|known| {
                let time = known.time.max(last.time);
                if known.position < last.position {
                    *known = last;
                }
                known.time = time;
            })
            .or_insert(last);
    }
    put_newest(conn, &newest).await?;
    put_changes(conn, &changes).await
}

/// Whose chat an event changes, and how.
fn change(event: &ChatEvent) -> Option<(i64, Set)> {
    match event {
        ChatEvent::ChatOpened(event) => Some((event.user_id, Set::Status("open"))),
        ChatEvent::ChatClosed(event) => Some((event.user_id, Set::Status("closed"))),
        ChatEvent::BotBlocked(event) => Some((event.user_id, Set::Blocked(true))),
        ChatEvent::BotUnblocked(event) => Some((event.user_id, Set::Blocked(false))),
        _ => None,
    }
}

async fn put_newest(conn: &mut Conn, newest: &BTreeMap<i64, Newest>) -> anyhow::Result<()> {
    if newest.is_empty() {
        return Ok(());
    }
    // The newest of two by the log, whichever is written last; times only grow. Both make the row the
    // same however the log is cut into slices.
    diesel::sql_query(
        "INSERT INTO user_data (user_id, last_position, last_message_id, updated_at)
         SELECT * FROM UNNEST($1, $2, $3, $4)
         ON CONFLICT (user_id) DO UPDATE SET
             last_message_id = CASE WHEN user_data.last_position < EXCLUDED.last_position
                 THEN EXCLUDED.last_message_id ELSE user_data.last_message_id END,
             last_position = GREATEST(user_data.last_position, EXCLUDED.last_position),
             updated_at = GREATEST(user_data.updated_at, EXCLUDED.updated_at)",
    )
    .bind::<Array<BigInt>, _>(newest.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(newest.values().map(|last| last.position).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(newest.values().map(|last| last.message).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(newest.values().map(|last| Timestamp::from(last.time)).collect::<Vec<_>>())
    .execute(conn)
    .await?;
    Ok(())
}

async fn put_changes(conn: &mut Conn, changes: &BTreeMap<i64, Change>) -> anyhow::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "UPDATE user_data SET
             operator_chat_status = CASE WHEN new.status_position > user_data.status_position
                 THEN new.status ELSE operator_chat_status END,
             status_position = GREATEST(user_data.status_position, new.status_position),
             bot_blocked = CASE WHEN new.blocked_position > user_data.blocked_position
                 THEN new.blocked ELSE bot_blocked END,
             blocked_position = GREATEST(user_data.blocked_position, new.blocked_position),
             updated_at = GREATEST(updated_at, new.time)
         FROM UNNEST($1, $2, $3, $4, $5, $6)
              AS new (user_id, status_position, status, blocked_position, blocked, time)
         WHERE user_data.user_id = new.user_id",
    )
    .bind::<Array<BigInt>, _>(changes.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(positions(changes, |change| change.status.map(|(at, _)| at)))
    .bind::<Array<Nullable<Text>>, _>(
        changes.values().map(|change| change.status.map(|(_, status)| status)).collect::<Vec<_>>(),
    )
    .bind::<Array<Nullable<BigInt>>, _>(positions(changes, |change| change.blocked.map(|(at, _)| at)))
    .bind::<Array<Nullable<Bool>>, _>(
        changes.values().map(|change| change.blocked.map(|(_, blocked)| blocked)).collect::<Vec<_>>(),
    )
    .bind::<Array<Timestamptz>, _>(
        changes.values().map(|change| Timestamp::from(change.time)).collect::<Vec<_>>(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn positions(changes: &BTreeMap<i64, Change>, of: fn(&Change) -> Option<i64>) -> Vec<Option<i64>> {
    changes.values().map(of).collect()
}
