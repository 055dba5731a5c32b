use std::collections::{BTreeMap, HashMap};

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, TextEntity};
use jiff_diesel::{NullableTimestamp, Timestamp};
use uuid::Uuid;

use super::{Step, storable, storable_json};
use crate::{Conn, prepared::Prepared as _};

/// A text that takes the place of another: the person's own change, or an operator's that Telegram shows.
struct Edit<'e> {
    position: i64,
    about: About,
    text: &'e str,
    entities: &'e [TextEntity],
    at: jiff::Timestamp,
}

/// Which message an edit is about.
#[derive(Clone, Copy)]
enum About {
    Ours(Uuid),
    /// Of a person, by the bot that heard it and Telegram's id.
    Theirs {
        user_id: i64,
        bot_id: i64,
        telegram_message_id: i64,
    },
}

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
    bot_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Text)]
    message_text: String,
    /// JSON.
    #[diesel(sql_type = Nullable<Text>)]
    entities: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    edited_at: NullableTimestamp,
    /// Where the edit stands in the log that made it so; 0 when none did.
    #[diesel(sql_type = BigInt)]
    edit_position: i64,
}

/// What a message said until an edit.
struct Before {
    message: Uuid,
    position: i64,
    text: String,
    entities: Option<String>,
    edited_at: jiff::Timestamp,
}

/// What a message says after the last edit.
struct After {
    text: String,
    entities: Option<String>,
    edited_at: jiff::Timestamp,
}

/// Follows the edits of the slice: the text before each is kept, the text after the last one stands.
pub(super) async fn fold(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let edits: Vec<Edit<'_>> = steps.iter().filter_map(Edit::of).collect();
    if edits.is_empty() {
        return Ok(());
    }
    let mut messages = Messages::read(conn, &edits).await?;
    let mut before = Vec::new();
    let mut after = BTreeMap::new();
    for edit in &edits {
        // What stands in the log before its message was not about it.
        let Some(message) = messages.find(edit.about).filter(|message| message.position < edit.position)
        else {
            continue;
        };
        if let Some(old) = message.edit(edit)? {
            before.push(old);
            let (text, entities) = (message.message_text.clone(), message.entities.clone());
            after.insert(message.id, After { text, entities, edited_at: edit.at });
        }
    }
    if before.is_empty() {
        return Ok(());
    }
    keep(conn, &before).await?;
    change(conn, &after).await?;
    Ok(())
}

impl<'e> Edit<'e> {
    fn of(step: &Step<'e>) -> Option<Self> {
        let position = step.position;
        match step.event {
            ChatEvent::MessageEdited(edit) => Some(Self {
                position,
                about: About::Theirs {
                    user_id: edit.user_id,
                    bot_id: edit.bot_id.unwrap_or_default(),
                    telegram_message_id: edit.telegram_message_id,
                },
                text: &edit.message_text,
                entities: &edit.entities,
                at: edit.edited_at,
            }),
            ChatEvent::ReplyEdited(edit) => Some(Self {
                position,
                about: About::Ours(edit.message_id),
                text: &edit.message_text,
                entities: &edit.entities,
                at: edit.edited_at,
            }),
            _ => None,
        }
    }
}

/// The messages that edits are about.
struct Messages {
    rows: Vec<Current>,
    ours: HashMap<Uuid, usize>,
    theirs: HashMap<(i64, i64, i64), usize>,
}

impl Messages {
    async fn read(conn: &mut Conn, edits: &[Edit<'_>]) -> diesel::QueryResult<Self> {
        let (mut ids, mut users, mut telegram) = (Vec::new(), Vec::new(), Vec::new());
        for edit in edits {
            match edit.about {
                About::Ours(id) => ids.push(id),
                About::Theirs { user_id, telegram_message_id, .. } => {
                    users.push(user_id);
                    telegram.push(telegram_message_id);
                }
            }
        }
        let rows: Vec<Current> = diesel::sql_query(
            "SELECT id, position, user_id, bot_id, telegram_message_id, message_text, entities::text, edited_at,
                    COALESCE((SELECT max(edit.position) FROM chat_message_edits AS edit
                              WHERE edit.message_id = chat_messages.id), 0) AS edit_position
             FROM chat_messages
             WHERE id = ANY($1) OR ((user_id, telegram_message_id) IN (SELECT * FROM UNNEST($2, $3))
                                    AND direction = 'in' AND verified)
             ORDER BY id FOR UPDATE",
        )
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<BigInt>, _>(users)
        .bind::<Array<BigInt>, _>(telegram)
        .prepared()
        .get_results(conn)
        .await?;
        let ours = rows.iter().enumerate().map(|(index, row)| (row.id, index)).collect();
        let theirs = rows
            .iter()
            .enumerate()
            .filter_map(|(index, row)| Some(((row.user_id, row.bot_id, row.telegram_message_id?), index)));
        let theirs = theirs.collect();
        Ok(Self { rows, ours, theirs })
    }

    fn find(&mut self, about: About) -> Option<&mut Current> {
        let index = match about {
            About::Ours(id) => self.ours.get(&id),
            // A message may be from before bots had numbers here.
            About::Theirs { user_id, bot_id, telegram_message_id } => self
                .theirs
                .get(&(user_id, bot_id, telegram_message_id))
                .or_else(|| self.theirs.get(&(user_id, 0, telegram_message_id))),
        };
        self.rows.get_mut(*index?)
    }
}

impl Current {
    /// What stood before the edit; `None` when the edit is a repetition or older than what stands.
    fn edit(&mut self, edit: &Edit<'_>) -> anyhow::Result<Option<Before>> {
        let text = storable(edit.text);
        let entities = (!edit.entities.is_empty()).then(|| storable_json(&edit.entities)).transpose()?;
        let same = text == self.message_text && same_json(entities.as_deref(), self.entities.as_deref())?;
        let is_old = match (edit.about, self.edited_at.to_jiff()) {
            // In the order in which they were made, whatever the clock of whoever made them said.
            (About::Ours(_), _) => edit.position <= self.edit_position,
            (About::Theirs { .. }, None) => false,
            // Telegram tells the time in whole seconds: of two that share one the log knows which was last.
            (About::Theirs { .. }, Some(last)) => {
                edit.at < last || (edit.at == last && (same || edit.position <= self.edit_position))
            }
        };
        if is_old {
            return Ok(None);
        }
        self.edit_position = edit.position;
        self.edited_at = Some(edit.at).into();
        Ok(Some(Before {
            message: self.id,
            position: edit.position,
            text: std::mem::replace(&mut self.message_text, text),
            entities: std::mem::replace(&mut self.entities, entities),
            edited_at: edit.at,
        }))
    }
}

/// The database writes JSON in another order than this program.
fn same_json(one: Option<&str>, other: Option<&str>) -> serde_json::Result<bool> {
    let read = |text: Option<&str>| text.map(serde_json::from_str::<serde_json::Value>).transpose();
    Ok(read(one)? == read(other)?)
}

async fn keep(conn: &mut Conn, before: &[Before]) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "INSERT INTO chat_message_edits (message_id, position, previous_text, previous_entities, edited_at)
         SELECT message_id, position, previous_text, previous_entities::jsonb, edited_at
         FROM UNNEST($1, $2, $3, $4, $5)
              AS new (message_id, position, previous_text, previous_entities, edited_at)
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(before.iter().map(|old| old.message).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(before.iter().map(|old| old.position).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(before.iter().map(|old| old.text.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(before.iter().map(|old| old.entities.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        before.iter().map(|old| Timestamp::from(old.edited_at)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn change(conn: &mut Conn, after: &BTreeMap<Uuid, After>) -> diesel::QueryResult<()> {
    diesel::sql_query(
        "UPDATE chat_messages SET message_text = new.text, entities = new.entities::jsonb,
             edited_at = new.edited_at
         FROM UNNEST($1, $2, $3, $4) AS new (id, text, entities, edited_at) WHERE chat_messages.id = new.id",
    )
    .bind::<Array<SqlUuid>, _>(after.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(after.values().map(|new| new.text.as_str()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(after.values().map(|new| new.entities.as_deref()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(
        after.values().map(|new| Timestamp::from(new.edited_at)).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
