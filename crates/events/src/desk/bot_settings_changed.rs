use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An administrator changed how a bot behaves by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotSettingsChanged {
    /// Telegram's id of the bot.
    pub bot_id: i64,
    pub settings: BotSettings,
}

/// How a bot behaves by itself. Without a text it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BotSettings {
    /// The first words to a new person, at most 4,096 UTF-16 units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub welcome: Option<String>,
    /// Said to whoever writes outside the working hours, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<String>,
    /// When somebody is at the desk; always when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<WorkingHours>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkingHours {
    /// By its IANA name: `Asia/Vladivostok`.
    pub zone: String,
    /// In any order; days without an entry are free.
    pub open: Vec<OpenHours>,
}

/// A stretch of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OpenHours {
    /// 1 is Monday, 7 Sunday (ISO 8601).
    pub weekday: u8,
    /// Minutes since midnight, 0 to 1,440; the desk is open from `from` until before `until`.
    pub from: u16,
    pub until: u16,
}

crate::declare_event!(BotSettingsChanged {
    name: "desk.bot-settings-changed",
    version: 1,
    subject: "desk.*.bot-settings-changed",
    entity: bot_id,
    by: [HttpEdge],
    personal: [],
    sample: Self {
        bot_id: 123_456,
        settings: BotSettings {
            welcome: Some("Здравствуйте! Чем помочь?".into()),
            away: Some("Мы ответим утром.".into()),
            hours: Some(WorkingHours {
                zone: "Asia/Vladivostok".into(),
                open: vec![OpenHours { weekday: 1, from: 540, until: 1_080 }],
            }),
        },
    },
});
