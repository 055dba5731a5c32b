//! Events of chats as frames of the live stream. The log tells of a message before the table has it: a message is
//! shown as its event says; what changes one that is there waits a moment for the table.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{http::StatusCode, response::sse};
use events::{LogEvent, Recorded, chats::ChatEvent};
use futures::StreamExt as _;
use serde::Serialize;
use serde_json::json;
use store::chats::{self, Message};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::row;
use crate::{
    desk::{history, reply, settled},
    edge::Edge,
    problem::Problem,
    wire,
};

/// How long a change waits for the table before it is shown as far as its event tells.
const PATIENCE: Duration = Duration::from_millis(500);
/// What is kept for the other pages of this edge: they all hear the same within a moment.
const KEPT: usize = 1_024;
/// Between attempts, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// Events looked up at once.
const AT_ONCE: usize = 8;

/// A frame that is not written yet.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    name: &'static str,
    id: Option<u64>,
    data: String,
}

impl Frame {
    pub(super) fn new(name: &'static str, id: Option<u64>, data: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self { name, id, data: serde_json::to_string(data)? })
    }

    fn event(&self) -> sse::Event {
        let event = sse::Event::default().event(self.name).data(&self.data);
        match self.id {
            Some(id) => event.id(id.to_string()),
            None => event,
        }
    }
}

type Cell = Arc<OnceCell<Arc<[Frame]>>>;

/// The frames of the newest events, made once however many pages are open.
#[derive(Debug, Default)]
pub(crate) struct Frames(Mutex<VecDeque<(u64, Cell)>>);

impl Frames {
    /// What these events say, in order.
    pub(super) async fn of(&self, edge: &Edge, events: &[Arc<Recorded>]) -> Vec<sse::Event> {
        // Boxed: a stream of borrowing closures is more than the compiler follows.
        let looked_up = events.iter().map(|recorded| {
            let (cell, recorded) = (self.cell(recorded), Arc::clone(recorded));
            Box::pin(async move {
                let frames = cell.get_or_init(|| async { told(edge, &recorded).await.into() }).await;
                Arc::clone(frames)
            })
        });
        let looked_up: Vec<_> = looked_up.collect();
        let told: Vec<Arc<[Frame]>> = futures::stream::iter(looked_up).buffered(AT_ONCE).collect().await;
        told.iter().flat_map(|frames| frames.iter().map(Frame::event)).collect()
    }

    fn cell(&self, recorded: &Recorded) -> Cell {
        let Some(position) = recorded.position else { return Cell::default() };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, cell)) = kept.iter().rev().find(|(known, _)| *known == position) {
            return Arc::clone(cell);
        }
        let cell = Cell::default();
        kept.push_back((position, Arc::clone(&cell)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        cell
    }
}

/// What one event says. While the database is away it is asked again for as long as somebody listens: a page that
/// stands still misses nothing, one that goes on does.
async fn told(edge: &Edge, recorded: &Recorded) -> Vec<Frame> {
    let mut pause = FIRST_PAUSE;
    loop {
        let frames = match &recorded.event {
            LogEvent::Chat(event) => tell(edge, recorded, event).await,
            LogEvent::Desk(_) => Frame::new("desk", recorded.position, &json!({})).map(|frame| vec![frame]),
            _ => return Vec::new(),
        };
        match frames {
            Ok(frames) => return frames,
            Err(problem) => {
                let away = problem.status == StatusCode::SERVICE_UNAVAILABLE;
                let error = problem.cause.map(|cause| format!("{cause:#}"));
                if !away {
                    tracing::warn!(error, "an event cannot be shown; live pages read everything again");
                    let reset = Frame::new("reset", recorded.position, &json!({}));
                    return reset.into_iter().collect();
                }
                tracing::warn!(error, "live pages wait for the database");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// The chat first and without an id: a stream that breaks in between resumes before it.
async fn tell(edge: &Edge, recorded: &Recorded, event: &ChatEvent) -> Result<Vec<Frame>, Problem> {
    let frame = about(edge, recorded, event).await?;
    let row = row::after(edge, recorded, event).await?;
    let row = row.map(|chat| Frame::new("chat", None, &chat)).transpose()?;
    Ok(row.into_iter().chain(frame).collect())
}

async fn about(edge: &Edge, recorded: &Recorded, event: &ChatEvent) -> Result<Option<Frame>, Problem> {
    let sequence = recorded.position;
    // What is new is the last of its chat; what has changed stays where it is, shown or not.
    let is_new = matches!(
        event,
        ChatEvent::MessageReceived(_) | ChatEvent::ReplyRequested(_) | ChatEvent::NoticeRequested(_)
    );
    let message = |user_id: i64, message: wire::Message| {
        let data = json!({"userId": user_id, "isNew": is_new, "message": message});
        Frame::new("message", sequence, &data).map(Some)
    };
    match event {
        ChatEvent::MessageReceived(event) => {
            let mut shown = wire::Message::from(event);
            if let Some(answered) = event.reply_to_telegram_id {
                let chat = (event.user_id, event.bot_id.unwrap_or_default());
                let original = chats::answered(&mut *edge.conn().await?, chat, answered).await?;
                shown.reply_to = original.as_ref().map(history::quote);
            }
            message(event.user_id, shown)
        }
        ChatEvent::ReplyRequested(event) => {
            let mut shown = wire::Message::reply(event, recorded.meta.time);
            let mut conn = edge.conn().await?;
            let names = store::users::names(&mut conn, &[event.operator_id]).await?;
            shown.author = names.into_iter().next().map(|(_, name)| name);
            if let Some(answered) = event.reply_to_telegram_id {
                let chat = (event.user_id, event.bot_id.unwrap_or_default());
                let original = chats::answered(&mut conn, chat, answered).await?;
                shown.reply_to = original.as_ref().map(history::quote);
            }
            message(event.user_id, shown)
        }
        ChatEvent::NoticeRequested(event) => {
            message(event.user_id, wire::Message::notice(event, recorded.meta.time))
        }
        ChatEvent::NoteAdded(event) => {
            let mut conn = edge.conn().await?;
            let names = store::users::names(&mut conn, &[event.operator_id]).await?;
            let note = wire::Note {
                id: event.note_id,
                note_text: event.note_text.clone(),
                author: names.into_iter().next().map(|(_, name)| name),
                created_at: recorded.meta.time,
            };
            Frame::new("note", sequence, &json!({"userId": event.user_id, "note": note})).map(Some)
        }
        ChatEvent::NoteRemoved(event) => {
            let gone = json!({"userId": event.user_id, "noteId": event.note_id});
            Frame::new("note-removed", sequence, &gone).map(Some)
        }
        ChatEvent::ReplySent(_)
        | ChatEvent::ReplyFailed(_)
        | ChatEvent::ReplyUnknown(_)
        | ChatEvent::RetryRequested(_) => delivery(edge, recorded, event).await.map(Some),
        ChatEvent::ChatOpened(_)
        | ChatEvent::ChatClosed(_)
        | ChatEvent::ChatAssigned(_)
        | ChatEvent::ChatBanned(_)
        | ChatEvent::ChatUnbanned(_)
        | ChatEvent::BotBlocked(_)
        | ChatEvent::BotUnblocked(_)
        | ChatEvent::NoticesSwitched(_) => Ok(None),
        ChatEvent::MessageEdited(_)
        | ChatEvent::ReactionChanged(_)
        | ChatEvent::ReplyDismissed(_)
        | ChatEvent::EditRequested(_)
        | ChatEvent::ReplyEdited(_)
        | ChatEvent::EditFailed(_)
        | ChatEvent::DeleteRequested(_)
        | ChatEvent::ReplyDeleted(_)
        | ChatEvent::DeleteFailed(_)
        | ChatEvent::FileStored(_)
        | ChatEvent::FileFailed(_) => match changed(edge, recorded, event).await? {
            Some(changed) => {
                let user_id = changed.user_id;
                let shown = history::dress(&mut *edge.conn().await?, vec![changed]).await?.pop();
                shown.map_or(Ok(None), |shown| message(user_id, shown))
            }
            None => Ok(None),
        },
    }
}

/// A message that is there already, as it is after the event.
async fn changed(edge: &Edge, recorded: &Recorded, event: &ChatEvent) -> Result<Option<Message>, Problem> {
    settled::wait_for(edge, recorded.position.unwrap_or_default(), PATIENCE).await;
    let mut conn = edge.conn().await?;
    let mut message = match event {
        ChatEvent::MessageEdited(event) => {
            let chat = (event.user_id, event.bot_id.unwrap_or_default());
            chats::answered(&mut conn, chat, event.telegram_message_id).await?
        }
        ChatEvent::ReactionChanged(event) => {
            chats::answered(&mut conn, (event.user_id, event.bot_id), event.telegram_message_id).await?
        }
        event => match subject(event) {
            Some(id) => chats::message_by_id(&mut conn, id).await?,
            None => None,
        },
    };
    if let Some(message) = &mut message {
        super::overlay::lay(message, event);
    }
    Ok(message)
}

/// The message that an event is about.
const fn subject(event: &ChatEvent) -> Option<Uuid> {
    Some(match event {
        ChatEvent::ReplyDismissed(event) => event.message_id,
        ChatEvent::EditRequested(event) => event.message_id,
        ChatEvent::ReplyEdited(event) => event.message_id,
        ChatEvent::EditFailed(event) => event.message_id,
        ChatEvent::DeleteRequested(event) => event.message_id,
        ChatEvent::ReplyDeleted(event) => event.message_id,
        ChatEvent::DeleteFailed(event) => event.message_id,
        ChatEvent::FileStored(event) => event.message_id,
        ChatEvent::FileFailed(event) => event.message_id,
        ChatEvent::RetryRequested(event) => event.message_id,
        ChatEvent::ReplySent(event) => event.message_id,
        ChatEvent::ReplyFailed(event) => event.message_id,
        ChatEvent::ReplyUnknown(event) => event.message_id,
        _ => return None,
    })
}

/// What became of a reply. Of one with a single part its event tells all there is; of others only the table knows
/// the sum.
async fn delivery(edge: &Edge, recorded: &Recorded, event: &ChatEvent) -> Result<Frame, Problem> {
    let message_id = subject(event);
    let mut stored = match message_id {
        Some(id) => chats::message_by_id(&mut *edge.conn().await?, id).await?,
        None => None,
    };
    if stored.as_ref().is_some_and(|stored| stored.parts.len() > 1)
        && let Some(id) = message_id
    {
        settled::wait_for(edge, recorded.position.unwrap_or_default(), PATIENCE).await;
        stored = chats::message_by_id(&mut *edge.conn().await?, id).await?;
    }
    let told = match reply::outcome(recorded) {
        Some((outcome, _)) => outcome,
        None => wire::Delivery::of(chats::DeliveryState::Queued),
    };
    let (delivery, parts) = match stored.map(wire::Message::from) {
        Some(message) if !message.parts.is_empty() => (message.delivery.unwrap_or(told), message.parts),
        _ => (told, Vec::new()),
    };
    let user_id: serde_json::Number = recorded.meta.entity.parse()?;
    Frame::new(
        "delivery",
        recorded.position,
        &json!({"userId": user_id, "messageId": message_id, "delivery": delivery, "parts": parts}),
    )
}
