//! What is to be sent: wishes from the log become rows of `calls`, and go on to the sender in memory as
//! soon as they are committed.

#[cfg(test)]
mod tests;
mod wish;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::bail;
use events::{
    Outgoing, Service,
    bus::consume::{Delivery as Message, HandleError, Handler, Verdict},
    chats::{DeleteFailed, EditFailed, LONGEST_TEXT, ReplyFailed, RetryRequested},
    subjects,
};
use store::{
    Conn, Decide, Handled, Relay, Transactional,
    calls::{self, Call, Task, Wanted},
};
use tokio::sync::mpsc::UnboundedSender;

use wish::{Wish, wish};

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
        let wishes = batch.iter().map(|message| wish(message)).collect::<anyhow::Result<Vec<_>>>()?;
        // In the order of the log: a wish to send again, or to change, may follow its reply in the same batch.
        for run in wishes.chunk_by(Wish::alike) {
            match run.first() {
                Some(Wish::Send(_)) => {
                    let wanted = run.iter().flat_map(Wish::wanted).collect();
                    queued.extend(enter(conn, self.bot_id, wanted, &mut facts).await?);
                }
                Some(Wish::Change(_)) => {
                    let wanted = run.iter().flat_map(Wish::wanted).collect();
                    queued.extend(change(conn, self.bot_id, wanted, &mut facts).await?);
                }
                Some(Wish::Again(..)) => queued.extend(again(conn, run).await?),
                Some(Wish::Nothing) | None => {}
            }
        }
        *self.queued.lock().unwrap_or_else(PoisonError::into_inner) = queued;
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

/// New calls. What Telegram would refuse for its length fails here: the edge lets none through.
async fn enter(
    conn: &mut Conn,
    bot_id: i64,
    wanted: Vec<Wanted<'_>>,
    facts: &mut Vec<Outgoing>,
) -> anyhow::Result<Vec<Call>> {
    let new: HashMap<_, _> = calls::enter(conn, &wanted, bot_id).await?.into_iter().collect();
    let mut queued = Vec::with_capacity(new.len());
    for wanted in wanted {
        match new.get(&wanted.id) {
            Some(bot_id) if wanted.deliverable => queued.push(call(wanted, *bot_id)),
            Some(_) => {
                let reason = format!("the text is longer than {LONGEST_TEXT} UTF-16 units");
                facts.push(failed(&wanted, "message_too_long", reason));
            }
            None => {}
        }
    }
    Ok(queued)
}

/// Changes of messages, which only the bot that has sent them can make.
async fn change(
    conn: &mut Conn,
    bot_id: i64,
    wanted: Vec<Wanted<'_>>,
    facts: &mut Vec<Outgoing>,
) -> anyhow::Result<Vec<Call>> {
    let messages: Vec<_> = wanted.iter().map(|wanted| wanted.message_id).collect();
    let bots = calls::bots_of(conn, &messages).await?;
    let mut known = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        match bots.get(&wanted.message_id) {
            Some(bot_id) => known.push(Wanted { bot_id: Some(*bot_id), ..wanted }),
            None => facts.push(failed(&wanted, "not_sent", "no bot here has sent the message".into())),
        }
    }
    enter(conn, bot_id, known, facts).await
}

/// Parts of replies that are to be sent again.
async fn again(conn: &mut Conn, run: &[Wish<'_>]) -> anyhow::Result<Vec<Call>> {
    let mut queued = Vec::new();
    for wish in run {
        let Wish::Again(RetryRequested { message_id, .. }, position, meta) = wish else { continue };
        match calls::again(conn, *message_id, *position, meta).await? {
            calls::Again::Queued(parts) => queued.extend(parts),
            calls::Again::Unneeded => {}
            calls::Again::Unknown => bail!("the reply that is to be sent again is not known yet"),
        }
    }
    Ok(queued)
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

/// What is not even tried.
fn failed(wanted: &Wanted<'_>, code: &str, reason: String) -> Outgoing {
    let Wanted { user_id, message_id, part, cause, .. } = *wanted;
    let code = code.to_owned();
    let index = part as usize;
    let now = events::now();
    match &wanted.task {
        Task::Send { .. } => {
            let failed = ReplyFailed { user_id, message_id, code, reason, attempt: 1, part };
            Outgoing::fact(Service::BotBridge, cause, index, None, now, &failed)
        }
        Task::Edit { edit_id, .. } => {
            let failed = EditFailed { user_id, message_id, edit_id: *edit_id, code, reason };
            Outgoing::fact(Service::BotBridge, cause, index, None, now, &failed)
        }
        Task::Delete {} => {
            let failed = DeleteFailed { user_id, message_id, code, reason };
            Outgoing::fact(Service::BotBridge, cause, index, None, now, &failed)
        }
    }
}
