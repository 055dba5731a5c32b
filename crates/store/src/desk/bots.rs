use diesel::{
    OptionalExtension as _,
    sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl as _;
use events::desk::BotSettings;

use crate::{Conn, prepared::Prepared as _};

/// A bot of the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Bot {
    /// Telegram's id of it.
    pub bot_id: i64,
    /// Without `@`; `None` until it was connected.
    pub username: Option<String>,
    pub name: Option<String>,
    pub settings: BotSettings,
    /// How its line to Telegram is, as its bridge has last said, and when.
    pub status: Option<(serde_json::Value, jiff::Timestamp)>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    bot_id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    username: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Jsonb)]
    settings: serde_json::Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    status: Option<serde_json::Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    updated_at: jiff_diesel::NullableTimestamp,
}

const SELECT: &str = "SELECT bot_id, username, name, COALESCE(settings, '{}') AS settings, status, updated_at
     FROM bots FULL JOIN bot_status USING (bot_id)";

/// Every bot that was ever connected, or is being connected.
pub async fn all(conn: &mut Conn) -> anyhow::Result<Vec<Bot>> {
    let rows: Vec<Row> =
        diesel::sql_query(format!("{SELECT} ORDER BY bot_id")).prepared().get_results(conn).await?;
    rows.into_iter().map(Bot::try_from).collect()
}

/// One of them.
pub async fn bot(conn: &mut Conn, bot_id: i64) -> anyhow::Result<Option<Bot>> {
    let row: Option<Row> = diesel::sql_query(format!("{SELECT} WHERE bot_id = $1"))
        .bind::<BigInt, _>(bot_id)
        .prepared()
        .get_result(conn)
        .await
        .optional()?;
    row.map(Bot::try_from).transpose()
}

impl TryFrom<Row> for Bot {
    type Error = anyhow::Error;

    fn try_from(row: Row) -> anyhow::Result<Self> {
        Ok(Self {
            bot_id: row.bot_id,
            username: row.username,
            name: row.name,
            settings: serde_json::from_value(row.settings)?,
            status: row.status.zip(row.updated_at.to_jiff()),
        })
    }
}
