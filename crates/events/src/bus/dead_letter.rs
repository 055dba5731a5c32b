use async_nats::{HeaderMap, jetstream::message::PublishMessage};

use super::{Bus, PublishError, publish::PATIENCE};
use crate::subjects;

/// What the headers here may add to a message.
const ROOM: usize = 8 * 1024;

impl Bus {
    /// Keeps a message that was given up, whole, with the reason. Its id is derived from where it came
    /// from, so that giving it up twice keeps it once. Of a message that is as large as the broker takes
    /// only the reason is kept, and the log's sequence, under which the log has it whole.
    pub(super) async fn bury(
        &self,
        consumer: &str,
        message: &async_nats::jetstream::Message,
        sequence: u64,
        attempts: i64,
        reason: &str,
    ) -> Result<(), PublishError> {
        let subject = subjects::dead_letter(consumer, &message.subject);
        let whole = message.length + ROOM <= self.client.server_info().max_payload;
        let build = || {
            let mut headers = HeaderMap::new();
            for (name, values) in message.headers.iter().filter(|_| whole).flat_map(HeaderMap::iter) {
                let reserved = name.to_string().to_ascii_lowercase().starts_with("nats-");
                for value in values.iter().filter(|_| !reserved) {
                    headers.append(name.clone(), value.clone());
                }
            }
            headers.insert("Nats-Msg-Id", format!("{consumer}-{sequence}").as_str());
            headers.insert("vestnik-dead-reason", one_line(reason).as_str());
            headers.insert("vestnik-dead-consumer", consumer);
            headers.insert("vestnik-dead-subject", message.subject.as_str());
            headers.insert("vestnik-dead-sequence", sequence.to_string().as_str());
            headers.insert("vestnik-dead-attempts", attempts.to_string().as_str());
            if whole {
                return PublishMessage::build().payload(message.payload.clone()).headers(headers);
            }
            headers.insert("vestnik-dead-truncated", message.payload.len().to_string().as_str());
            PublishMessage::build().headers(headers)
        };
        self.insist(subject, PATIENCE, build).await?;
        metrics::counter!("vestnik_dead_letters_total", "consumer" => consumer.to_owned()).increment(1);
        tracing::error!(consumer, subject = %message.subject, sequence, attempts, reason, "message given up");
        Ok(())
    }
}

/// A header holds one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1_000).collect()
}
