use async_nats::{HeaderMap, jetstream::message::PublishMessage};
use bytes::Bytes;

use super::{Bus, PublishError, publish::PATIENCE};
use crate::subjects;

/// What the headers here may add to a message.
const ROOM: usize = 8 * 1024;

pub(super) const REASON: &str = "vestnik-dead-reason";
pub(super) const CONSUMER: &str = "vestnik-dead-consumer";
pub(super) const SUBJECT: &str = "vestnik-dead-subject";
pub(super) const SEQUENCE: &str = "vestnik-dead-sequence";
pub(super) const ORIGINAL: &str = "vestnik-dead-original";
pub(super) const ATTEMPTS: &str = "vestnik-dead-attempts";
pub(super) const TRUNCATED: &str = "vestnik-dead-truncated";
/// Before the name of a header that the broker would act on, such as `Nats-Msg-Id`.
pub(super) const KEPT: &str = "vestnik-dead-kept-";

/// A message that is given up.
#[derive(Debug, Clone)]
pub(super) struct Burial {
    /// As in the log.
    pub subject: String,
    pub headers: HeaderMap,
    pub payload: Bytes,
    /// The sequence in the log of what is given up: the message's own, or that of the wish to try it again.
    pub sequence: u64,
    /// The message's own sequence, when it was tried again.
    pub original: Option<u64>,
    /// Bytes of the payload, when the message is a letter of which only the reason was kept.
    pub truncated: Option<u64>,
}

impl Bus {
    /// Keeps a message that was given up, whole, with the reason. Its id is derived from where it came
    /// from, so that giving it up twice keeps it once. Of a message that is as large as the broker takes
    /// only the reason is kept, and the log's sequence, under which the log has it whole.
    pub(super) async fn bury(
        &self,
        consumer: &str,
        dead: &Burial,
        attempts: i64,
        reason: &str,
    ) -> Result<(), PublishError> {
        let Burial { subject, sequence, .. } = dead;
        let length = dead.payload.len()
            + dead
                .headers
                .iter()
                .map(|(name, values)| {
                    let name: &str = name.as_ref();
                    values.iter().map(|value| name.len() + value.as_str().len() + 4).sum::<usize>()
                })
                .sum::<usize>();
        let fits = length + ROOM <= self.client.server_info().max_payload;
        let whole = fits && dead.truncated.is_none();
        let build = || {
            let mut headers = HeaderMap::new();
            for (name, values) in dead.headers.iter().filter(|_| whole) {
                let name: &str = name.as_ref();
                let reserved = name.to_ascii_lowercase().starts_with("nats-");
                let name = if reserved { format!("{KEPT}{name}") } else { name.to_owned() };
                for value in values {
                    headers.append(name.as_str(), value.clone());
                }
            }
            headers.insert("Nats-Msg-Id", format!("{consumer}-{sequence}").as_str());
            headers.insert(REASON, one_line(reason).as_str());
            headers.insert(CONSUMER, consumer);
            headers.insert(SUBJECT, subject.as_str());
            headers.insert(SEQUENCE, sequence.to_string().as_str());
            headers.insert(ATTEMPTS, attempts.to_string().as_str());
            if let Some(original) = dead.original {
                headers.insert(ORIGINAL, original.to_string().as_str());
            }
            if whole {
                return PublishMessage::build().payload(dead.payload.clone()).headers(headers);
            }
            let bytes = dead.truncated.unwrap_or(dead.payload.len() as u64);
            headers.insert(TRUNCATED, bytes.to_string().as_str());
            PublishMessage::build().headers(headers)
        };
        let to = subjects::dead_letter(consumer, subject, *sequence);
        self.insist(to, PATIENCE, build).await?;
        metrics::counter!("vestnik_dead_letters_total", "consumer" => consumer.to_owned()).increment(1);
        tracing::error!(consumer, subject, sequence, attempts, reason, "message given up");
        Ok(())
    }
}

/// A header holds one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(1_000).collect()
}
