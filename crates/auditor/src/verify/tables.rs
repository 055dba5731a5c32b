use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};

use crate::rebuild::quoted;

/// A table that is a fold of the log.
pub(super) struct Compared {
    pub name: &'static str,
    /// Whose events can change a row, as SQL over the row `x` and the schema `{schema}`.
    pub owners: &'static [&'static str],
}

/// The owner of what belongs to a message of a chat.
const OF_MESSAGE: &str =
    "'chats.' || (SELECT user_id FROM {schema}.chat_messages AS m WHERE m.id = x.message_id)";

/// In the order in which they are reported.
pub(super) const COMPARED: [Compared; 19] = [
    Compared { name: "users", owners: &["'users.' || x.id", "'chats.' || x.telegram_user_id"] },
    Compared { name: "images", owners: &["'images.' || x.id"] },
    Compared { name: "orders", owners: &["'orders.' || x.id"] },
    Compared { name: "order_scans", owners: &["'orders.' || x.order_id"] },
    Compared { name: "balances", owners: &["'accounts.' || x.user_id"] },
    Compared { name: "ledger", owners: &["'accounts.' || x.user_id"] },
    Compared { name: "user_data", owners: &["'chats.' || x.user_id"] },
    Compared { name: "chat_messages", owners: &["'chats.' || x.user_id"] },
    Compared { name: "chat_message_edits", owners: &[OF_MESSAGE] },
    Compared { name: "chat_message_parts", owners: &[OF_MESSAGE] },
    Compared { name: "chat_message_changes", owners: &[OF_MESSAGE] },
    Compared { name: "chat_sent_ids", owners: &["'chats.' || x.user_id"] },
    Compared { name: "chat_files", owners: &[OF_MESSAGE] },
    Compared { name: "chat_reactions", owners: &["'chats.' || x.user_id"] },
    Compared { name: "chat_blocks", owners: &["'chats.' || x.user_id"] },
    Compared { name: "chat_notes", owners: &["'chats.' || x.user_id"] },
    Compared { name: "bots", owners: &["'desk.' || x.bot_id"] },
    Compared { name: "canned_replies", owners: &["'desk.' || x.id"] },
    Compared { name: "letters_settled", owners: &["'letters.' || x.consumer"] },
];

/// Tables that are no folds of the log, and why.
pub const EXCLUDED: [(&str, &str); 15] = [
    ("credentials", "secrets are never in an event"),
    ("sessions", "secrets are never in an event"),
    ("tokens", "secrets are never in an event"),
    ("drafts", "what somebody is typing is no event"),
    ("account_settings", "what somebody prefers is no event"),
    ("read_markers", "what somebody has read is no event"),
    ("link_tokens", "secrets are never in an event"),
    ("calls", "the bridge's own memory"),
    ("telegram_files", "the bridge's own memory"),
    ("bot_status", "the bridge's own memory"),
    ("bot_pauses", "the bridge's own memory"),
    ("link_positions", "the chat worker's own memory"),
    ("inbox", "the workers' own memory"),
    ("outbox", "the workers' own memory"),
    ("__diesel_schema_migrations", "which migrations have run"),
];

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    from_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    key: bool,
}

/// The columns of a table, quoted.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub all: Vec<String>,
    pub key: Vec<String>,
}

/// The columns of every table that the migrations make. A table that is neither compared nor excluded is
/// an error: somebody has to decide.
pub(super) async fn columns(
    conn: &mut AsyncPgConnection,
    schema: &str,
) -> anyhow::Result<BTreeMap<&'static str, Columns>> {
    let rows: Vec<Column> = diesel::sql_query(
        "SELECT c.relname::text AS from_table, a.attname::text AS name,
                COALESCE(a.attnum = ANY (i.indkey), false) AS key
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
         WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p')
         ORDER BY c.relname, a.attnum",
    )
    .bind::<Text, _>(quoted(schema))
    .get_results(conn)
    .await?;
    let mut tables: BTreeMap<&'static str, Columns> = BTreeMap::new();
    for column in rows {
        let table = column.from_table.as_str();
        if table.starts_with("auditor_") || EXCLUDED.iter().any(|(name, _)| *name == table) {
            continue;
        }
        let Some(compared) = COMPARED.iter().find(|compared| compared.name == table) else {
            bail!("the table {table} is neither compared nor excluded");
        };
        let columns = tables.entry(compared.name).or_default();
        let name = quoted(&column.name);
        if column.key {
            columns.key.push(name.clone());
        }
        columns.all.push(name);
    }
    for Compared { name, .. } in &COMPARED {
        tables.get(name).with_context(|| format!("the migrations make no table {name}"))?;
    }
    Ok(tables)
}
