use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Text};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, ReactionChanged};

use super::{Step, storable_json};
use crate::{Conn, prepared::Prepared as _};

/// Keeps the signs that people put to messages: what the last event in the log says.
pub(super) async fn keep(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut last: BTreeMap<(i64, i64, i64), (i64, &ReactionChanged)> = BTreeMap::new();
    for step in steps {
        let ChatEvent::ReactionChanged(event) = step.event else { continue };
        let known = last
            .entry((event.user_id, event.bot_id, event.telegram_message_id))
            .or_insert((step.position, event));
        if known.0 < step.position {
            *known = (step.position, event);
        }
    }
    if last.is_empty() {
        return Ok(());
    }
    let lists =
        last.values().map(|(_, event)| storable_json(&event.reactions)).collect::<Result<Vec<_>, _>>()?;
    diesel::sql_query(
        "INSERT INTO chat_reactions (user_id, bot_id, telegram_message_id, position, reactions)
         SELECT new.user_id, new.bot_id, new.telegram_message_id, new.position,
                ARRAY(SELECT jsonb_array_elements_text(new.reactions::jsonb))
         FROM UNNEST($1, $2, $3, $4, $5)
              AS new (user_id, bot_id, telegram_message_id, position, reactions)
         ON CONFLICT (user_id, bot_id, telegram_message_id) DO UPDATE SET
             reactions = EXCLUDED.reactions, position = EXCLUDED.position
             WHERE chat_reactions.position < EXCLUDED.position",
    )
    .bind::<Array<BigInt>, _>(last.keys().map(|(user, ..)| *user).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(last.keys().map(|(_, bot, _)| *bot).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(last.keys().map(|(.., message)| *message).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(last.values().map(|(position, _)| *position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(lists)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
