//! What is to be sent: wishes from the log become rows of `deliveries`, and go on to the sender in memory
//! as soon as they are committed.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::bail;
use events::{
    LogEvent, Outgoing, Service,
    bus::consume::{Delivery as Message, HandleError, Handler, Verdict},
    chats::{ChatEvent, ReplyFailed},
    subjects,
};
use store::{
    Conn, Decide, Handled, Relay, Transactional,
    deliveries::{self, Delivery, Wanted},
};
use tokio::sync::mpsc::UnboundedSender;

use crate::telegram::LONGEST_TEXT;

/// Handles the wishes, and wakes the sender after the commit.
pub(crate) struct Intake {
    inner: Transactional<Enter>,
    queued: Queued,
    sender: UnboundedSender<Vec<Delivery>>,
}

/// What the open transaction has queued.
type Queued = Arc<Mutex<Vec<Delivery>>>;

struct Enter {
    queued: Queued,
}

impl Intake {
    pub(crate) fn new(relay: Relay, sender: UnboundedSender<Vec<Delivery>>) -> Self {
        let queued = Queued::default();
        let enter = Enter { queued: queued.clone() };
        Self { inner: Transactional::new(subjects::BOT_BRIDGE.name, relay, enter), queued, sender }
    }
}

impl Handler for Intake {
    async fn handle(&self, batch: &[Message]) -> Result<Vec<Verdict>, HandleError> {
        take(&self.queued);
        let verdicts = self.inner.handle(batch).await?;
        let queued = take(&self.queued);
        // Without a sender (it is stopping) the rows are found at the next start.
        if !queued.is_empty() && self.sender.send(queued).is_err() {
            tracing::debug!("nobody sends any more");
        }
        Ok(verdicts)
    }
}

fn take(queued: &Queued) -> Vec<Delivery> {
    std::mem::take(&mut *queued.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Decide for Enter {
    async fn decide(&self, conn: &mut Conn, batch: &[&Message]) -> anyhow::Result<Handled> {
        let mut facts = Vec::new();
        let mut queued = Vec::new();
        // In the order of the log: a wish to send again may follow its reply in the same batch.
        for run in batch.chunk_by(|one, next| is_reply(one) && is_reply(next)) {
            if run.iter().all(|message| is_reply(message)) {
                queued.extend(enter(conn, run, &mut facts).await?);
            } else {
                queued.extend(again(conn, run).await?);
            }
        }
        *self.queued.lock().unwrap_or_else(PoisonError::into_inner) = queued;
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

fn is_reply(message: &Message) -> bool {
    matches!(message.recorded.event, LogEvent::Chat(ChatEvent::ReplyRequested(_)))
}

/// New replies. One that Telegram would refuse for its length fails here: the edge lets none through.
async fn enter(
    conn: &mut Conn,
    run: &[&Message],
    facts: &mut Vec<Outgoing>,
) -> anyhow::Result<Vec<Delivery>> {
    let mut wanted = Vec::with_capacity(run.len());
    for message in run {
        let LogEvent::Chat(ChatEvent::ReplyRequested(reply)) = &message.recorded.event else { continue };
        wanted.push(Wanted {
            message_id: reply.message_id,
            user_id: reply.user_id,
            position: position(message)?,
            message_text: &reply.message_text,
            reply_to_telegram_id: reply.reply_to_telegram_id,
            cause: &message.recorded.meta,
            deliverable: reply.message_text.encode_utf16().count() <= LONGEST_TEXT,
        });
    }
    let mut new = deliveries::enter(conn, &wanted).await?;
    let mut queued = Vec::with_capacity(new.len());
    for wanted in wanted.into_iter().filter(|wanted| new.remove(&wanted.message_id)) {
        if wanted.deliverable {
            queued.push(delivery(&wanted));
        } else {
            facts.push(too_long(&wanted));
        }
    }
    Ok(queued)
}

/// A reply that is to be sent again.
async fn again(conn: &mut Conn, run: &[&Message]) -> anyhow::Result<Vec<Delivery>> {
    let mut queued = Vec::new();
    for message in run {
        let LogEvent::Chat(ChatEvent::RetryRequested(retry)) = &message.recorded.event else { continue };
        let meta = &message.recorded.meta;
        match deliveries::again(conn, retry.message_id, position(message)?, meta).await? {
            deliveries::Again::Queued(delivery) => queued.push(*delivery),
            deliveries::Again::Unneeded => {}
            deliveries::Again::Unknown => bail!("the reply that is to be sent again is not known yet"),
        }
    }
    Ok(queued)
}

fn position(message: &Message) -> anyhow::Result<i64> {
    Ok(i64::try_from(message.recorded.position.unwrap_or_default())?)
}

fn delivery(wanted: &Wanted<'_>) -> Delivery {
    Delivery {
        message_id: wanted.message_id,
        user_id: wanted.user_id,
        position: wanted.position,
        attempt: 1,
        message_text: wanted.message_text.to_owned(),
        reply_to_telegram_id: wanted.reply_to_telegram_id,
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
    };
    Outgoing::fact(Service::BotBridge, wanted.cause, 0, None, events::now(), &failed)
}
