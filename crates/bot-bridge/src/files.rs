//! Files of messages: fetched from Telegram after the message is in the log, and kept in the object store.

mod sniff;

use std::{collections::HashMap, time::Duration};

use events::{
    LogEvent, Outgoing, Service,
    bus::{
        Objects,
        consume::{Delivery, HandleError, Handler, Verdict},
        retry::Backoff,
    },
    chats::{Attachment, ChatEvent, FileFailed, FileStored, MessageReceived},
    derived_id,
};
use futures::{StreamExt as _, stream};
use store::{Relay, outbox};

use crate::telegram::{DownloadError, LARGEST_DOWNLOAD, Telegram, too_large};

/// Fetches files. Repeating it is harmless: the object has the same name, the fact the same id.
pub(crate) struct Files {
    /// Each bot's: a file's id is good only for the bot that was sent it.
    telegram: HashMap<i64, Telegram>,
    /// Who is asked for files of messages that do not say to whom they were written.
    usual: i64,
    objects: Objects,
    relay: Relay,
}

/// Files in memory at a time, each up to 20 MB.
const AT_ONCE: usize = 2;
/// Deliveries after which a file that cannot be had is given up: about half an hour, which most troubles of Telegram's
/// are shorter than.
pub(crate) const ATTEMPTS: u32 = 24;
/// Tries within one delivery, so that a hiccup does not repeat a whole batch.
const TRIES: u32 = 3;
const RETRY: Backoff = Backoff { first: Duration::from_millis(200), most: Duration::from_secs(2) };

impl Files {
    pub(crate) const fn new(
        telegram: HashMap<i64, Telegram>,
        usual: i64,
        objects: Objects,
        relay: Relay,
    ) -> Self {
        Self { telegram, usual, objects, relay }
    }

    /// The fact about one message's file; an error when it has to be tried again.
    async fn fetch(
        &self,
        delivery: &Delivery,
        message: &MessageReceived,
        attachment: &Attachment,
    ) -> Result<Outgoing, HandleError> {
        let meta = &delivery.recorded.meta;
        let (code, reason) = match self.download(message.bot_id, attachment).await {
            Ok(bytes) => {
                let file_id = derived_id(&["tg-file", &message.message_id.to_string()]);
                let kind = sniff::content_type(&bytes);
                let file = self
                    .objects
                    .put(&file_id.to_string(), kind, &bytes)
                    .await
                    .map_err(|error| HandleError::Unavailable(error.into()))?;
                let (user_id, message_id) = (message.user_id, message.message_id);
                let stored = FileStored { user_id, message_id, file_id, file };
                return Ok(Outgoing::fact(Service::BotBridge, meta, 0, None, events::now(), &stored));
            }
            Err(DownloadError::Refused { code, reason }) => (code, reason),
            // However long it takes: these are the files of what came just before.
            Err(DownloadError::Away(reason)) => return Err(HandleError::Unavailable(reason.into())),
            Err(DownloadError::Unavailable(reason)) if delivery.attempt >= ATTEMPTS => {
                ("unavailable", reason)
            }
            Err(DownloadError::Unavailable(reason)) => return Err(HandleError::Failed(reason.into())),
        };
        let failed = FileFailed {
            user_id: message.user_id,
            message_id: message.message_id,
            code: code.into(),
            reason,
        };
        Ok(Outgoing::fact(Service::BotBridge, meta, 0, None, events::now(), &failed))
    }

    async fn download(
        &self,
        bot_id: Option<i64>,
        attachment: &Attachment,
    ) -> Result<bytes::Bytes, DownloadError> {
        // Telegram would only say the same.
        if attachment.size.is_some_and(|size| size > LARGEST_DOWNLOAD) {
            return Err(too_large("bots can download files of up to 20 MB".into()));
        }
        let Some(telegram) = self.telegram.get(&bot_id.unwrap_or(self.usual)) else {
            let reason = "the bot that was sent it is not connected any more".into();
            return Err(DownloadError::Refused { code: "not_found", reason });
        };
        let mut tries = 1;
        loop {
            match telegram.download(&attachment.telegram_file_id).await {
                Err(DownloadError::Unavailable(reason)) if tries < TRIES => {
                    tracing::info!(reason, tries, "file not fetched; trying again");
                    tokio::time::sleep(RETRY.delay(tries)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }

    async fn state(&self, facts: Vec<Outgoing>) -> Result<(), HandleError> {
        let unavailable = |error: anyhow::Error| HandleError::Unavailable(error.into());
        let conn = self.relay.store().conn().await.map_err(|error| HandleError::Unavailable(error.into()))?;
        // One statement is a transaction.
        let row = outbox::keep(&conn, Service::BotBridge, &facts).await.map_err(unavailable)?;
        drop(conn);
        self.relay.publish(row, &facts).await.map_err(unavailable)
    }
}

impl Handler for Files {
    async fn handle(&self, batch: &[Delivery]) -> Result<Vec<Verdict>, HandleError> {
        let mut fetching = Vec::new();
        for delivery in batch {
            if let Some((message, attachment)) = attached(delivery) {
                fetching.push(self.fetch(delivery, message, attachment));
            }
        }
        let fetched: Vec<_> = stream::iter(fetching).buffered(AT_ONCE).collect().await;
        let (mut facts, mut error) = (Vec::new(), None);
        for fact in fetched {
            match fact {
                Ok(fact) => facts.push(fact),
                Err(failed) => error = Some(failed),
            }
        }
        // What is here is told at once, whatever became of the others.
        if !facts.is_empty() {
            self.state(facts).await?;
        }
        error.map_or_else(|| Ok(vec![Verdict::Done; batch.len()]), Err)
    }
}

/// The message and its file, if it has one that this bot can fetch.
fn attached(delivery: &Delivery) -> Option<(&MessageReceived, &Attachment)> {
    let LogEvent::Chat(ChatEvent::MessageReceived(message)) = &delivery.recorded.event else { return None };
    // What came through the API names files of other bots, if any.
    if delivery.recorded.meta.source != Service::BotBridge.name() {
        return None;
    }
    Some((message, message.attachment.as_ref()?))
}

#[cfg(test)]
mod tests {
    use events::bus::consume::ConsumeOptions;

    use super::*;

    #[test]
    fn an_outage_of_ten_minutes_costs_no_file() {
        let backoff = ConsumeOptions::default().backoff;
        // Jitter takes away a half at the most.
        let least: Duration = (1..ATTEMPTS).map(|attempt| backoff.ceiling(attempt) / 2).sum();
        assert!(least > Duration::from_secs(600), "given up after {least:?}");
    }
}
