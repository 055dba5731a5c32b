//! What is to be sent: wishes from the log become rows of `calls`, and go on to the sender in memory as
//! soon as they are committed.

#[cfg(test)]
mod tests;
mod wish;

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::bail;
use events::{
    Outgoing,
    bus::consume::{Delivery as Message, HandleError, Handler, Verdict},
    chats::{LONGEST_TEXT, RetryRequested},
    subjects,
};
use store::{
    Conn, Decide, Handled, Relay, Store, Transactional,
    calls::{self, Call, Wanted},
    desk,
};
use tokio::sync::mpsc::UnboundedSender;

use crate::outbox;
use wish::{Wish, wish};

/// Handles the wishes, and wakes the sender after the commit.
pub(crate) struct Intake {
    inner: Transactional<Enter>,
    entered: Shared,
    senders: Senders,
    store: Store,
}

/// Each bot's.
pub(crate) type Senders = HashMap<i64, UnboundedSender<Vec<Call>>>;

/// What the open transaction has entered.
#[derive(Default)]
struct Entered {
    queued: Vec<Call>,
    /// Messages that it has handled: the others of the batch were handled before.
    messages: usize,
}

type Shared = Arc<Mutex<Entered>>;

/// Calls read at a time, for each bot.
const PAGE: i64 = 5_000;

struct Enter {
    bot_id: i64,
    /// The bots that this bridge sends for.
    ours: HashSet<i64>,
    entered: Shared,
}

impl Intake {
    /// `bot_id` is who speaks to people who have written to none.
    pub(crate) fn new(relay: Relay, bot_id: i64, senders: Senders) -> Self {
        let entered = Shared::default();
        let ours = senders.keys().copied().collect();
        let enter = Enter { bot_id, ours, entered: entered.clone() };
        let store = relay.store().clone();
        Self { inner: Transactional::new(subjects::BOT_BRIDGE.name, relay, enter), entered, senders, store }
    }

    /// Everything that waits for the bots of this bridge.
    async fn waiting(&self) -> anyhow::Result<Vec<Call>> {
        let mut conn = self.store.conn().await?;
        let mut waiting = Vec::new();
        for bot_id in self.senders.keys() {
            waiting.extend(calls::queued(&mut conn, *bot_id, (-1, 0), PAGE).await?);
        }
        Ok(waiting)
    }
}

impl Handler for Intake {
    async fn handle(&self, batch: &[Message]) -> Result<Vec<Verdict>, HandleError> {
        take(&self.entered);
        let verdicts = self.inner.handle(batch).await?;
        let entered = take(&self.entered);
        let calls = if entered.messages < batch.len() {
            // Some were entered by a transaction of whose end nobody heard, and neither did the sender: it must not
            // send what follows before them.
            self.waiting().await.map_err(|error| HandleError::Unavailable(error.into()))?
        } else {
            entered.queued
        };
        let mut queued: HashMap<i64, Vec<Call>> = HashMap::new();
        for call in calls {
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

fn take(entered: &Shared) -> Entered {
    std::mem::take(&mut *entered.lock().unwrap_or_else(PoisonError::into_inner))
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
        let queued = self.without_lost_bots(conn, queued, &mut facts).await?;
        let entered = Entered { queued, messages: batch.len() };
        *self.entered.lock().unwrap_or_else(PoisonError::into_inner) = entered;
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

impl Enter {
    /// The bot that a person wrote to may be no longer there: what nobody sends does not wait for ever.
    async fn without_lost_bots(
        &self,
        conn: &mut Conn,
        queued: Vec<Call>,
        facts: &mut Vec<Outgoing>,
    ) -> anyhow::Result<Vec<Call>> {
        let others: HashSet<i64> =
            queued.iter().map(|call| call.bot_id).filter(|bot| !self.ours.contains(bot)).collect();
        if others.is_empty() {
            return Ok(queued);
        }
        let lost = desk::unwatched(conn, &others.into_iter().collect::<Vec<_>>()).await?;
        let (lost, queued): (Vec<Call>, Vec<Call>) =
            queued.into_iter().partition(|call| lost.contains(&call.bot_id));
        calls::fail(conn, &lost.iter().map(|call| call.id).collect::<Vec<_>>()).await?;
        let now = events::now();
        let why = "no bridge is connected to the bot that the person wrote to";
        facts.extend(lost.iter().map(|call| outbox::failed(call, "bot_gone", why, now)));
        Ok(queued)
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
            Some(bot_id) => {
                let reason = format!("the text is longer than {LONGEST_TEXT} UTF-16 units");
                let call = call(wanted, *bot_id);
                facts.push(outbox::failed(&call, "message_too_long", &reason, events::now()));
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
            None => {
                let why = "no bot here has sent the message";
                facts.push(outbox::failed(&call(wanted, bot_id), "not_sent", why, events::now()));
            }
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
