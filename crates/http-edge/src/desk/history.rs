use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::{Deserialize, Serialize};
use store::{
    Conn,
    chats::{self, ChatUser, Message},
    users,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    auth::Staff,
    edge::{Edge, Site},
    problem::{FieldProblem, Problem, ProblemBody},
    wire,
};

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// `nextCursor` of the page after
    before: Option<String>,
    /// 1 to 100
    limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryBody {
    user: wire::Person,
    /// `open` or `closed`.
    status: &'static str,
    /// Oldest first.
    messages: Vec<wire::Message>,
    /// What operators wrote down for each other in this stretch, oldest first.
    notes: Vec<wire::Note>,
    /// For `before`; null when there is nothing older.
    next_cursor: Option<String>,
}

/// A stretch of a chat.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) user: ChatUser,
    pub(super) messages: Vec<wire::Message>,
    pub(super) notes: Vec<wire::Note>,
    pub(super) next_cursor: Option<String>,
}

const USUAL: i64 = 50;

/// A chat's history
#[utoipa::path(
    get, path = "/api/users/{userId}/operator-chat", tag = "desk",
    params(("userId" = i64, Path, description = "Telegram's id of the user"), Asked),
    responses(
        (status = 200, description = "A page of the history", body = HistoryBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_history(
    State(site): State<Site>,
    Staff(_operator): Staff,
    Path(user_id): Path<i64>,
    Query(asked): Query<Asked>,
) -> Result<Json<HistoryBody>, Problem> {
    let found = find(&site, user_id, asked).await?;
    Ok(Json(HistoryBody {
        user: (&found.user).into(),
        status: found.user.status.name(),
        messages: found.messages,
        notes: found.notes,
        next_cursor: found.next_cursor,
    }))
}

pub(super) async fn find(edge: &Edge, user_id: i64, asked: Asked) -> Result<Found, Problem> {
    let before = match asked.before.as_deref().filter(|before| !before.is_empty()) {
        Some(before) => {
            Some(before.parse().map_err(|_| Problem::fields(vec![FieldProblem::new("before", "invalid")]))?)
        }
        None => None,
    };
    let mut conn = edge.conn().await?;
    let user = chats::by_user(&mut conn, user_id).await?.ok_or_else(Problem::not_found)?;
    let page = chats::history(&mut conn, user_id, before, asked.limit.unwrap_or(USUAL)).await?;
    let (from, until) = (page.next_before.unwrap_or_default(), before.unwrap_or(i64::MAX));
    let notes = chats::notes(&mut conn, user_id, from, until).await?;
    let next_cursor = page.next_before.map(|position| position.to_string());
    let messages = dress(&mut conn, page.messages).await?;
    let notes = notes.into_iter().map(wire::Note::from).collect();
    Ok(Found { user, messages, notes, next_cursor })
}

/// Messages with the names of their writers and with what they answer.
pub(super) async fn dress(conn: &mut Conn, messages: Vec<Message>) -> Result<Vec<wire::Message>, Problem> {
    let operators: Vec<Uuid> = messages.iter().filter_map(|message| message.operator_id).collect();
    let names: HashMap<Uuid, String> = if operators.is_empty() {
        HashMap::new()
    } else {
        users::names(conn, &operators).await?.into_iter().collect()
    };
    let mut quotes = HashMap::new();
    for message in &messages {
        let Some(id) = message.reply_to_telegram_id else { continue };
        let key = (message.bot_id, id);
        if quotes.contains_key(&key) {
            continue;
        }
        let is_it =
            |other: &&Message| other.telegram_message_id == Some(id) && other.bot_id == message.bot_id;
        let quote = match messages.iter().find(is_it) {
            Some(original) => Some(quote(original)),
            None => {
                let chat = (message.user_id, message.bot_id);
                chats::answered(conn, chat, id).await?.as_ref().map(quote)
            }
        };
        quotes.insert(key, quote);
    }
    Ok(messages
        .into_iter()
        .map(|message| {
            let author = message.operator_id.and_then(|id| names.get(&id).cloned());
            let reply_to = message
                .reply_to_telegram_id
                .and_then(|id| quotes.get(&(message.bot_id, id)).cloned().flatten());
            wire::Message { author, reply_to, ..wire::Message::from(message) }
        })
        .collect())
}

/// The beginning of a message is enough to know it again.
pub(super) fn quote(message: &Message) -> wire::Quote {
    wire::Quote {
        id: message.id,
        message_type: message.message_type.name(),
        message_text: message.message_text.chars().take(200).collect(),
    }
}
