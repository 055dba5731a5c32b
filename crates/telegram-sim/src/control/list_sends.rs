use std::collections::HashMap;

use axum::Json;
use axum::extract::Query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::of_bot::OfBot;

const MOST: usize = 10_000;

/// Counts since the start: calls by method, updates, messages of the bot.
pub(super) async fn stats(OfBot(world): OfBot) -> Json<Value> {
    let state = world.state();
    let mut repeated: HashMap<(i64, &str), u32> = HashMap::new();
    for &(chat_id, message_id) in &state.sends {
        if let Some(message) = state.message(chat_id, message_id) {
            *repeated.entry((chat_id, message.words())).or_default() += 1;
        }
    }
    let repeated: Vec<Value> = repeated
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .map(|((chat_id, text), times)| json!({"chat_id": chat_id, "text": text, "times": times}))
        .collect();
    Json(json!({
        "calls": state.calls.all(),
        "users": state.accounts.len(),
        "updates_pending": state.updates.len(),
        "next_update_id": state.updates.next_id(),
        "sent": state.sends.len(),
        "sent_repeatedly": repeated,
        "webhook": state.webhook.as_ref().map(|webhook| &webhook.url),
    }))
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// How many sends to pass over: the `next` of the answer before.
    #[serde(default)]
    after: usize,
    limit: Option<usize>,
    chat_id: Option<i64>,
}

/// Every message the bot ever sent, in order, also those deleted since.
pub(super) async fn sends(OfBot(world): OfBot, Query(asked): Query<Asked>) -> Json<Value> {
    let state = world.state();
    let limit = asked.limit.unwrap_or(1000).min(MOST);
    let mut next = asked.after;
    let mut sends = Vec::new();
    for (at, &(chat_id, message_id)) in state.sends.iter().enumerate().skip(asked.after) {
        if sends.len() == limit {
            break;
        }
        next = at + 1;
        if asked.chat_id.is_some_and(|wanted| wanted != chat_id) {
            continue;
        }
        if let Some(message) = state.message(chat_id, message_id) {
            sends.push(json!({
                "chat_id": chat_id,
                "message_id": message_id,
                "text": message.words(),
                "at_ms": message.at_ms,
            }));
        }
    }
    Json(json!({"sends": sends, "next": next, "total": state.sends.len()}))
}
