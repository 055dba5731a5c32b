//! A chat's row after an event: as the table has it, with what the log has told since.

use std::{collections::BTreeSet, time::Duration};

use events::{
    LogEvent, Recorded,
    chats::{ChatEvent, Direction},
};
use store::chats::{self, Status};
use uuid::Uuid;

use crate::{desk::settled, edge::Edge, problem::Problem, wire};

/// The table is hardly ever further behind than this many events.
const BEHIND: u64 = 512;
/// How long what only the table can tell is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// `None` for a chat that nobody has written in.
pub(super) async fn after(
    edge: &Edge,
    recorded: &Recorded,
    event: &ChatEvent,
) -> Result<Option<wire::Chat>, Problem> {
    // Nothing of a row.
    if matches!(event, ChatEvent::NoteAdded(_) | ChatEvent::NoteRemoved(_) | ChatEvent::ReactionChanged(_)) {
        return Ok(None);
    }
    let Ok(user_id) = recorded.meta.entity.parse::<i64>() else { return Ok(None) };
    let position = recorded.position.unwrap_or_default();
    if needs_table(event) && settled::wait_for(edge, position, PATIENCE).await {
        return Ok(chats::one(&mut *edge.conn().await?, user_id).await?.map(wire::Chat::from));
    }
    let row = chats::one(&mut *edge.conn().await?, user_id).await?;
    let known = row.as_ref().map_or(0, |row| u64::try_from(row.last_position).unwrap_or_default());
    let mut chat = row.map(wire::Chat::from);
    let since = edge.tail.between(known.max(position.saturating_sub(BEHIND)), position, |recorded| {
        matches!(recorded.event, LogEvent::Chat(_)) && recorded.meta.entity.parse() == Ok(user_id)
    });
    let mut failed = BTreeSet::new();
    for recorded in &since {
        if let LogEvent::Chat(event) = &recorded.event {
            let is_this = recorded.position == Some(position);
            if is_this || !needs_table(event) {
                lay(&mut chat, recorded, event);
            }
            follow(&mut failed, event);
        }
    }
    if let Some(chat) = &mut chat {
        chat.delivery_trouble |= !failed.is_empty();
    }
    if let Some(wire::Chat { assignee_id: Some(id), assignee, .. }) = &mut chat {
        let names = store::users::names(&mut *edge.conn().await?, &[*id]).await?;
        *assignee = names.into_iter().next().map(|(_, name)| name);
    }
    Ok(chat)
}

/// Whether only the table tells what is left after it: trouble with other replies, or another bot than the one that
/// the person writes to.
const fn needs_table(event: &ChatEvent) -> bool {
    matches!(
        event,
        ChatEvent::ReplySent(_)
            | ChatEvent::RetryRequested(_)
            | ChatEvent::ReplyDismissed(_)
            | ChatEvent::BotBlocked(_)
            | ChatEvent::BotUnblocked(_)
    )
}

/// Keeps which replies have failed and were left so.
fn follow(failed: &mut BTreeSet<Uuid>, event: &ChatEvent) {
    match event {
        ChatEvent::ReplyFailed(event) => failed.insert(event.message_id),
        ChatEvent::ReplyUnknown(event) => failed.insert(event.message_id),
        ChatEvent::ReplySent(event) => failed.remove(&event.message_id),
        ChatEvent::RetryRequested(event) => failed.remove(&event.message_id),
        ChatEvent::ReplyDismissed(event) => failed.remove(&event.message_id),
        _ => false,
    };
}

fn lay(row: &mut Option<wire::Chat>, recorded: &Recorded, event: &ChatEvent) {
    let Some(chat) = row else {
        if let ChatEvent::MessageReceived(event) = event {
            let last = wire::Message::from(event).as_last();
            *row = Some(wire::Chat::begun(event, last));
        }
        return;
    };
    match event {
        ChatEvent::MessageReceived(event) => {
            chat.last_message = wire::Message::from(event).as_last();
            if event.direction == Direction::Out {
                chat.waiting_since = None;
            } else if !chat.banned {
                chat.unread_count += 1;
                chat.status = Status::Open.name();
                chat.waiting_since.get_or_insert(event.sent_at);
            }
        }
        ChatEvent::ReplyRequested(event) => {
            chat.last_message = wire::Message::reply(event, recorded.meta.time).as_last();
            chat.waiting_since = None;
        }
        ChatEvent::NoticeRequested(event) => {
            chat.last_message = wire::Message::notice(event, recorded.meta.time).as_last();
        }
        ChatEvent::ChatOpened(_) => chat.status = Status::Open.name(),
        ChatEvent::ChatClosed(_) => {
            chat.status = Status::Closed.name();
            chat.waiting_since = None;
        }
        ChatEvent::BotBlocked(_) => chat.bot_blocked = true,
        ChatEvent::BotUnblocked(_) => chat.bot_blocked = false,
        ChatEvent::ChatAssigned(event) => {
            chat.assignee_id = event.operator_id;
            chat.assignee = None;
        }
        ChatEvent::ChatBanned(_) => {
            chat.banned = true;
            chat.waiting_since = None;
        }
        ChatEvent::ChatUnbanned(_) => chat.banned = false,
        _ => {}
    }
}
