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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image_id: Option<Uuid>,
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
    /// SHA-256 over the encoded content, in hexadecimal.
    #[must_use]
    pub fn hash(&self) -> String {
        use std::fmt::Write as _;
        let encoded = serde_json::to_vec(self).unwrap_or_default();
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
        }
    }
}

impl DecisionInputs {
    #[must_use]
    pub fn sample() -> Self {
        Self { role: Role::Customer, available: 1_000_000, at: Timestamp::UNIX_EPOCH }
    }
}
