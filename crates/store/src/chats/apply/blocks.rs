use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Bool, Timestamptz};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use jiff_diesel::Timestamp;

use super::Step;
use crate::{Conn, prepared::Prepared as _};

/// Keeps whether people have blocked bots: of several events the last one in the log counts.
pub(super) async fn follow(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut blocks: BTreeMap<(i64, i64), (i64, bool, jiff::Timestamp)> = BTreeMap::new();
    for step in steps {
        let (user, bot, blocked) = match step.event {
            ChatEvent::BotBlocked(event) => (event.user_id, event.bot_id, true),
            ChatEvent::BotUnblocked(event) => (event.user_id, event.bot_id, false),
            _ => continue,
        };
        let last = blocks.entry((user, bot.unwrap_or_default())).or_default();
        if last.0 < step.position {
            *last = (step.position, blocked, step.time);
        }
    }
    if blocks.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO chat_blocks (user_id, bot_id, blocked, position, at)
         SELECT * FROM UNNEST($1, $2, $3, $4, $5)
         ON CONFLICT (user_id, bot_id) DO UPDATE SET
             blocked = EXCLUDED.blocked, position = EXCLUDED.position, at = EXCLUDED.at
             WHERE chat_blocks.position < EXCLUDED.position",
    )
    .bind::<Array<BigInt>, _>(blocks.keys().map(|(user, _)| *user).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(blocks.keys().map(|(_, bot)| *bot).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(blocks.values().map(|(_, blocked, _)| *blocked).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(blocks.values().map(|(position, ..)| *position).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(blocks.values().map(|(.., at)| Timestamp::from(*at)).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
