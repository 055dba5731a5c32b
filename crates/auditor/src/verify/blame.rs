use std::{collections::HashMap, time::Duration};

use events::{Bus, bus::LogMessage};
use serde_json::Value;

use super::{Responsible, compare::Row};
use crate::{log::Reader, owner::owner};

/// Rows whose events are looked for at a time.
const AT_A_TIME: usize = 100;
/// The broker finds events by subject at once; an owner without any would be waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// For each row the event that made it what it should be, if the log has one.
pub(super) async fn find(bus: &Bus, rows: &[Row], position: u64) -> anyhow::Result<Vec<Option<Responsible>>> {
    let mut found = Vec::with_capacity(rows.len());
    for rows in rows.chunks(AT_A_TIME) {
        found.extend(find_some(bus, rows, position).await?);
    }
    Ok(found)
}

async fn find_some(bus: &Bus, rows: &[Row], position: u64) -> anyhow::Result<Vec<Option<Responsible>>> {
    let mut by_owner: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        for owner in &row.owners {
            let indexes = by_owner.entry(owner).or_default();
            if !indexes.contains(&index) {
                indexes.push(index);
            }
        }
    }
    let mut best: Vec<Option<(u8, Responsible)>> = vec![None; rows.len()];
    if by_owner.is_empty() || position == 0 {
        return Ok(vec![None; rows.len()]);
    }
    let mut filters: Vec<String> = by_owner.keys().map(|owner| format!("{owner}.*")).collect();
    // The row of a linked Telegram user is changed by an event of the account.
    filters.push("users.*.telegram-linked".to_owned());
    let mut reader = Reader::open(bus, filters, 1).await?;
    while let Ok(message) = tokio::time::timeout(PATIENCE, reader.next()).await {
        if message.sequence <= position {
            weigh(&message, rows, &by_owner, &mut best);
        }
        if message.sequence >= position || message.pending == 0 {
            break;
        }
    }
    Ok(best.into_iter().map(|best| best.map(|(_, event)| event)).collect())
}

/// The later event wins among those that fit equally well.
fn weigh(
    message: &LogMessage,
    rows: &[Row],
    by_owner: &HashMap<&str, Vec<usize>>,
    best: &mut [Option<(u8, Responsible)>],
) {
    let Ok(recorded) = message.decode() else { return };
    let Some(indexes) = by_owner.get(owner(&recorded.event).as_str()) else { return };
    let body: Value = serde_json::from_slice(&message.body).unwrap_or_default();
    for &index in indexes {
        let fit = fit(&rows[index], message.sequence, recorded.meta.version, &body);
        if best[index].as_ref().is_none_or(|(known, _)| *known <= fit) {
            let responsible = Responsible {
                sequence: message.sequence,
                event_type: recorded.meta.ce_type.clone(),
                id: recorded.meta.id,
            };
            best[index] = Some((fit, responsible));
        }
    }
}

/// 2: the event names the very row or its version; 1: it is about the same owner; 0: about another row
/// of it.
fn fit(row: &Row, sequence: u64, version: Option<u64>, body: &Value) -> u8 {
    let same = |field: &str, value: Option<u64>| {
        value.is_some() && row.field(field).and_then(Value::as_u64) == value
    };
    match row.table {
        "orders" | "balances" | "ledger" => match version {
            Some(_) if same("version", version) => 2,
            Some(_) => 1,
            None => 0,
        },
        "chat_messages" => {
            let message = body.get("messageId");
            if same("position", Some(sequence)) || (message.is_some() && message == row.field("id")) {
                2
            } else {
                u8::from(message.is_none())
            }
        }
        "order_scans" if body.get("scans").is_some() => 2,
        "chat_message_edits" if same("position", Some(sequence)) => 2,
        _ => 1,
    }
}
