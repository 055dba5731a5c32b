use std::str::FromStr;

use async_nats::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The attributes of an event: CloudEvents 1.0 in binary mode, so each is a NATS header `ce-…`.
/// Source: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/nats-protocol-binding.md>
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// `ce-id`, and `Nats-Msg-Id`.
    pub id: Uuid,
    /// `ce-source`: the service that published it, such as `order-worker`.
    pub source: String,
    /// `ce-type`: `vestnik.order.accepted.v1`.
    pub ce_type: String,
    /// `ce-time`: when it happened, microseconds, UTC.
    pub time: Timestamp,
    /// `ce-subject`: the entity.
    pub entity: String,
    /// `ce-correlationid`: the id of the request that began it all.
    pub correlation: Uuid,
    /// `ce-causationid`: the id of the event that led to this one.
    pub causation: Option<Uuid>,
    /// `ce-authid`: who acted: a user's id, or `telegram:<id>`, or the service itself.
    pub auth: String,
    /// `ce-sequence`: the entity's version after this fact.
    pub version: Option<u64>,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Which attribute is missing or malformed.
#[derive(Debug, thiserror::Error)]
pub enum MetaError {
    #[error("the header {0} is missing")]
    Missing(&'static str),
    #[error("the header {0} has an invalid value")]
    Invalid(&'static str),
    #[error("it is a copy that the broker was asked for: it has the header {0}")]
    Copy(&'static str),
}

/// What the broker adds when it answers a direct get. A client can have that answer sent to any subject,
/// and so make the broker store, as another service's event, what the client has written elsewhere.
const COPY: &str = "Nats-Sequence";

impl Meta {
    #[must_use]
    pub fn to_headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let id = self.id.to_string();
        headers.insert("Nats-Msg-Id", id.as_str());
        headers.insert("ce-specversion", "1.0");
        headers.insert("ce-id", id.as_str());
        headers.insert("ce-source", self.source.as_str());
        headers.insert("ce-type", self.ce_type.as_str());
        headers.insert("ce-time", self.time.to_string().as_str());
        headers.insert("ce-subject", self.entity.as_str());
        headers.insert("ce-datacontenttype", "application/json");
        headers.insert("ce-dataschema", schema_uri(&self.ce_type).as_str());
        headers.insert("ce-correlationid", self.correlation.to_string().as_str());
        if let Some(causation) = self.causation {
            headers.insert("ce-causationid", causation.to_string().as_str());
        }
        headers.insert("ce-authid", self.auth.as_str());
        if let Some(version) = self.version {
            headers.insert("ce-sequence", version.to_string().as_str());
        }
        if let Some(traceparent) = &self.traceparent {
            headers.insert("traceparent", traceparent.as_str());
        }
        headers
    }

    /// Reads the headers of a message as it lies in the log.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, MetaError> {
        if optional(headers, COPY).is_some() {
            return Err(MetaError::Copy(COPY));
        }
        if required(headers, "ce-specversion")? != "1.0" {
            return Err(MetaError::Invalid("ce-specversion"));
        }
        let id: Uuid = parsed(headers, "ce-id")?;
        // The broker dedupes by one and the inbox by the other: they must not differ.
        if optional(headers, "Nats-Msg-Id").is_some_and(|message| message != id.to_string()) {
            return Err(MetaError::Invalid("Nats-Msg-Id"));
        }
        Ok(Self {
            id,
            source: required(headers, "ce-source")?.to_owned(),
            ce_type: required(headers, "ce-type")?.to_owned(),
            time: parsed(headers, "ce-time")?,
            entity: required(headers, "ce-subject")?.to_owned(),
            correlation: parsed(headers, "ce-correlationid")?,
            causation: parsed_optional(headers, "ce-causationid")?,
            auth: required(headers, "ce-authid")?.to_owned(),
            version: parsed_optional(headers, "ce-sequence")?,
            traceparent: optional(headers, "traceparent").map(str::to_owned),
        })
    }
}

/// `urn:vestnik:schema:order.accepted.v1`
#[must_use]
fn schema_uri(ce_type: &str) -> String {
    format!("urn:vestnik:schema:{}", ce_type.trim_start_matches("vestnik."))
}

fn optional<'h>(headers: &'h HeaderMap, name: &'static str) -> Option<&'h str> {
    headers.get(name).map(async_nats::HeaderValue::as_str)
}

fn required<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<&'h str, MetaError> {
    optional(headers, name).ok_or(MetaError::Missing(name))
}

fn parsed<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<T, MetaError> {
    required(headers, name)?.parse().map_err(|_| MetaError::Invalid(name))
}

fn parsed_optional<T: FromStr>(headers: &HeaderMap, name: &'static str) -> Result<Option<T>, MetaError> {
    optional(headers, name).map(|value| value.parse().map_err(|_| MetaError::Invalid(name))).transpose()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn headers_carry_every_attribute(
            id in any::<u128>(), micros in 0i64..4_000_000_000_000_000, version in any::<Option<u64>>(),
            causation in any::<Option<u128>>(), auth in "[a-z0-9:-]{1,40}",
        ) {
            let meta = Meta {
                id: Uuid::from_u128(id),
                source: "order-worker".into(),
                ce_type: "vestnik.order.accepted.v1".into(),
                time: Timestamp::from_microsecond(micros).unwrap(),
                entity: Uuid::from_u128(id).to_string(),
                correlation: Uuid::from_u128(id),
                causation: causation.map(Uuid::from_u128),
                auth,
                version,
                traceparent: None,
            };
            prop_assert_eq!(Meta::from_headers(&meta.to_headers()).unwrap(), meta);
        }
    }

    #[test]
    fn a_message_id_that_differs_from_the_event_id_is_refused() {
        let meta = crate::Outgoing::request(
            crate::Service::Vestnik,
            "test",
            crate::accounts::CreditRequested::sample(),
        );
        let mut headers = meta.meta.to_headers();
        headers.insert("Nats-Msg-Id", Uuid::nil().to_string().as_str());
        assert!(Meta::from_headers(&headers).is_err());
    }

    use crate::Event as _;
}
