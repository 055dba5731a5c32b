//! The bridge's own memory: what it has to send, has tried, and has learnt. Not derived from the log.

mod attempt;
mod intake;
mod lead;
mod outcome;

use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid};
use events::Meta;
use uuid::Uuid;

pub use attempt::{begin, give_up, queued};
pub use intake::{Again, Wanted, again, enter};
pub use lead::Lead;
pub use outcome::{Ended, Outcome, conclude};

/// A reply that the bridge has to deliver, or has tried to.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    pub message_id: Uuid,
    /// Telegram's id of the user.
    pub user_id: i64,
    /// The log sequence of the wish: the order within a chat.
    pub position: i64,
    /// Counts from 1; raised by each "send again".
    pub attempt: u32,
    pub message_text: String,
    /// Telegram's id of the message that this one answers.
    pub reply_to_telegram_id: Option<i64>,
    /// The event that asked for this attempt: the outcome names it as its cause.
    pub cause: Meta,
}

const COLUMNS: &str = "message_id, user_id, position, attempt, message_text, reply_to_telegram_id, cause";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Integer)]
    attempt: i32,
    #[diesel(sql_type = Text)]
    message_text: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    reply_to_telegram_id: Option<i64>,
    #[diesel(sql_type = Jsonb)]
    cause: serde_json::Value,
}

impl TryFrom<Row> for Delivery {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            message_id: row.message_id,
            user_id: row.user_id,
            position: row.position,
            attempt: u32::try_from(row.attempt)?,
            message_text: row.message_text,
            reply_to_telegram_id: row.reply_to_telegram_id,
            cause: serde_json::from_value(row.cause)?,
        })
    }
}

fn deliveries(rows: Vec<Row>) -> anyhow::Result<Vec<Delivery>> {
    rows.into_iter().map(Delivery::try_from).collect()
}
