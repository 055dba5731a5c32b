use events::{
    LogEvent, Meta,
    bus::consume::Delivery as Message,
    chats::{
        ChatEvent, DeleteRequested, EditRequested, LONGEST_TEXT, NoticeRequested, ReplyPart, ReplyRequested,
        RetryRequested,
    },
};
use store::calls::{Task, Wanted};

/// What an event asks of Telegram.
#[derive(Debug, Clone)]
pub(super) enum Wish<'m> {
    /// Something new, call by call.
    Send(Vec<Wanted<'m>>),
    /// That something which was sent is changed.
    Change(Wanted<'m>),
    /// What failed once more; with the position of the wish and what it is caused by.
    Again(&'m RetryRequested, i64, &'m Meta),
    /// Everything else: what is not listed here never leaves the house.
    Nothing,
}

/// Reads an event for what it asks of Telegram.
pub(super) fn wish(message: &Message) -> anyhow::Result<Wish<'_>> {
    let position = i64::try_from(message.recorded.position.unwrap_or_default())?;
    let meta = &message.recorded.meta;
    let LogEvent::Chat(event) = &message.recorded.event else { return Ok(Wish::Nothing) };
    Ok(match event {
        ChatEvent::ReplyRequested(reply) => Wish::Send(reply_parts(reply, position, meta)?),
        ChatEvent::NoticeRequested(notice) => Wish::Send(vec![said(notice, position, meta)]),
        ChatEvent::EditRequested(edit) => Wish::Change(edited(edit, position, meta)),
        ChatEvent::DeleteRequested(delete) => Wish::Change(deleted(delete, position, meta)),
        ChatEvent::RetryRequested(retry) => Wish::Again(retry, position, meta),
        _ => Wish::Nothing,
    })
}

impl<'m> Wish<'m> {
    /// Whether they can be entered together.
    pub(super) fn alike(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The calls that it asks for.
    pub(super) fn wanted(&self) -> Vec<Wanted<'m>> {
        match self {
            Self::Send(wanted) => wanted.clone(),
            Self::Change(wanted) => vec![wanted.clone()],
            Self::Again(..) | Self::Nothing => Vec::new(),
        }
    }
}

/// The parts of a reply; one without any is one text.
fn reply_parts<'m>(
    reply: &'m ReplyRequested,
    position: i64,
    meta: &'m Meta,
) -> anyhow::Result<Vec<Wanted<'m>>> {
    let whole = ReplyPart {
        length: u32::try_from(reply.message_text.encode_utf16().count())?,
        ..ReplyPart::default()
    };
    let parts = if reply.parts.is_empty() { std::slice::from_ref(&whole) } else { &reply.parts };
    let wanted = (0..).zip(parts).map(|(number, part)| {
        let files = part.files.iter().filter_map(|index| reply.files.get(*index as usize).cloned());
        let task = Task::Send {
            text: part.text(&reply.message_text),
            entities: part.entities(&reply.entities),
            files: files.collect(),
            // Only the first part answers.
            reply_to: reply.reply_to_telegram_id.filter(|_| number == 0),
            asks_phone: false,
        };
        Wanted {
            id: Wanted::id(reply.message_id, number),
            bot_id: reply.bot_id,
            user_id: reply.user_id,
            position,
            part: number,
            message_id: reply.message_id,
            task,
            cause: meta,
            deliverable: part.length <= LONGEST_TEXT,
        }
    });
    Ok(wanted.collect())
}

/// Something that the bot says by itself.
fn said<'m>(notice: &'m NoticeRequested, position: i64, meta: &'m Meta) -> Wanted<'m> {
    Wanted {
        id: Wanted::id(notice.message_id, 0),
        bot_id: notice.bot_id,
        user_id: notice.user_id,
        position,
        part: 0,
        message_id: notice.message_id,
        task: Task::Send {
            text: notice.message_text.clone(),
            entities: Vec::new(),
            files: Vec::new(),
            reply_to: None,
            asks_phone: notice.asks_phone,
        },
        cause: meta,
        deliverable: fits(&notice.message_text),
    }
}

fn edited<'m>(edit: &'m EditRequested, position: i64, meta: &'m Meta) -> Wanted<'m> {
    Wanted {
        id: Wanted::id(edit.edit_id, 0),
        bot_id: None,
        user_id: edit.user_id,
        position,
        part: 0,
        message_id: edit.message_id,
        task: Task::Edit {
            edit_id: edit.edit_id,
            text: edit.message_text.clone(),
            entities: edit.entities.clone(),
        },
        cause: meta,
        deliverable: fits(&edit.message_text),
    }
}

fn deleted<'m>(delete: &'m DeleteRequested, position: i64, meta: &'m Meta) -> Wanted<'m> {
    Wanted {
        // A second wish may be one after a refusal: each event is a call of its own.
        id: Wanted::id(meta.id, 0),
        bot_id: None,
        user_id: delete.user_id,
        position,
        part: 0,
        message_id: delete.message_id,
        task: Task::Delete {},
        cause: meta,
        deliverable: true,
    }
}

fn fits(text: &str) -> bool {
    text.encode_utf16().count() <= LONGEST_TEXT as usize
}
