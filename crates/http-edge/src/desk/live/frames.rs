//! Events of chats as frames of the live stream. The log tells of a message before the table has it, so
//! what the event says counts before what the table says.

use std::{collections::BTreeMap, sync::Arc};

use axum::response::sse::Event;
use events::{
    LogEvent, Recorded,
    chats::{ChatEvent, Direction},
};
use serde::Serialize;
use store::chats::{self, DeliveryState, Status};
use uuid::Uuid;

use crate::{
    desk::{history, reply},
    edge::Edge,
    live::frame,
    problem::Problem,
    wire,
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MessageFrame {
    user_id: i64,
    message: wire::Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeliveryFrame {
    user_id: i64,
    message_id: Uuid,
    delivery: wire::Delivery,
}

/// What a batch says about a chat.
#[derive(Default)]
struct News<'e> {
    messages: Vec<(i64, wire::Message, Option<&'e events::chats::MessageReceived>)>,
    status: Option<Status>,
    blocked: Option<bool>,
    trouble: Option<bool>,
}

pub(super) async fn frames(edge: &Edge, events: &[Arc<Recorded>]) -> Vec<Event> {
    let mut news: BTreeMap<i64, News<'_>> = BTreeMap::new();
    let mut frames = Vec::new();
    for recorded in events {
        let LogEvent::Chat(event) = &recorded.event else { continue };
        match take(edge, recorded, event, &mut news).await {
            Ok(frame) => frames.extend(frame),
            Err(problem) => {
                let error = problem.cause.map(|cause| format!("{cause:#}"));
                tracing::warn!(error, "a live page misses something");
            }
        }
    }
    // Chats first and without an id: a stream that breaks in between resumes before them.
    let mut all = Vec::with_capacity(news.len() + frames.len());
    for (user_id, news) in news {
        match chat(edge, user_id, news).await {
            Ok(chat) => all.extend(chat.and_then(|chat| frame("chat", None, &chat))),
            Err(error) => tracing::warn!(error = format!("{error:#}"), "a live page misses a chat"),
        }
    }
    all.append(&mut frames);
    all
}

/// The frame of one event, and what it says about its chat.
async fn take<'e>(
    edge: &Edge,
    recorded: &'e Recorded,
    event: &'e ChatEvent,
    news: &mut BTreeMap<i64, News<'e>>,
) -> Result<Option<Event>, Problem> {
    let sequence = recorded.position;
    let position = i64::try_from(sequence.unwrap_or_default()).unwrap_or(i64::MAX);
    let message = |user_id, message| frame("message", sequence, &MessageFrame { user_id, message });
    let delivery = |user_id, message_id, delivery| {
        frame("delivery", sequence, &DeliveryFrame { user_id, message_id, delivery })
    };
    Ok(match event {
        ChatEvent::MessageReceived(event) => {
            let shown = wire::Message::from(event);
            let about = news.entry(event.user_id).or_default();
            about.messages.push((position, shown.clone(), Some(event)));
            message(event.user_id, shown)
        }
        ChatEvent::ReplyRequested(event) => {
            let mut shown = wire::Message::reply(event, recorded.meta.time);
            let names = store::users::names(&mut *edge.conn().await?, &[event.operator_id]).await?;
            shown.author = names.into_iter().next().map(|(_, name)| name);
            let about = news.entry(event.user_id).or_default();
            about.messages.push((position, shown.clone(), None));
            message(event.user_id, shown)
        }
        ChatEvent::MessageEdited(event) => {
            let mut conn = edge.conn().await?;
            let telegram_id = event.telegram_message_id;
            let stored = chats::by_telegram_id(
                &mut conn,
                (event.user_id, event.bot_id.unwrap_or_default()),
                telegram_id,
                Direction::In,
                true,
            )
            .await?;
            let shown = history::dress(&mut conn, stored.into_iter().collect()).await?.pop();
            shown.and_then(|shown| {
                let edited = wire::Message {
                    message_text: event.message_text.clone(),
                    edited_at: Some(event.edited_at),
                    ..shown
                };
                message(event.user_id, edited)
            })
        }
        ChatEvent::FileStored(event) => {
            let mut conn = edge.conn().await?;
            let stored =
                chats::message_by_id(&mut conn, event.message_id).await?.map(|stored| chats::Message {
                    file_id: Some(event.file_id),
                    file: Some(event.file.clone()),
                    file_failure: None,
                    ..stored
                });
            let shown = history::dress(&mut conn, stored.into_iter().collect()).await?.pop();
            shown.and_then(|shown| message(event.user_id, shown))
        }
        ChatEvent::FileFailed(event) => {
            let mut conn = edge.conn().await?;
            let stored = chats::message_by_id(&mut conn, event.message_id).await?;
            let stored =
                stored.map(|stored| chats::Message { file_failure: Some(event.code.clone()), ..stored });
            let shown = history::dress(&mut conn, stored.into_iter().collect()).await?.pop();
            shown.and_then(|shown| message(event.user_id, shown))
        }
        ChatEvent::RetryRequested(event) => {
            delivery(event.user_id, event.message_id, wire::Delivery::of(DeliveryState::Queued))
        }
        ChatEvent::ReplySent(sent) => {
            let (outcome, _) = reply::outcome(recorded).unzip();
            outcome.and_then(|outcome| delivery(sent.user_id, sent.message_id, outcome))
        }
        ChatEvent::ReplyFailed(failed) => {
            news.entry(failed.user_id).or_default().trouble = Some(true);
            let (outcome, _) = reply::outcome(recorded).unzip();
            outcome.and_then(|outcome| delivery(failed.user_id, failed.message_id, outcome))
        }
        ChatEvent::ReplyUnknown(unknown) => {
            news.entry(unknown.user_id).or_default().trouble = Some(true);
            let (outcome, _) = reply::outcome(recorded).unzip();
            outcome.and_then(|outcome| delivery(unknown.user_id, unknown.message_id, outcome))
        }
        ChatEvent::ReactionChanged(_)
        | ChatEvent::NoticeRequested(_)
        | ChatEvent::ReplyDismissed(_)
        | ChatEvent::EditRequested(_)
        | ChatEvent::ReplyEdited(_)
        | ChatEvent::EditFailed(_)
        | ChatEvent::DeleteRequested(_)
        | ChatEvent::ReplyDeleted(_)
        | ChatEvent::DeleteFailed(_)
        | ChatEvent::NoteAdded(_)
        | ChatEvent::NoteRemoved(_)
        | ChatEvent::ChatAssigned(_)
        | ChatEvent::ChatBanned(_)
        | ChatEvent::ChatUnbanned(_)
        | ChatEvent::NoticesSwitched(_) => None,
        ChatEvent::ChatOpened(event) => {
            news.entry(event.user_id).or_default().status = Some(Status::Open);
            None
        }
        ChatEvent::ChatClosed(event) => {
            news.entry(event.user_id).or_default().status = Some(Status::Closed);
            None
        }
        ChatEvent::BotBlocked(event) => {
            news.entry(event.user_id).or_default().blocked = Some(true);
            None
        }
        ChatEvent::BotUnblocked(event) => {
            news.entry(event.user_id).or_default().blocked = Some(false);
            None
        }
    })
}

/// The chat's row with what the table does not have yet.
async fn chat(edge: &Edge, user_id: i64, news: News<'_>) -> anyhow::Result<Option<wire::Chat>> {
    let row = chats::one(&mut *edge.conn().await?, user_id).await?;
    let (known, mut chat) = match row {
        Some(row) => (row.last_position, Some(wire::Chat::from(row))),
        None => (0, None),
    };
    for (_, message, event) in news.messages.iter().filter(|(position, ..)| *position > known) {
        match (&mut chat, event) {
            (Some(chat), _) => {
                chat.last_message = message.as_last();
                if message.direction == Direction::In.name() {
                    chat.unread_count += 1;
                    chat.status = Status::Open.name();
                }
            }
            (None, Some(event)) => chat = Some(wire::Chat::begun(event, message.as_last())),
            (None, None) => {}
        }
    }
    if let Some(chat) = &mut chat {
        if let Some(status) = news.status {
            chat.status = status.name();
        }
        chat.bot_blocked = news.blocked.unwrap_or(chat.bot_blocked);
        chat.delivery_trouble = news.trouble.unwrap_or(chat.delivery_trouble);
    }
    Ok(chat)
}
