use std::time::Duration;

use events::Outgoing;
use store::{
    Relay,
    calls::{self, Begun, Call, TelegramFile},
};
use tokio::{sync::mpsc::UnboundedReceiver, time::timeout};
use uuid::Uuid;

use super::take_over::PAGE;
use crate::outbox::{self, Finished, Waiting};

/// What a sender writes down: in the database, in the log, and for whoever looks.
#[derive(Clone)]
pub(super) struct Record {
    relay: Relay,
    bot_id: i64,
}

/// An outbox row that is to be published.
pub(super) type Row = (i64, Vec<Outgoing>);

const PUBLISH: Duration = Duration::from_secs(2);

impl Record {
    pub(super) const fn new(relay: Relay, bot_id: i64) -> Self {
        Self { relay, bot_id }
    }

    /// Records that these are about to be made, and says which may be.
    pub(super) async fn begin(
        &self,
        attempts: &[(Uuid, u32)],
        unsure: &[(Uuid, u32)],
    ) -> anyhow::Result<Begun> {
        let mut conn = self.relay.store().conn().await?;
        calls::begin(&mut conn, attempts, unsure).await
    }

    /// Records outcomes, with their facts. A second time does no harm.
    pub(super) async fn conclude(&self, batch: &[Finished]) -> anyhow::Result<Option<Row>> {
        let facts = outbox::facts(batch, events::now());
        let (back, ended) = outbox::sorted(batch);
        let pause = outbox::pause(batch).map(|until| (self.bot_id, until));
        let mut conn = self.relay.store().conn().await?;
        let row = calls::conclude(&mut conn, &back, &ended, &facts, pause).await?;
        let files: Vec<TelegramFile> = batch
            .iter()
            .flat_map(Finished::remembered)
            .map(|file| TelegramFile {
                sha256: file.sha256.clone(),
                kind: file.kind.to_owned(),
                telegram_file_id: file.telegram_file_id.clone(),
            })
            .collect();
        if !files.is_empty()
            && let Err(error) = calls::remember(&mut conn, self.bot_id, &files).await
        {
            // They are uploaded again, that is all.
            tracing::warn!(%error, "what Telegram calls files was not kept");
        }
        outbox::count(batch);
        Ok(row)
    }

    /// While the broker is away the next outcomes are recorded all the same: the relay publishes later.
    pub(super) async fn publish(&self, (row, facts): Row) {
        match timeout(PUBLISH, self.relay.publish(row, &facts)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "outcomes not published yet");
            }
            Err(_) => tracing::warn!(facts = facts.len(), "outcomes not published yet"),
        }
    }

    /// What waits in the database, whether or not anybody has told of it.
    pub(super) async fn queued(&self) -> anyhow::Result<Vec<Call>> {
        let mut conn = self.relay.store().conn().await?;
        calls::queued(&mut conn, self.bot_id, (0, 0), PAGE).await
    }

    /// Tells the pages that are open. What is missed is read from the database with the page.
    pub(super) async fn tell(&self, mut told: UnboundedReceiver<Waiting>) {
        let core = self.relay.bus().core();
        while let Some(waiting) = told.recv().await {
            let subject = events::subjects::waiting(waiting.user_id);
            let done = core.publish(subject, worded(&waiting).to_string().into()).await;
            if let Err(error) = done {
                tracing::debug!(%error, "nobody was told of a reply that waits");
            }
        }
    }
}

fn worded(waiting: &Waiting) -> serde_json::Value {
    serde_json::json!({
        "userId": waiting.user_id,
        "messageId": waiting.message_id,
        "part": waiting.part,
        "state": if waiting.until.is_some() { "queued" } else { "sending" },
        "nextAttemptAt": waiting.until,
    })
}
