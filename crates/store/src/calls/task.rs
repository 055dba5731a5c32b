use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ReplyFile, TextEntity};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// What a call does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Task {
    /// Sends a text, or files with a caption. Made twice it is there twice.
    Send {
        #[serde(default)]
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        entities: Vec<TextEntity>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<ReplyFile>,
        /// Telegram's id of the message that this one answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply_to: Option<i64>,
        /// With a button by which the person shares their phone.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        asks_phone: bool,
    },
    /// Changes the text of the message's first part, or its caption. Made twice it is as if once.
    Edit {
        edit_id: Uuid,
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        entities: Vec<TextEntity>,
    },
    /// Takes back every part of the message. Made twice it is as if once.
    Delete {},
}

impl Task {
    /// Whether a second time does no harm, so that after a crash it is simply done again.
    #[must_use]
    pub const fn repeatable(&self) -> bool {
        match self {
            Self::Send { .. } => false,
            Self::Edit { .. } | Self::Delete {} => true,
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Sent {
    #[diesel(sql_type = SqlUuid)]
    message_id: Uuid,
    #[diesel(sql_type = Array<BigInt>)]
    ids: Vec<i64>,
}

/// What Telegram calls the messages that these of ours became, part by part; empty lists are left out.
pub async fn sent_as(conn: &mut Conn, messages: &[Uuid]) -> diesel::QueryResult<Vec<(Uuid, Vec<i64>)>> {
    let rows: Vec<Sent> = diesel::sql_query(
        "SELECT message_id, telegram_message_ids AS ids FROM calls
         WHERE message_id = ANY($1) AND cardinality(telegram_message_ids) > 0 ORDER BY message_id, part",
    )
    .bind::<Array<SqlUuid>, _>(messages.to_vec())
    .prepared()
    .get_results(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.message_id, row.ids)).collect())
}
