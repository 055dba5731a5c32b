use std::collections::HashMap;

use anyhow::bail;
use events::{LogEvent, Recorded, bus::consume::Delivery, chats::ChatEvent, desk::BotSettings};
use jiff::Timestamp;
use store::{
    Conn, Decide, Handled,
    chats::{self, Expected},
    desk,
};

use crate::{
    answer::answers,
    heard::{self, Heard, heard},
    link::Links,
    reopen::reopened,
};

/// Deliveries after which an edit or a close is taken for one of a message or chat that was never ours: the bot
/// was not there when it was written.
const PATIENCE: u32 = 4;

/// Folds what the log says of chats into the tables.
#[derive(Debug)]
pub(crate) struct Fold;

impl Decide for Fold {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let recorded: Vec<Recorded> = batch.iter().map(|delivery| delivery.recorded.clone()).collect();
        // Before the batch is applied: what counts is what was known when the message came.
        let known = chats::known(conn, &heard::people(&recorded)).await?;
        store::apply(conn, &recorded).await?;
        nothing_overtaken(conn, batch).await?;
        let now = events::now();
        let heard = heard(known, &recorded, now);
        let mut facts = reopened(&heard, now);
        let links = Links::find(conn, &heard).await?;
        facts.extend(answers(&heard, &settings(conn, &heard, now).await?, links, now));
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

/// How the bots behave that may have something to say.
async fn settings(
    conn: &mut Conn,
    heard: &[Heard<'_>],
    now: Timestamp,
) -> anyhow::Result<HashMap<i64, BotSettings>> {
    if heard.iter().all(|one| one.answering(now).is_none()) {
        return Ok(HashMap::new());
    }
    Ok(desk::all(conn).await?.into_iter().map(|bot| (bot.bot_id, bot.settings)).collect())
}

/// Fails when an event came before the message that it is about, so that it comes again.
async fn nothing_overtaken(conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<()> {
    let mut names = Vec::new();
    let mut expected = Vec::new();
    for delivery in batch {
        let LogEvent::Chat(event) = &delivery.recorded.event else { continue };
        let may_be_foreign = matches!(event, ChatEvent::MessageEdited(_) | ChatEvent::ChatClosed(_));
        if may_be_foreign && delivery.attempt >= PATIENCE {
            continue;
        }
        if let Some(one) = Expected::by(event) {
            names.push(event.name());
            expected.push(one);
        }
    }
    match chats::missing(conn, &expected).await?.first() {
        Some(&index) => bail!("{} is about something that is not stored yet", names[index]),
        None => Ok(()),
    }
}
