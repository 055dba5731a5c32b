use schemars::{JsonSchema, Schema};
use serde::{Serialize, de::DeserializeOwned};

use super::Service;

/// An event type. Implemented through [`declare_event!`](crate::declare_event), never by hand.
pub trait Event:
    Serialize + DeserializeOwned + JsonSchema + Clone + std::fmt::Debug + Send + Sync + 'static
{
    /// `<domain>.<what-happened>`, without the version: `order.accepted`.
    const NAME: &'static str;
    /// Raised when the body changes in any way but by a new optional field.
    const VERSION: u32;
    /// The subject with `*` where the entity stands: `orders.*.accepted`.
    const SUBJECT: &'static str;
    /// Who may publish it.
    const PUBLISHERS: &'static [Service];
    /// JSON pointers of the fields that tell something about a person; never logged.
    const PERSONAL: &'static [&'static str];

    /// The entity the event is about: the second token of its subject.
    fn entity(&self) -> String;

    /// A value with every field filled, which the committed sample is made of.
    fn sample() -> Self;

    /// `vestnik.order.accepted.v1`
    #[must_use]
    fn ce_type() -> String {
        format!("vestnik.{}.v{}", Self::NAME, Self::VERSION)
    }

    fn subject(&self) -> String {
        Self::SUBJECT.replacen('*', &self.entity(), 1)
    }
}

/// What the contract says of one event type, without the type.
#[derive(Debug, Clone)]
pub struct EventInfo {
    pub name: &'static str,
    pub version: u32,
    pub subject: &'static str,
    pub publishers: &'static [Service],
    pub personal: &'static [&'static str],
    pub schema: fn() -> Schema,
    /// The sample of the current version as the event encodes itself.
    pub sample: fn() -> serde_json::Value,
    /// Decodes a body and encodes what was understood.
    pub reencode: fn(&[u8]) -> serde_json::Result<serde_json::Value>,
}

impl EventInfo {
    /// `order.accepted.v1`: what its schema and sample are filed under.
    #[must_use]
    pub fn versioned_name(&self) -> String {
        format!("{}.v{}", self.name, self.version)
    }

    #[must_use]
    pub fn ce_type(&self) -> String {
        format!("vestnik.{}.v{}", self.name, self.version)
    }

    #[must_use]
    pub fn of<E: Event>() -> Self {
        Self {
            name: E::NAME,
            version: E::VERSION,
            subject: E::SUBJECT,
            publishers: E::PUBLISHERS,
            personal: E::PERSONAL,
            schema: || schemars::schema_for!(E),
            sample: || serde_json::to_value(E::sample()).unwrap_or_default(),
            reencode: |body| serde_json::from_slice::<E>(body).and_then(serde_json::to_value),
        }
    }
}

/// Why a message is not an event of the contract.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error("the event type {0:?} is not known to this version")]
    UnknownType(String),
    #[error("the body is not a valid {name}: {reason}")]
    Body { name: &'static str, reason: String },
    #[error("the subject {subject} does not belong to {name} about {entity}")]
    WrongSubject { name: &'static str, subject: String, entity: String },
    #[error("{source_name} may not publish {name}")]
    WrongSource { name: &'static str, source_name: String },
    #[error("the headers are not CloudEvents: {0}")]
    Meta(#[from] super::MetaError),
}

/// Declares an event type: its name, version, subject, entity, publishers, personal fields and sample.
#[macro_export]
macro_rules! declare_event {
    ($type:ident {
        name: $name:literal,
        version: $version:literal,
        subject: $subject:literal,
        entity: $entity:ident,
        by: [$($by:ident),+],
        personal: [$($personal:literal),* $(,)?],
        sample: $sample:expr $(,)?
    }) => {
        impl $crate::Event for $type {
            const NAME: &'static str = $name;
            const VERSION: u32 = $version;
            const SUBJECT: &'static str = $subject;
            const PUBLISHERS: &'static [$crate::Service] = &[$($crate::Service::$by),+];
            const PERSONAL: &'static [&'static str] = &[$($personal),*];

            fn entity(&self) -> String {
                self.$entity.to_string()
            }

            fn sample() -> Self {
                $sample
            }
        }
    };
}
