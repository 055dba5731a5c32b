use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Bool, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    desk::{BotConnected, BotSettings, DeskEvent},
};
use uuid::Uuid;

use crate::prepared::Prepared as _;
use crate::{
    Conn,
    storable::{storable, storable_json},
};

/// What the last event about each thing says, with its place in the log.
type Last<K, V> = BTreeMap<K, (i64, V)>;
/// Shortcut and text of a ready answer; `None` when it is gone.
type Saved<'e> = Option<(&'e str, &'e str)>;

/// Of several events about one thing the last one in the log counts, whichever is written last.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut connected: Last<i64, &BotConnected> = BTreeMap::new();
    let mut settings: Last<i64, &BotSettings> = BTreeMap::new();
    let mut canned: Last<Uuid, Saved<'_>> = BTreeMap::new();
    for fact in facts {
        let LogEvent::Desk(event) = &fact.event else { continue };
        let position = fact
            .position
            .ok_or_else(|| anyhow::anyhow!("an event of the desk can only be applied from the log"))?;
        let at = i64::try_from(position)?;
        match event {
            DeskEvent::BotConnected(event) => keep(&mut connected, event.bot_id, at, event),
            DeskEvent::BotSettingsChanged(event) => keep(&mut settings, event.bot_id, at, &event.settings),
            DeskEvent::CannedSaved(event) => {
                let saved = (event.shortcut.as_str(), event.canned_text.as_str());
                keep(&mut canned, event.canned_id, at, Some(saved));
            }
            DeskEvent::CannedRemoved(event) => keep(&mut canned, event.canned_id, at, None),
        }
    }
    connect(conn, &connected).await?;
    set(conn, &settings).await?;
    save(conn, &canned).await
}

fn keep<K: Ord, V>(known: &mut Last<K, V>, key: K, position: i64, value: V) {
    if known.get(&key).is_none_or(|(at, _)| *at < position) {
        known.insert(key, (position, value));
    }
}

async fn connect(conn: &mut Conn, bots: &Last<i64, &BotConnected>) -> anyhow::Result<()> {
    if bots.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO bots (bot_id, connected_position, username, name) SELECT * FROM UNNEST($1, $2, $3, $4)
         ON CONFLICT (bot_id) DO UPDATE SET
             connected_position = EXCLUDED.connected_position, username = EXCLUDED.username,
             name = EXCLUDED.name
             WHERE bots.connected_position < EXCLUDED.connected_position",
    )
    .bind::<Array<BigInt>, _>(bots.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(bots.values().map(|(position, _)| *position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(bots.values().map(|(_, bot)| storable(&bot.bot_username)).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(bots.values().map(|(_, bot)| storable(&bot.bot_name)).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn set(conn: &mut Conn, settings: &Last<i64, &BotSettings>) -> anyhow::Result<()> {
    if settings.is_empty() {
        return Ok(());
    }
    let bodies =
        settings.values().map(|(_, settings)| storable_json(settings)).collect::<Result<Vec<_>, _>>()?;
    diesel::sql_query(
        "INSERT INTO bots (bot_id, settings_position, settings)
         SELECT bot_id, position, settings::jsonb
         FROM UNNEST($1, $2, $3) AS new (bot_id, position, settings)
         ON CONFLICT (bot_id) DO UPDATE SET
             settings_position = EXCLUDED.settings_position, settings = EXCLUDED.settings
             WHERE bots.settings_position < EXCLUDED.settings_position",
    )
    .bind::<Array<BigInt>, _>(settings.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(settings.values().map(|(position, _)| *position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(bodies)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn save(conn: &mut Conn, canned: &Last<Uuid, Saved<'_>>) -> anyhow::Result<()> {
    if canned.is_empty() {
        return Ok(());
    }
    let texts = |of: fn((&str, &str)) -> String| -> Vec<String> {
        canned.values().map(|(_, saved)| saved.map(of).unwrap_or_default()).collect()
    };
    // What is gone keeps the words it had.
    diesel::sql_query(
        "INSERT INTO canned_replies (id, position, shortcut, canned_text, removed)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5)
         ON CONFLICT (id) DO UPDATE SET
             position = EXCLUDED.position, removed = EXCLUDED.removed,
             shortcut = CASE WHEN EXCLUDED.removed THEN canned_replies.shortcut ELSE EXCLUDED.shortcut END,
             canned_text = CASE WHEN EXCLUDED.removed THEN canned_replies.canned_text
                 ELSE EXCLUDED.canned_text END
             WHERE canned_replies.position < EXCLUDED.position",
    )
    .bind::<Array<SqlUuid>, _>(canned.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(canned.values().map(|(position, _)| *position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(texts(|(shortcut, _)| storable(shortcut)))
    .bind::<Array<Text>, _>(texts(|(_, text)| storable(text)))
    .bind::<Array<Bool>, _>(canned.values().map(|(_, saved)| saved.is_none()).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
