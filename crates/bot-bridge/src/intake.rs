//! What is to be sent: wishes from the log become rows of `calls`, and go on to the sender in memory as
//! soon as they are committed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::bail;
use events::{
    LogEvent, Outgoing, Service,
    bus::consume::{Delivery as Message, HandleError, Handler, Verdict},
    chats::{ChatEvent, LONGEST_TEXT, NoticeRequested, ReplyFailed, ReplyPart, ReplyRequested},
    subjects,
};
use store::{
    Conn, Decide, Handled, Relay, Transactional,
    calls::{self, Call, Task, Wanted},
};
use tokio::sync::mpsc::UnboundedSender;

/// Handles the wishes, and wakes the sender after the commit.
pub(crate) struct Intake {
    inner: Transactional<Enter>,
    queued: Queued,
    senders: Senders,
}

/// Each bot's.
pub(crate) type Senders = HashMap<i64, UnboundedSender<Vec<Call>>>;

/// What the open transaction has queued.
type Queued = Arc<Mutex<Vec<Call>>>;

struct Enter {
    bot_id: i64,
    queued: Queued,
}

impl Intake {
    /// `bot_id` is who speaks to people who have written to none.
    pub(crate) fn new(relay: Relay, bot_id: i64, senders: Senders) -> Self {
        let queued = Queued::default();
        let enter = Enter { bot_id, queued: queued.clone() };
        Self { inner: Transactional::new(subjects::BOT_BRIDGE.name, relay, enter), queued, senders }
    }
}

impl Handler for Intake {
    async fn handle(&self, batch: &[Message]) -> Result<Vec<Verdict>, HandleError> {
        take(&self.queued);
        let verdicts = self.inner.handle(batch).await?;
        let mut queued: HashMap<i64, Vec<Call>> = HashMap::new();
        for call in take(&self.queued) {
            queued.entry(call.bot_id).or_default().push(call);
        }
        for (bot_id, queued) in queued {
            // Without a sender (it is stopping, or the bot is not this bridge's) the rows are found at its start.
            if self.senders.get(&bot_id).is_none_or(|sender| sender.send(queued).is_err()) {
                tracing::debug!(bot_id, "nobody sends for this bot");
            }
        }
        Ok(verdicts)
    }
}

fn take(queued: &Queued) -> Vec<Call> {
    std::mem::take(&mut *queued.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Decide for Enter {
    async fn decide(&self, conn: &mut Conn, batch: &[&Message]) -> anyhow::Result<Handled> {
        let mut facts = Vec::new();
        let mut queued = Vec::new();
        // In the order of the log: a wish to send again may follow its reply in the same batch.
        for run in batch.chunk_by(|one, next| is_new(one) && is_new(next)) {
            if run.iter().all(|message| is_new(message)) {
                queued.extend(enter(conn, self.bot_id, run, &mut facts).await?);
            } else {
                queued.extend(again(conn, run).await?);
            }
        }
        *self.queued.lock().unwrap_or_else(PoisonError::into_inner) = queued;
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

/// Whether the wish is for something new.
fn is_new(message: &Message) -> bool {
    matches!(
        message.recorded.event,
        LogEvent::Chat(ChatEvent::ReplyRequested(_) | ChatEvent::NoticeRequested(_))
    )
}

/// New messages. A part that Telegram would refuse for its length fails here: the edge lets none through.
async fn enter(
    conn: &mut Conn,
    bot_id: i64,
    run: &[&Message],
    facts: &mut Vec<Outgoing>,
) -> anyhow::Result<Vec<Call>> {
    let mut wanted = Vec::with_capacity(run.len());
    for message in run {
        match &message.recorded.event {
            LogEvent::Chat(ChatEvent::ReplyRequested(reply)) => wanted.extend(replies(message, reply)?),
            LogEvent::Chat(ChatEvent::NoticeRequested(notice)) => wanted.push(said(message, notice)?),
            _ => {}
        }
    }
    let new: HashMap<_, _> = calls::enter(conn, &wanted, bot_id).await?.into_iter().collect();
    let mut queued = Vec::with_capacity(new.len());
    for wanted in wanted {
        match new.get(&wanted.id) {
            Some(bot_id) if wanted.deliverable => queued.push(call(wanted, *bot_id)),
            Some(_) => facts.push(too_long(&wanted)),
            None => {}
        }
    }
    Ok(queued)
}

/// The parts of a reply; one without any is one text.
fn replies<'m>(message: &'m Message, reply: &'m ReplyRequested) -> anyhow::Result<Vec<Wanted<'m>>> {
    let whole = ReplyPart {
        length: u32::try_from(reply.message_text.encode_utf16().count())?,
        ..ReplyPart::default()
    };
    let parts = if reply.parts.is_empty() { std::slice::from_ref(&whole) } else { &reply.parts };
    let mut wanted = Vec::with_capacity(parts.len());
    for (number, part) in (0..).zip(parts) {
        let files = part.files.iter().filter_map(|index| reply.files.get(*index as usize).cloned());
        let task = Task::Send {
            text: part.text(&reply.message_text),
            entities: part.entities(&reply.entities),
            files: files.collect(),
            // Only the first part answers.
            reply_to: reply.reply_to_telegram_id.filter(|_| number == 0),
            asks_phone: false,
        };
        wanted.push(Wanted {
            id: Wanted::id(reply.message_id, number),
            bot_id: reply.bot_id,
            user_id: reply.user_id,
            position: position(message)?,
            part: number,
            message_id: reply.message_id,
            task,
            cause: &message.recorded.meta,
            deliverable: part.length <= LONGEST_TEXT,
        });
    }
    Ok(wanted)
}

/// Something that the bot says by itself.
fn said<'m>(message: &'m Message, notice: &'m NoticeRequested) -> anyhow::Result<Wanted<'m>> {
    Ok(Wanted {
        id: Wanted::id(notice.message_id, 0),
        bot_id: notice.bot_id,
        user_id: notice.user_id,
        position: position(message)?,
        part: 0,
        message_id: notice.message_id,
        task: Task::Send {
            text: notice.message_text.clone(),
            entities: Vec::new(),
            files: Vec::new(),
            reply_to: None,
            asks_phone: notice.asks_phone,
        },
        cause: &message.recorded.meta,
        deliverable: notice.message_text.encode_utf16().count() <= LONGEST_TEXT as usize,
    })
}

/// Parts of a reply that are to be sent again.
async fn again(conn: &mut Conn, run: &[&Message]) -> anyhow::Result<Vec<Call>> {
    let mut queued = Vec::new();
    for message in run {
        let LogEvent::Chat(ChatEvent::RetryRequested(retry)) = &message.recorded.event else { continue };
        let meta = &message.recorded.meta;
        match calls::again(conn, retry.message_id, position(message)?, meta).await? {
            calls::Again::Queued(parts) => queued.extend(parts),
            calls::Again::Unneeded => {}
            calls::Again::Unknown => bail!("the reply that is to be sent again is not known yet"),
        }
    }
    Ok(queued)
}

fn position(message: &Message) -> anyhow::Result<i64> {
    Ok(i64::try_from(message.recorded.position.unwrap_or_default())?)
}

fn call(wanted: Wanted<'_>, bot_id: i64) -> Call {
    Call {
        id: wanted.id,
        bot_id,
        user_id: wanted.user_id,
        position: wanted.position,
        part: wanted.part,
        message_id: wanted.message_id,
        task: wanted.task,
        attempt: 1,
        not_before: None,
        cause: wanted.cause.clone(),
    }
}

fn too_long(wanted: &Wanted<'_>) -> Outgoing {
    let failed = ReplyFailed {
        user_id: wanted.user_id,
        message_id: wanted.message_id,
        code: "message_too_long".into(),
        reason: format!("the text is longer than {LONGEST_TEXT} UTF-16 units"),
        attempt: 1,
        part: wanted.part,
    };
    Outgoing::fact(Service::BotBridge, wanted.cause, wanted.part as usize, None, events::now(), &failed)
}
