use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Event, LogEvent, Meta, Recorded, Service, identity};

/// An event on its way out: what the outbox keeps and the bus publishes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outgoing {
    pub meta: Meta,
    pub subject: String,
    /// The JSON body, kept as text so that it is written once and never re-encoded.
    pub body: String,
}

impl Outgoing {
    /// A wish that enters here: begins a correlation of its own.
    #[must_use]
    pub fn request<E: Event>(source: Service, auth: &str, event: E) -> Self {
        Self::request_with_id(identity::request_id(), source, auth, event)
    }

    /// As [`Self::request`], under an id that a repetition of the same wish will have again.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "a wish is written where it is published")]
    pub fn request_with_id<E: Event>(id: Uuid, source: Service, auth: &str, event: E) -> Self {
        Self::build(
            Meta {
                id,
                source: source.name().to_owned(),
                ce_type: E::ce_type(),
                time: now(),
                entity: event.entity(),
                correlation: id,
                causation: None,
                auth: auth.to_owned(),
                version: None,
                traceparent: None,
            },
            &event,
        )
    }

    /// A fact that follows from `cause`. `index` tells apart several facts of one type from one cause;
    /// `version` is the entity's version after the fact.
    #[must_use]
    pub fn fact<E: Event>(
        source: Service,
        cause: &Meta,
        index: usize,
        version: Option<u64>,
        time: Timestamp,
        event: &E,
    ) -> Self {
        Self::build(
            Meta {
                id: identity::fact_id(cause.id, E::NAME, index),
                source: source.name().to_owned(),
                ce_type: E::ce_type(),
                time,
                entity: event.entity(),
                correlation: cause.correlation,
                causation: Some(cause.id),
                auth: cause.auth.clone(),
                version,
                traceparent: cause.traceparent.clone(),
            },
            event,
        )
    }

    fn build<E: Event>(meta: Meta, event: &E) -> Self {
        // A struct of strings, numbers and lists always encodes; the type system cannot say so.
        let body = serde_json::to_string(event).unwrap_or_default();
        Self { meta, subject: event.subject(), body }
    }

    /// Decodes the body again: what `apply` is given before the log has the event.
    pub fn recorded(&self) -> Result<Recorded, super::DecodeError> {
        Ok(Recorded {
            position: None,
            meta: self.meta.clone(),
            event: LogEvent::decode_type(&self.meta.ce_type, self.body.as_bytes())?,
        })
    }
}

/// The present to the microsecond, which is what PostgreSQL keeps: a finer time would differ between
/// the log and the table.
#[must_use]
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
