use anyhow::bail;
use events::{LogEvent, Recorded, bus::consume::Delivery, chats::ChatEvent};
use store::{
    Conn, Decide, Handled,
    chats::{self, Expected},
};

use crate::{link, reopen};

/// Deliveries after which an edit, a block or a close is taken for one of a message or chat that was never
/// ours: the bot was not there when it was written.
const PATIENCE: u32 = 4;

/// Folds what the log says of chats into the tables.
#[derive(Debug)]
pub(crate) struct Fold;

impl Decide for Fold {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let recorded: Vec<Recorded> = batch.iter().map(|delivery| delivery.recorded.clone()).collect();
        // Before the batch is applied: what counts is whether the chat was closed when the message came.
        let closed = chats::closed_among(conn, &reopen::written_in(&recorded)).await?;
        store::apply(conn, &recorded).await?;
        nothing_overtaken(conn, batch).await?;
        let mut facts = reopen::reopened(closed, &recorded, events::now());
        facts.extend(link::linked(conn, &recorded, events::now()).await?);
        Ok(Handled { facts, rejected: Vec::new() })
    }
}

/// Fails when an event came before the message that it is about, so that it comes again.
async fn nothing_overtaken(conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<()> {
    let mut names = Vec::new();
    let mut expected = Vec::new();
    for delivery in batch {
        let LogEvent::Chat(event) = &delivery.recorded.event else { continue };
        let may_be_foreign = matches!(
            event,
            ChatEvent::MessageEdited(_) | ChatEvent::ChatClosed(_) | ChatEvent::BotBlocked(_)
        );
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
