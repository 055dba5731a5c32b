use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::users::Role;

/// What the customer asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderContent {
    pub title: String,
    pub description: String,
    pub target_url: String,
    /// Kopecks.
    pub amount: i64,
    pub location: Location,
    pub deadline: Timestamp,
    pub platforms: Vec<Platform>,
    /// The picture as it is shown: with the order's own code on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Uuid>,
    /// The picture that the customer chose, of whose bytes `image_id` is a rendering; absent when they are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_image_id: Option<Uuid>,
    /// The order's QR code carries a short link of this site, by its [`short_code`](super::short_code), which
    /// leads to `target_url` and counts who comes.
    #[serde(default, skip_serializing_if = "is_false")]
    pub track_link: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// ISO 3166-1 alpha-2, upper case.
    pub country: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    Instagram,
    Telegram,
    Vk,
    Youtube,
    Tiktok,
    Other,
}

impl Platform {
    pub const ALL: [Self; 6] =
        [Self::Instagram, Self::Telegram, Self::Vk, Self::Youtube, Self::Tiktok, Self::Other];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Telegram => "telegram",
            Self::Vk => "vk",
            Self::Youtube => "youtube",
            Self::Tiktok => "tiktok",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.name() == name)
    }
}

/// Where an order stands. `Pending` is an order whose request has no outcome yet; no row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OrderStatus {
    Pending,
    Open,
    Rejected,
    Cancelled,
    Expired,
}

impl OrderStatus {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Open, Self::Rejected, Self::Cancelled, Self::Expired]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// What a decision about an order was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DecisionInputs {
    pub role: Role,
    /// Kopecks, before the decision.
    pub available: i64,
    /// When it was decided, which the deadline was compared with.
    pub at: Timestamp,
}

/// A field that breaks a rule of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InvalidField {
    /// The name in the HTTP contract: `totalAmount`, `location.country`.
    pub field: String,
    /// `required`, `too_long`, `too_small`, `too_large`, `invalid`, `in_the_past`, `too_far`, `repeated`.
    pub code: String,
}

impl OrderContent {
    /// SHA-256 over the encoded content, in hexadecimal. Of a picture the chosen one counts: its rendering has
    /// another id for each order, and the same content must be recognised under another one.
    #[must_use]
    pub fn hash(&self) -> String {
        use std::fmt::Write as _;
        let encoded = match self.source_image_id {
            Some(source) => {
                let chosen = Self { image_id: Some(source), source_image_id: None, ..self.clone() };
                serde_json::to_vec(&chosen)
            }
            None => serde_json::to_vec(self),
        };
        let encoded = encoded.unwrap_or_default();
        Sha256::digest(encoded).iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    #[must_use]
    pub fn sample() -> Self {
        Self {
            title: "Подписка на канал".into(),
            description: "Подписаться и поставить отметку".into(),
            target_url: "https://example.org/channel".into(),
            amount: 150_000,
            location: Location {
                country: "RU".into(),
                region: Some("Приморский край".into()),
                city: Some("Владивосток".into()),
            },
            deadline: Timestamp::UNIX_EPOCH,
            platforms: vec![Platform::Telegram, Platform::Vk],
            image_id: Some(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0003)),
            source_image_id: Some(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0004)),
            track_link: true,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl DecisionInputs {
    #[must_use]
    pub fn sample() -> Self {
        Self { role: Role::Customer, available: 1_000_000, at: Timestamp::UNIX_EPOCH }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_picture_under_another_orders_code_is_the_same_content() {
        let one = OrderContent::sample();
        let other = OrderContent { image_id: Some(Uuid::from_u128(9)), ..OrderContent::sample() };
        assert_eq!(one.hash(), other.hash());
        let chosen = OrderContent { source_image_id: Some(Uuid::from_u128(9)), ..OrderContent::sample() };
        assert_ne!(one.hash(), chosen.hash(), "another picture");
        let raw = OrderContent { track_link: false, ..OrderContent::sample() };
        assert_ne!(one.hash(), raw.hash(), "another link on the code");
    }

    #[test]
    fn content_from_before_tracked_links_has_the_hash_that_its_orders_have() {
        let before = OrderContent { source_image_id: None, track_link: false, ..OrderContent::sample() };
        let sealed = include_str!("../../samples/order.accepted.v1.json");
        assert!(sealed.contains(&before.hash()));
    }
}
