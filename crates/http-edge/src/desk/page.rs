use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use events::chats::{Direction, MessageType};
use serde::Deserialize;
use store::chats::Status;
use uuid::Uuid;

use super::{
    act, beside, history, lines,
    list::{self, Asked},
    settled,
};
use crate::{
    auth::{Caller, PageStaff},
    edge::{Edge, Site},
    layout::{self, Frame},
    pages::{
        AttachmentKind, AttachmentState, AttachmentView, Beside, ChatFilter, ChatList, ChatRow, Composing,
        Conversation, DeliveryState, DeliveryView, DeskPage, Entry, FactView, LastLine, MessageView,
        NoteView, PartView, PersonView, QuoteView, ReplyProblem,
    },
    problem::Problem,
    rich::markup,
    wire,
};

/// `/dashboard/operator-chats`
pub(crate) async fn desk_page(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let after = settled::position(&site).await;
    let list = list(&site, &caller, asked).await?;
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&DeskPage {
        lines: lines::find(&site, layout.clone()).await?,
        layout,
        me: caller.id().to_string(),
        list,
        conversation: None,
    })
}

/// What the composer is asked for, without script.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wanted {
    /// A message to answer.
    reply: Option<Uuid>,
    /// A reply to change.
    edit: Option<Uuid>,
}

/// `/dashboard/users/{userId}/operator-chat`
pub(crate) async fn chat_page(
    State(site): State<Site>,
    PageStaff(caller): PageStaff,
    frame: Frame,
    Path(user_id): Path<i64>,
    Query(asked): Query<Asked>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let after = settled::position(&site).await;
    let list = list(&site, &caller, asked).await?;
    let mut conversation = conversation(&site, &caller, user_id).await?;
    if let Some(id) = wanted.edit {
        let message = act::message(&site, user_id, id).await?;
        if message.parts.len() > 1 {
            conversation.problem = Some(ReplyProblem::Other("message-fixed-text"));
        } else {
            conversation.draft = markup::typed(&message.message_text, &message.entities);
            conversation.composing = Composing::Change(id.to_string());
        }
    } else if let Some(id) = wanted.reply {
        let answered = history::quote(&act::message(&site, user_id, id).await?);
        conversation.composing = Composing::Answer(id.to_string(), quoted(&answered));
    }
    let conversation = Some(conversation);
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&DeskPage {
        lines: lines::find(&site, layout.clone()).await?,
        layout,
        me: caller.id().to_string(),
        list,
        conversation,
    })
}

/// The page of a chat after a reply that was not taken: with what was typed and why.
pub(super) async fn chat_with(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    user_id: i64,
    (draft, problem, composing): (String, ReplyProblem, Composing),
) -> Result<Response, Problem> {
    let after = settled::position(site).await;
    let list = list(site, caller, Asked::default()).await?;
    let conversation = conversation(site, caller, user_id).await?;
    let conversation = Some(Conversation { draft, problem: Some(problem), composing, ..conversation });
    let layout = frame.of(Some(&caller.user), after);
    layout::html(&DeskPage {
        lines: lines::find(site, layout.clone()).await?,
        layout,
        me: caller.id().to_string(),
        list,
        conversation,
    })
}

async fn list(edge: &Edge, caller: &Caller, asked: Asked) -> Result<ChatList, Problem> {
    let filter = ChatFilter::from_name(asked.status.as_deref().unwrap_or_default());
    let search = asked.search.clone().unwrap_or_default();
    let (status, assignee) = filter.asked();
    let status = Some(status.to_owned());
    let asked = Asked { status, assignee: assignee.map(str::to_owned), ..asked };
    let found = list::find(edge, caller, &asked).await?;
    Ok(ChatList {
        rows: list::shown(found.chats, Some(&search)).into_iter().map(row).collect(),
        filter,
        search,
        next_cursor: found.next_before.map(|position| position.to_string()),
    })
}

fn row(chat: wire::Chat) -> ChatRow {
    let last = chat.last_message;
    ChatRow {
        user_id: chat.user_id,
        first_name: chat.first_name.unwrap_or_default(),
        last_name: chat.last_name,
        username: chat.username,
        open: chat.status == Status::Open.name(),
        unread: chat.unread_count,
        bot_blocked: chat.bot_blocked,
        waiting_since: chat.waiting_since,
        assignee: chat.assignee,
        banned: chat.banned,
        hit: chat.hit.map(|hit| (hit.message_text, hit.message_id.to_string())),
        delivery_trouble: chat.delivery_trouble,
        last: Some(LastLine {
            direction: direction(last.direction),
            kind: kind(last.message_type),
            text: Some(last.message_text),
            at: last.created_at,
        }),
    }
}

async fn conversation(edge: &Edge, caller: &Caller, user_id: i64) -> Result<Conversation, Problem> {
    let found = history::find(edge, user_id, history::Asked::default()).await?;
    let open = found.user.status == Status::Open;
    // What the newest reply came to holds until the next one, or until the person writes.
    let not_found = found.messages.last().and_then(|last| last.delivery.as_ref()?.code.as_deref())
        == Some("chat_not_found");
    let Beside { person, operators, canned } = beside::find(edge, caller, found.user).await?;
    let mut entries: Vec<Entry> =
        found.messages.into_iter().map(|it| Entry::Message(Box::new(message(it)))).collect();
    for note in found.notes {
        let at = entries.iter().rposition(|entry| entry.at() <= &note.created_at).map_or(0, |at| at + 1);
        entries.insert(at, Entry::Note(note_view(note)));
    }
    Ok(Conversation {
        person: PersonView { not_found, ..person },
        operators,
        canned,
        open,
        entries,
        composing: Composing::New,
        older_cursor: found.next_cursor,
        client_message_id: Uuid::now_v7().to_string(),
        draft: String::new(),
        problem: None,
    })
}

fn note_view(note: wire::Note) -> NoteView {
    NoteView {
        id: note.id.to_string(),
        text: note.note_text,
        author: note.author,
        created_at: note.created_at,
    }
}

fn message(message: wire::Message) -> MessageView {
    let newest = message.changes.iter().find(|change| change.state != "done").or(message.changes.first());
    MessageView {
        id: message.id.to_string(),
        client_message_id: message.client_message_id,
        direction: direction(message.direction),
        kind: kind(message.message_type),
        text: Some(message.message_text).filter(|text| !text.is_empty()),
        segments: message.segments,
        facts: message
            .facts
            .into_iter()
            .map(|fact| FactView { kind: fact.kind, value: fact.value, href: fact.href })
            .collect(),
        album: message.album,
        created_at: message.created_at,
        edited_at: message.edited_at,
        edits: message.edits,
        deleted: message.deleted_at.is_some(),
        reply_to: message.reply_to.map(|quote| QuoteView { id: quote.id.to_string(), text: quoted(&quote) }),
        attachments: message.attachments.into_iter().map(attachment).collect(),
        change: newest.map(|change| (change.kind.clone(), change.state.clone(), change.code.clone())),
        delivery: message.delivery.map(|delivery| DeliveryView {
            state: DeliveryState::from_name(delivery.state),
            code: delivery.code,
            reason: delivery.reason,
            next_attempt_at: delivery.next_attempt_at,
        }),
        parts: message
            .parts
            .into_iter()
            .map(|part| PartView {
                number: part.part + 1,
                state: DeliveryState::from_name(&part.state),
                code: part.code,
            })
            .collect(),
        dismissed: message.dismissed,
        reactions: message.reactions,
        notice: message.notice.is_some(),
        answerable: message.telegram_message_id.is_some(),
        author: message.author,
        verified: message.verified,
    }
}

fn quoted(quote: &wire::Quote) -> String {
    if quote.message_text.is_empty() && quote.message_type != MessageType::Text.name() {
        return "…".to_owned();
    }
    quote.message_text.clone()
}

fn attachment(attachment: wire::Attachment) -> AttachmentView {
    AttachmentView {
        id: attachment.id.to_string(),
        kind: AttachmentKind::from_mime(attachment.mime_type.as_deref().unwrap_or_default()),
        state: match attachment.state {
            "stored" => AttachmentState::Stored,
            "too_large" => AttachmentState::TooLarge,
            "failed" => AttachmentState::Failed,
            _ => AttachmentState::Pending,
        },
        file_name: attachment.file_name,
        size: attachment.size,
        width: attachment.width,
        height: attachment.height,
    }
}

fn direction(name: &str) -> Direction {
    if name == Direction::In.name() { Direction::In } else { Direction::Out }
}

fn kind(name: &str) -> MessageType {
    MessageType::from_name(name).unwrap_or(MessageType::Unsupported)
}
