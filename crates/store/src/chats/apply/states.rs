use std::collections::{BTreeMap, HashSet};

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, Direction, MessageReceived};
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::{Step, storable};
use crate::{Conn, prepared::Prepared as _};

/// The newest message of a chat.
#[derive(Clone, Copy)]
struct Newest {
    position: i64,
    message: Uuid,
    time: jiff::Timestamp,
    /// The bot that the person wrote to last, with the position; zeros when nobody says.
    bot: (i64, i64),
}

/// What else the slice says of a chat, each with its position.
#[derive(Clone, Default)]
struct Change {
    status: Option<(i64, &'static str)>,
    assignee: Option<(i64, Option<Uuid>)>,
    /// The reason, for as long as it lasts.
    banned: Option<(i64, Option<String>)>,
    notices: Option<(i64, bool)>,
    time: jiff::Timestamp,
}

/// Keeps what is the last in the log: after a worker's death an older event may come later.
fn keep<T>(known: &mut Option<(i64, T)>, position: i64, value: T) {
    if known.as_ref().is_none_or(|(at, _)| *at < position) {
        *known = Some((position, value));
    }
}

impl Change {
    /// Follows an event; says whether it is one of these.
    fn take(&mut self, step: &Step<'_>) {
        let at = step.position;
        match step.event {
            ChatEvent::ChatOpened(_) => keep(&mut self.status, at, "open"),
            ChatEvent::ChatClosed(_) => keep(&mut self.status, at, "closed"),
            ChatEvent::ChatAssigned(event) => keep(&mut self.assignee, at, event.operator_id),
            ChatEvent::ChatBanned(event) => keep(&mut self.banned, at, Some(storable(&event.reason))),
            ChatEvent::ChatUnbanned(_) => keep(&mut self.banned, at, None),
            ChatEvent::NoticesSwitched(event) => keep(&mut self.notices, at, event.enabled),
            _ => return,
        }
        self.time = self.time.max(step.time);
    }
}

/// Whose chat an event changes.
fn changed(event: &ChatEvent) -> Option<i64> {
    match event {
        ChatEvent::ChatOpened(event) => Some(event.user_id),
        ChatEvent::ChatClosed(event) => Some(event.user_id),
        ChatEvent::ChatAssigned(event) => Some(event.user_id),
        ChatEvent::ChatBanned(event) => Some(event.user_id),
        ChatEvent::ChatUnbanned(event) => Some(event.user_id),
        ChatEvent::NoticesSwitched(event) => Some(event.user_id),
        _ => None,
    }
}

/// Keeps the state of each chat: its newest message and bot, open or closed, whose it is, heard or not.
pub(super) async fn follow(conn: &mut Conn, steps: &[Step<'_>], stored: &HashSet<i64>) -> anyhow::Result<()> {
    let mut newest: BTreeMap<i64, Newest> = BTreeMap::new();
    let mut changes: BTreeMap<i64, Change> = BTreeMap::new();
    for step in steps {
        let (user, message, bot) = match step.event {
            ChatEvent::MessageReceived(event) => (event.user_id, event.message_id, heard_by(event)),
            ChatEvent::ReplyRequested(event) => (event.user_id, event.message_id, None),
            ChatEvent::NoticeRequested(event) => (event.user_id, event.message_id, None),
            other => {
                if let Some(user) = changed(other) {
                    changes.entry(user).or_default().take(step);
                }
                continue;
            }
        };
        if !stored.contains(&step.position) {
            continue;
        }
        let bot = bot.map_or((0, 0), |bot| (step.position, bot));
        let last = Newest { position: step.position, message, time: step.time, bot };
        newest
            .entry(user)
            .and_modify(|known| {
                let (time, bot) = (known.time.max(last.time), known.bot.max(last.bot));
                if known.position < last.position {
                    *known = last;
                }
                (known.time, known.bot) = (time, bot);
            })
            .or_insert(last);
    }
    put_newest(conn, &newest).await?;
    put_changes(conn, &changes).await
}

/// The bot that Telegram says the person wrote to.
fn heard_by(message: &MessageReceived) -> Option<i64> {
    message.bot_id.filter(|_| message.verified && message.direction == Direction::In)
}

async fn put_newest(conn: &mut Conn, newest: &BTreeMap<i64, Newest>) -> anyhow::Result<()> {
    if newest.is_empty() {
        return Ok(());
    }
    // The newest of two by the log, whichever is written last; times only grow. Both make the row the
    // same however the log is cut into slices.
    diesel::sql_query(
        "INSERT INTO user_data (user_id, last_position, last_message_id, updated_at, bot_position, bot_id)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id) DO UPDATE SET
             last_message_id = CASE WHEN user_data.last_position < EXCLUDED.last_position
                 THEN EXCLUDED.last_message_id ELSE user_data.last_message_id END,
             last_position = GREATEST(user_data.last_position, EXCLUDED.last_position),
             updated_at = GREATEST(user_data.updated_at, EXCLUDED.updated_at),
             bot_id = CASE WHEN user_data.bot_position < EXCLUDED.bot_position
                 THEN EXCLUDED.bot_id ELSE user_data.bot_id END,
             bot_position = GREATEST(user_data.bot_position, EXCLUDED.bot_position)",
    )
    .bind::<Array<BigInt>, _>(newest.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(newest.values().map(|last| last.position).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(newest.values().map(|last| last.message).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(newest.values().map(|last| Timestamp::from(last.time)).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(newest.values().map(|last| last.bot.0).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(newest.values().map(|last| last.bot.1).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn put_changes(conn: &mut Conn, changes: &BTreeMap<i64, Change>) -> anyhow::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    // Without a position nothing is newer: a comparison with NULL is not true.
    diesel::sql_query(
        "UPDATE user_data SET
             operator_chat_status = CASE WHEN new.status_position > user_data.status_position
                 THEN new.status ELSE operator_chat_status END,
             status_position = GREATEST(user_data.status_position, new.status_position),
             assignee_id = CASE WHEN new.assignee_position > user_data.assignee_position
                 THEN new.assignee ELSE assignee_id END,
             assignee_position = GREATEST(user_data.assignee_position, new.assignee_position),
             banned_reason = CASE WHEN new.banned_position > user_data.banned_position
                 THEN new.banned ELSE banned_reason END,
             banned_position = GREATEST(user_data.banned_position, new.banned_position),
             notices = CASE WHEN new.notices_position > user_data.notices_position
                 THEN new.notices ELSE user_data.notices END,
             notices_position = GREATEST(user_data.notices_position, new.notices_position),
             updated_at = GREATEST(updated_at, new.time)
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
              AS new (user_id, status_position, status, assignee_position, assignee, banned_position, banned,
                      notices_position, notices, time)
         WHERE user_data.user_id = new.user_id",
    )
    .bind::<Array<BigInt>, _>(changes.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(column(changes, |change| change.status.map(|(at, _)| at)))
    .bind::<Array<Nullable<Text>>, _>(column(changes, |change| change.status.map(|(_, status)| status)))
    .bind::<Array<Nullable<BigInt>>, _>(column(changes, |change| change.assignee.map(|(at, _)| at)))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(changes, |change| change.assignee.and_then(|(_, id)| id)))
    .bind::<Array<Nullable<BigInt>>, _>(column(changes, |change| change.banned.as_ref().map(|(at, _)| *at)))
    .bind::<Array<Nullable<Text>>, _>(column(changes, |change| {
        change.banned.as_ref().and_then(|(_, reason)| reason.clone())
    }))
    .bind::<Array<Nullable<BigInt>>, _>(column(changes, |change| change.notices.map(|(at, _)| at)))
    .bind::<Array<Nullable<Bool>>, _>(column(changes, |change| change.notices.map(|(_, on)| on)))
    .bind::<Array<Timestamptz>, _>(
        changes.values().map(|change| Timestamp::from(change.time)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

fn column<T>(changes: &BTreeMap<i64, Change>, of: impl Fn(&Change) -> Option<T>) -> Vec<Option<T>> {
    changes.values().map(of).collect()
}
