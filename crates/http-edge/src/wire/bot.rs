use events::desk;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A bot of the desk.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bot {
    /// Telegram's id of it.
    pub(crate) bot_id: i64,
    /// Without `@`; null until it was connected.
    pub(crate) username: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) settings: BotSettings,
    /// How its line to Telegram is, as its bridge has last said: `{mode, state, lastUpdateAt, lastPollAt, pending,
    /// lastError: {code, words, at}, behindSince}`; null when none has said anything.
    #[schema(value_type = Option<Object>)]
    pub(crate) status: Option<Value>,
    /// When it said so. A bridge speaks every few seconds: one that has not for half a minute does not work.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) status_at: Option<Timestamp>,
}

/// How a bot behaves by itself. Without a text it says nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BotSettings {
    /// The first words to a new person, at most 4,096 UTF-16 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) welcome: Option<String>,
    /// Said to whoever writes outside the working hours, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) away: Option<String>,
    /// When somebody is at the desk; always when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hours: Option<WorkingHours>,
}

/// When somebody is at the desk.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct WorkingHours {
    /// By its IANA name: `Asia/Vladivostok`.
    pub(crate) zone: String,
    /// In any order, one or more; days without an entry are free.
    pub(crate) open: Vec<OpenHours>,
}

/// A stretch of one day.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub(crate) struct OpenHours {
    /// 1 is Monday, 7 Sunday.
    pub(crate) weekday: u8,
    /// Minutes since midnight, 0 to 1,440; open from `from` until before `until`.
    pub(crate) from: u16,
    pub(crate) until: u16,
}

impl From<store::desk::Bot> for Bot {
    fn from(bot: store::desk::Bot) -> Self {
        let (status, status_at) = bot.status.unzip();
        Self {
            bot_id: bot.bot_id,
            username: bot.username,
            name: bot.name,
            settings: bot.settings.into(),
            status,
            status_at,
        }
    }
}

impl From<desk::BotSettings> for BotSettings {
    fn from(settings: desk::BotSettings) -> Self {
        let desk::BotSettings { welcome, away, hours } = settings;
        let stretch =
            |one: &desk::OpenHours| OpenHours { weekday: one.weekday, from: one.from, until: one.until };
        let hours = hours
            .map(|hours| WorkingHours { open: hours.open.iter().map(stretch).collect(), zone: hours.zone });
        Self { welcome, away, hours }
    }
}
