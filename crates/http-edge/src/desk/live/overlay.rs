//! What an event changes in a message, for a table that does not have it yet. Laid over one that does, it changes
//! nothing.

use events::chats::ChatEvent;
use store::chats::{Change, Message};
use uuid::Uuid;

pub(super) fn lay(message: &mut Message, event: &ChatEvent) {
    match event {
        // An older change that comes late is history.
        ChatEvent::MessageEdited(event) if message.edited_at.is_none_or(|at| at <= event.edited_at) => {
            message.message_text.clone_from(&event.message_text);
            message.entities.clone_from(&event.entities);
            message.edited_at = Some(event.edited_at);
            message.edits = message.edits.max(1);
        }
        ChatEvent::ReplyEdited(event) => {
            if message.edited_at.is_none_or(|at| at <= event.edited_at) {
                message.message_text.clone_from(&event.message_text);
                message.entities.clone_from(&event.entities);
                message.edited_at = Some(event.edited_at);
                message.edits = message.edits.max(1);
            }
            change(message, "edit", Some(event.edit_id), "done", None);
        }
        ChatEvent::EditRequested(event) => change(message, "edit", Some(event.edit_id), "queued", None),
        ChatEvent::EditFailed(event) => {
            change(message, "edit", Some(event.edit_id), "failed", Some((&event.code, &event.reason)));
        }
        ChatEvent::DeleteRequested(_) => change(message, "delete", None, "queued", None),
        ChatEvent::DeleteFailed(event) => {
            change(message, "delete", None, "failed", Some((&event.code, &event.reason)));
        }
        ChatEvent::ReplyDeleted(event) => {
            message.deleted_at.get_or_insert(event.deleted_at);
            change(message, "delete", None, "done", None);
        }
        ChatEvent::ReplyDismissed(_) => message.dismissed = true,
        ChatEvent::FileStored(event) => {
            message.file_id = Some(event.file_id);
            message.file = Some(event.file.clone());
            message.file_failure = None;
        }
        ChatEvent::FileFailed(event) => message.file_failure = Some(event.code.clone()),
        // Of a message that became several only the table knows all signs.
        ChatEvent::ReactionChanged(event) if message.parts.len() < 2 => {
            message.reactions.clone_from(&event.reactions);
        }
        _ => {}
    }
}

/// What is asked for does not undo what has become of it already.
fn change(message: &mut Message, kind: &str, id: Option<Uuid>, state: &str, why: Option<(&String, &String)>) {
    let known = message.changes.iter().position(|change| change.kind == kind);
    if let Some(at) = known {
        let known = &message.changes[at];
        let same = id.is_none_or(|id| id == known.change_id);
        if (same && state == "queued") || (!same && state != "queued") {
            return;
        }
        message.changes.remove(at);
    }
    message.changes.push(Change {
        kind: kind.to_owned(),
        change_id: id.unwrap_or_default(),
        state: state.to_owned(),
        code: why.map(|(code, _)| code.clone()),
        reason: why.map(|(_, reason)| reason.clone()),
    });
}
