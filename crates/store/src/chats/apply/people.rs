use std::collections::{BTreeMap, HashSet};

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    chats::{ChatEvent, Sender},
    derived_id,
};
use jiff_diesel::Timestamp;
use uuid::Uuid;

use super::{Step, storable};
use crate::{Conn, prepared::Prepared as _};

/// The people of a slice as the table has them before it.
pub(super) type Known = BTreeMap<i64, Sender>;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    telegram_user_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    first_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    last_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    language_code: Option<String>,
}

/// Enters everybody of the slice who is not known yet, under the names of their first message.
pub(super) async fn ensure(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<Known> {
    let mut newcomers: BTreeMap<i64, (Sender, jiff::Timestamp)> = BTreeMap::new();
    for step in steps {
        let (user, names) = match step.event {
            ChatEvent::MessageReceived(message) => (message.user_id, message.from.clone()),
            ChatEvent::ReplyRequested(reply) => (reply.user_id, Sender::default()),
            ChatEvent::NoticeRequested(notice) => (notice.user_id, Sender::default()),
            _ => continue,
        };
        newcomers.entry(user).or_insert((names, step.time));
    }
    if newcomers.is_empty() {
        return Ok(Known::new());
    }
    let users: Vec<i64> = newcomers.keys().copied().collect();
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT telegram_user_id, first_name, last_name, username, language_code
         FROM users WHERE telegram_user_id = ANY($1)",
    )
    .bind::<Array<BigInt>, _>(users)
    .prepared()
    .get_results(conn)
    .await?;
    let mut known = Known::new();
    for row in rows {
        newcomers.remove(&row.telegram_user_id);
        known.insert(
            row.telegram_user_id,
            Sender {
                first_name: row.first_name,
                last_name: row.last_name,
                username: row.username,
                language_code: row.language_code,
            },
        );
    }
    if !newcomers.is_empty() {
        enter(conn, &newcomers).await?;
        known.extend(newcomers.into_iter().map(|(user, (names, _))| (user, names)));
    }
    Ok(known)
}

async fn enter(
    conn: &mut Conn,
    newcomers: &BTreeMap<i64, (Sender, jiff::Timestamp)>,
) -> diesel::QueryResult<()> {
    let names = |of: fn(&Sender) -> &Option<String>| column(newcomers.values().map(|(names, _)| names), of);
    diesel::sql_query(
        "INSERT INTO users (id, telegram_user_id, first_name, last_name, username, language_code,
                            created_at, updated_at)
         SELECT id, telegram_user_id, first_name, last_name, username, language_code, time, time
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7)
              AS new (id, telegram_user_id, first_name, last_name, username, language_code, time)
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(newcomers.keys().map(|&user| id_of(user)).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(newcomers.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.first_name))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.last_name))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.username))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.language_code))
    .bind::<Array<Timestamptz>, _>(
        newcomers.values().map(|(_, time)| Timestamp::from(*time)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// Brings names up to date from the verified messages that are new. A row is written only when a name
/// changes, and `updated_at` is the time of the last change: the same however the log was cut in slices.
pub(super) async fn rename(
    conn: &mut Conn,
    steps: &[Step<'_>],
    stored: &HashSet<i64>,
    mut known: Known,
) -> anyhow::Result<()> {
    let mut changed: BTreeMap<i64, jiff::Timestamp> = BTreeMap::new();
    for step in steps {
        let ChatEvent::MessageReceived(message) = step.event else { continue };
        let counts = message.verified && stored.contains(&step.position);
        let Some(names) = known.get_mut(&message.user_id).filter(|_| counts) else {
            continue;
        };
        if overlay(names, &message.from) {
            let time = changed.entry(message.user_id).or_insert(step.time);
            *time = step.time.max(*time);
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let names =
        |of: fn(&Sender) -> &Option<String>| column(changed.keys().filter_map(|user| known.get(user)), of);
    diesel::sql_query(
        "UPDATE users SET first_name = new.first_name, last_name = new.last_name,
                          username = new.username, language_code = new.language_code,
                          updated_at = GREATEST(updated_at, new.time)
         FROM UNNEST($1, $2, $3, $4, $5, $6)
              AS new (telegram_user_id, first_name, last_name, username, language_code, time)
         WHERE users.telegram_user_id = new.telegram_user_id",
    )
    .bind::<Array<BigInt>, _>(changed.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.first_name))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.last_name))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.username))
    .bind::<Array<Nullable<Text>>, _>(names(|names| &names.language_code))
    .bind::<Array<Timestamptz>, _>(changed.values().copied().map(Timestamp::from).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// The row of a Telegram user, the same wherever the log is folded.
fn id_of(telegram_user: i64) -> Uuid {
    derived_id(&["telegram-user", &telegram_user.to_string()])
}

fn column<'s>(
    names: impl Iterator<Item = &'s Sender>,
    of: fn(&Sender) -> &Option<String>,
) -> Vec<Option<String>> {
    names.map(|names| of(names).as_deref().map(storable)).collect()
}

/// A missing name leaves the one that is known. Says whether anything changed.
fn overlay(known: &mut Sender, new: &Sender) -> bool {
    let mut changed = false;
    for (old, new) in [
        (&mut known.first_name, &new.first_name),
        (&mut known.last_name, &new.last_name),
        (&mut known.username, &new.username),
        (&mut known.language_code, &new.language_code),
    ] {
        if let Some(new) = new.as_deref().map(storable)
            && old.as_ref() != Some(&new)
        {
            *old = Some(new);
            changed = true;
        }
    }
    changed
}
