//! The bridge's own memory: the calls to Telegram that it has to make, has tried, and has made. Not derived
//! from the log.

mod attempt;
mod file;
mod intake;
mod lead;
mod outcome;
mod pause;
mod sent;
mod task;

use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid};
use events::Meta;
use uuid::Uuid;

pub use attempt::{Begun, adopt, begin, give_up, queued};
pub use file::{TelegramFile, files, remember};
pub use intake::{Again, Wanted, again, enter};
pub use lead::Lead;
pub use outcome::{Back, Ended, Outcome, conclude, fail};
pub use pause::paused;
pub use sent::{SentPart, bots_of, parts_of};
pub use task::{Task, sent_as};

/// A call that the bridge has to make, or has tried to.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub id: Uuid,
    /// The bot that makes it.
    pub bot_id: i64,
    /// Telegram's id of the user.
    pub user_id: i64,
    /// The log sequence of the wish, and the part of it: the order within a chat.
    pub position: i64,
    pub part: u32,
    /// The outgoing message that it is about.
    pub message_id: Uuid,
    pub task: Task,
    /// Counts from 1; raised by each "send again".
    pub attempt: u32,
    /// Telegram wants it no earlier.
    pub not_before: Option<jiff::Timestamp>,
    /// The event that asked for this attempt: the outcome names it as its cause.
    pub cause: Meta,
}

const COLUMNS: &str = "id, bot_id, user_id, position, part, message_id, task, attempt, not_before, cause";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = Jsonb)]
    task: serde_json::Value,
    #[diesel(sql_type = Integer)]
    attempt: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    not_before: jiff_diesel::NullableTimestamp,
    #[diesel(sql_type = Jsonb)]
    cause: serde_json::Value,
}

impl TryFrom<Row> for Call {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            id: row.id,
            bot_id: row.bot_id,
            user_id: row.user_id,
            position: row.position,
            part: u32::try_from(row.part)?,
            message_id: row.message_id,
            task: serde_json::from_value(row.task)?,
            attempt: u32::try_from(row.attempt)?,
            not_before: row.not_before.to_jiff(),
            cause: serde_json::from_value(row.cause)?,
        })
    }
}

fn calls(rows: Vec<Row>) -> anyhow::Result<Vec<Call>> {
    rows.into_iter().map(Call::try_from).collect()
}
