//! What is said beside the log, on core NATS: who misses it misses nothing.

use events::Bus;
use futures::{StreamExt as _, stream};
use process::Shutdown;
use serde_json::{Value, json};
use tokio::sync::broadcast;
use uuid::Uuid;

/// Something for the desk's open pages.
#[derive(Debug, Clone)]
pub(super) struct Heard {
    /// `typing`, `waiting` or `status`.
    pub(super) name: &'static str,
    pub(super) data: Value,
}

impl Heard {
    fn read(subject: &str, payload: &[u8]) -> Option<Self> {
        let mut data: Value = serde_json::from_slice(payload).ok()?;
        let (what, about) = subject.split_once('.')?;
        let about: i64 = about.parse().ok()?;
        let (name, member) = match what {
            "typing" => ("typing", "userId"),
            "waiting" => ("waiting", "userId"),
            "status" => ("status", "botId"),
            _ => return None,
        };
        // The subject is what the broker has let through; a payload may say anything.
        data.as_object_mut()?.insert(member.to_owned(), json!(about));
        Some(Self { name, data })
    }

    /// One's own typing is no news.
    pub(super) fn is_by(&self, operator: Uuid) -> bool {
        self.name == "typing" && self.data["operatorId"] == json!(operator)
    }
}

/// What is heard, from all instances of the edge and from the bridges.
#[derive(Debug)]
pub(crate) struct Ear(broadcast::Sender<Heard>);

impl Default for Ear {
    fn default() -> Self {
        Self(broadcast::Sender::new(256))
    }
}

impl Ear {
    pub(super) fn listen(&self) -> broadcast::Receiver<Heard> {
        self.0.subscribe()
    }

    /// Listens until shutdown; the client subscribes again by itself after a broken connection.
    pub(crate) async fn follow(&self, bus: &Bus, shutdown: Shutdown) {
        let mut subscriptions = Vec::new();
        for subject in ["typing.*", "waiting.*", "status.*"] {
            match bus.core().subscribe(subject).await {
                Ok(heard) => subscriptions.push(heard),
                Err(error) => tracing::warn!(%error, subject, "nothing of it will be heard"),
            }
        }
        let mut heard = stream::select_all(subscriptions);
        while let Some(Some(message)) = shutdown.run_until_cancelled(heard.next()).await {
            if let Some(heard) = Heard::read(&message.subject, &message.payload) {
                // Nobody watches: nothing to do.
                let _ = self.0.send(heard);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subject_says_whom_it_is_about() {
        let heard = Heard::read("waiting.7", br#"{"userId": 8, "messageId": "x"}"#).unwrap();
        assert_eq!((heard.name, &heard.data["userId"]), ("waiting", &json!(7)));
        for (subject, payload) in
            [("waiting.x", "{}"), ("waiting.7", "[]"), ("other.7", "{}"), ("waiting", "{}")]
        {
            assert!(Heard::read(subject, payload.as_bytes()).is_none(), "{subject} {payload}");
        }
    }
}
