use events::chats::ReplyPart;
use jiff::Timestamp;
use serde::Serialize;
use store::chats::{self, DeliveryState};
use utoipa::ToSchema;

/// What became of a reply.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    /// `queued`, `sending`, `sent`, `failed` or `unknown`.
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// Telegram's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) next_attempt_at: Option<Timestamp>,
}

impl Delivery {
    pub(crate) const fn of(state: DeliveryState) -> Self {
        Self { state: state.name(), code: None, reason: None, next_attempt_at: None }
    }

    pub(crate) fn because(state: DeliveryState, code: &str, reason: Option<&str>) -> Self {
        let code = finer(Some(code.to_owned()), reason);
        Self { code, reason: reason.map(str::to_owned), ..Self::of(state) }
    }
}

impl From<chats::Delivery> for Delivery {
    fn from(delivery: chats::Delivery) -> Self {
        let code = finer(delivery.code, delivery.reason.as_deref());
        Self { code, reason: delivery.reason, ..Self::of(delivery.state) }
    }
}

/// One of the calls to Telegram that a reply is made of.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    /// From 0.
    pub(crate) part: u32,
    /// UTF-16 units of the message's text.
    pub(crate) offset: u32,
    pub(crate) length: u32,
    /// Places among the message's `attachments`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<u32>,
    /// As of a delivery.
    pub(crate) state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl Part {
    pub(super) fn queued(part: u32, it: &ReplyPart) -> Self {
        Self {
            part,
            offset: it.offset,
            length: it.length,
            files: it.files.clone(),
            state: DeliveryState::Queued.name().to_owned(),
            code: None,
            reason: None,
        }
    }
}

impl From<chats::Part> for Part {
    fn from(part: chats::Part) -> Self {
        Self {
            part: part.part,
            offset: part.offset,
            length: part.length,
            files: part.files,
            state: part.state,
            code: finer(part.code, part.reason.as_deref()),
            reason: part.reason,
        }
    }
}

/// A change that an operator asked for of a reply that Telegram has.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    /// `edit` or `delete`.
    pub(crate) kind: String,
    /// `queued`, `done` or `failed`.
    pub(crate) state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl From<chats::Change> for Change {
    fn from(change: chats::Change) -> Self {
        let code = finer(change.code, change.reason.as_deref());
        Self { kind: change.kind, state: change.state, code, reason: change.reason }
    }
}

/// What Telegram says when it refuses without a code that means anything, and what people can be told instead.
const PHRASES: &[(&str, &str)] = &[
    ("can't initiate conversation", "never_wrote"),
    ("can't be edited", "not_editable"),
    ("text is empty", "empty"),
    ("text must be non-empty", "empty"),
];

/// A code that says more, where Telegram's words do.
fn finer(code: Option<String>, reason: Option<&str>) -> Option<String> {
    let said = reason.filter(|_| code.as_deref() == Some("rejected"));
    let known = said.and_then(|said| PHRASES.iter().find(|(phrase, _)| said.contains(phrase)));
    known.map(|(_, code)| (*code).to_owned()).or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_as_exactly_as_telegram_does() {
        let code = |code: &str, reason| Delivery::because(DeliveryState::Failed, code, reason).code;
        let never = "Forbidden: bot can't initiate conversation with a user";
        assert_eq!(code("rejected", Some(never)).as_deref(), Some("never_wrote"));
        assert_eq!(code("unauthorized", Some(never)).as_deref(), Some("unauthorized"));
        assert_eq!(code("rejected", Some("Bad Request")).as_deref(), Some("rejected"));
        assert_eq!(code("rejected", None).as_deref(), Some("rejected"));
    }
}
