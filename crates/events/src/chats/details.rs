use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a message says beside its text and its file, after the members of `Message` in the Bot API.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward: Option<Forward>,
    /// The part of the answered message that its answer quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dice: Option<Dice>,
    /// What `/start` was given by a deep link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
}

/// Where a forwarded message comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forward {
    /// A person's, a chat's or a channel's name, as far as Telegram tells it.
    pub name: String,
    /// When the original was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Degrees.
    pub latitude: f64,
    pub longitude: f64,
    /// Of a venue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub phone: String,
    pub name: String,
    /// Telegram vouches that it is the sender's own.
    pub own: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    pub question: String,
    pub options: Vec<String>,
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dice {
    pub emoji: String,
    pub value: u32,
}

impl Details {
    /// Nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    #[must_use]
    pub fn sample() -> Self {
        Self {
            forward: Some(Forward { name: "Новости".into(), sent_at: Some(Timestamp::UNIX_EPOCH) }),
            quote: Some("когда".into()),
            place: Some(Place {
                latitude: 43.115_5,
                longitude: 131.885_5,
                name: Some("Вокзал".into()),
                address: Some("Алеутская, 2".into()),
            }),
            contact: Some(Contact { phone: "+79241242417".into(), name: "Иван".into(), own: true }),
            poll: Some(Poll {
                question: "Когда?".into(), options: vec!["Завтра".into()], closed: true
            }),
            dice: Some(Dice { emoji: "🎲".into(), value: 6 }),
            start: Some("offer-7".into()),
        }
    }
}
