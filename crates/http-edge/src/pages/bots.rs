//! The administrators' pages: the desk's bots.

use askama::Template;
use fluent_bundle::FluentValue;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{FieldErrors, Layout};
use crate::texts::{self, geo};

/// A bridge speaks every few seconds; one that has been silent for longer does not work.
const SILENT: SignedDuration = SignedDuration::from_secs(30);
/// Telegram keeps what it could not hand over this long (Bot API, `getUpdates`).
const KEPT_HOURS: i64 = 24;

/// A bot of the desk.
#[derive(Debug, Clone)]
pub struct BotView {
    /// Telegram's id.
    pub id: i64,
    /// `None` until it was connected.
    pub name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// What its bridge has last said; `None` before it said anything.
    pub line: Option<BotLine>,
    /// When that was.
    pub heard_at: Option<Timestamp>,
    /// It greets who is new.
    pub says_welcome: bool,
    /// It says when nobody is there.
    pub says_away: bool,
}

/// How a bot's line to Telegram is.
#[derive(Debug, Clone, Default)]
pub struct BotLine {
    /// `ok`, `conflict`, …
    pub state: String,
    /// `polling` or `webhook`.
    pub mode: String,
    /// When the log last took something from Telegram.
    pub last_update_at: Option<Timestamp>,
    /// When Telegram last answered.
    pub last_poll_at: Option<Timestamp>,
    /// What Telegram holds for the bot.
    pub pending: Option<i64>,
    /// Telegram's words, or the bridge's, and when.
    pub last_error: Option<(String, Timestamp)>,
    /// Since when nothing could be taken.
    pub behind_since: Option<Timestamp>,
}

impl BotLine {
    /// Reads what a bridge says. It may be older or newer than this: what is not understood is not there.
    pub fn read(status: &Value) -> Self {
        let text = |name: &str| status[name].as_str().unwrap_or_default().to_owned();
        let time = |value: &Value| value.as_str().and_then(|text| text.parse().ok());
        let error = &status["lastError"];
        let words = error["words"].as_str().or_else(|| error["code"].as_str());
        Self {
            state: text("state"),
            mode: text("mode"),
            last_update_at: time(&status["lastUpdateAt"]),
            last_poll_at: time(&status["lastPollAt"]),
            pending: status["pending"].as_i64(),
            last_error: words.map(str::to_owned).zip(time(&error["at"])),
            behind_since: time(&status["behindSince"]),
        }
    }
}

/// How a state is shown: the chip's colour, its icon and the words.
type Shown = (&'static str, &'static str, String);

/// States of a line, and the words for them.
const STATES: &[(&str, &str, &str, &str)] = &[
    ("ok", "open", "circle-check", "bot-ok"),
    ("starting", "pending", "hourglass", "bot-starting"),
    ("unauthorized", "rejected", "circle-x", "bot-unauthorized"),
    ("conflict", "rejected", "circle-x", "bot-conflict"),
    ("unreachable", "rejected", "circle-x", "bot-unreachable"),
    ("refused", "rejected", "circle-x", "bot-refused"),
    ("log_unavailable", "rejected", "circle-x", "bot-log-unavailable"),
    ("webhook_failing", "rejected", "circle-x", "bot-webhook-failing"),
    ("stopped", "pending", "circle-alert", "bot-stopped"),
];

impl BotView {
    pub(super) fn title(&self) -> String {
        self.name.clone().or_else(|| self.username.clone()).unwrap_or_else(|| self.id.to_string())
    }

    /// No bridge speaks of it any more.
    pub(super) fn is_silent(&self, layout: &Layout) -> bool {
        self.heard_at.is_some_and(|heard_at| layout.now.duration_since(heard_at) > SILENT)
    }

    pub(super) fn shown(&self, layout: &Layout) -> Shown {
        let (Some(line), Some(heard_at)) = (&self.line, self.heard_at) else {
            return ("pending", "circle-help", layout.t("bot-never"));
        };
        let known = STATES.iter().find(|row| row.0 == line.state);
        if line.state != "stopped" && self.is_silent(layout) {
            return ("rejected", "circle-x", layout.tv("bot-silent", "time", since(layout, heard_at)));
        }
        match known {
            Some((_, tone, icon, key)) => (tone, icon, layout.t(key)),
            None => ("pending", "circle-help", layout.tv("bot-other", "status", line.state.as_str())),
        }
    }

    /// What is at stake while nothing is taken: Telegram does not keep it for ever.
    pub(super) fn behind(&self, layout: &Layout) -> Option<String> {
        let since_when = self.line.as_ref()?.behind_since.or_else(|| {
            // A bridge that is gone cannot say since when.
            self.heard_at.filter(|_| self.is_silent(layout))
        })?;
        let left = KEPT_HOURS - layout.now.duration_since(since_when).as_hours();
        let time = ("time", FluentValue::from(since(layout, since_when)));
        Some(match left {
            1.. => texts::with(layout.lang, "bot-behind", &[time, ("n", FluentValue::from(left))]),
            _ => texts::with(layout.lang, "bot-behind-too-long", &[time]),
        })
    }

    fn mode(&self, layout: &Layout) -> Option<String> {
        match self.line.as_ref()?.mode.as_str() {
            "polling" => Some(layout.t("bot-polling")),
            "webhook" => Some(layout.t("bot-webhook")),
            _ => None,
        }
    }
}

/// `12:41` for today, else with its date.
fn since(layout: &Layout, at: Timestamp) -> String {
    let day = |at: Timestamp| at.to_zoned(layout.zone.clone()).date();
    if day(at) == day(layout.now) { layout.clock(&at) } else { layout.date_time(&at) }
}

/// `/dashboard/bots`.
#[derive(Debug, Template)]
#[template(path = "bots.html")]
pub struct BotsPage {
    /// The common part.
    pub layout: Layout,
    /// By their ids.
    pub bots: Vec<BotView>,
}

/// What was typed into a bot's settings.
#[derive(Debug, Clone, Default)]
pub struct BotForm {
    /// The first words to a new person.
    pub welcome: String,
    /// Said outside the working hours.
    pub away: String,
    /// There are working hours.
    pub by_hours: bool,
    /// IANA zone; empty before one is chosen: the reader's is meant.
    pub zone: String,
    /// From Monday on: `09:00–13:00, 14:00–18:00`.
    pub days: [String; 7],
}

/// `/dashboard/bots/{botId}`. The form posts to `…/settings`.
#[derive(Debug, Template)]
#[template(path = "bot.html")]
pub struct BotPage {
    /// The common part.
    pub layout: Layout,
    /// Whose settings they are.
    pub bot: BotView,
    /// As they are, or as they were typed.
    pub form: BotForm,
    /// Fields `welcome`, `away`, `hours`, `zone`, `day1` to `day7`.
    pub errors: FieldErrors,
}

impl BotPage {
    fn zone_id(&self) -> &str {
        let own = self.layout.zone.iana_name().unwrap_or("Europe/Moscow");
        if self.form.zone.is_empty() { own } else { &self.form.zone }
    }

    fn zones(&self) -> Vec<geo::Zone> {
        geo::zones(self.layout.lang, Some(self.zone_id()), self.layout.now)
    }

    /// The field's name, the day's, and what stands in it.
    fn days(&self) -> Vec<(String, String, &str)> {
        let keys = ["day-1", "day-2", "day-3", "day-4", "day-5", "day-6", "day-7"];
        let days = (1..).zip(keys).zip(&self.form.days);
        days.map(|((n, key), text)| (format!("day{n}"), self.layout.t(key), text.as_str())).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pages::Site;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn bot(status: &Value, heard_at: &str) -> BotView {
        BotView {
            id: 7,
            name: None,
            username: None,
            line: Some(BotLine::read(status)),
            heard_at: Some(at(heard_at)),
            says_welcome: false,
            says_away: false,
        }
    }

    fn layout() -> Layout {
        Layout::new(Site::BackOffice, "/dashboard/bots", at("2026-11-21T09:41:40Z"))
    }

    #[test]
    fn what_a_bridge_says_is_put_into_words_and_its_silence_too() {
        let layout = layout();
        let words = |state: &str, heard_at: &str| bot(&json!({"state": state}), heard_at).shown(&layout).2;
        let now = "2026-11-21T09:41:30Z";
        assert_eq!(words("ok", now), "на связи");
        assert!(words("conflict", now).contains("другой"));
        assert!(words("brand_new", now).contains("brand_new"), "a newer bridge");
        assert_eq!(words("ok", "2026-11-21T09:41:00Z"), "мост не отвечает с 12:41");
        assert!(words("stopped", "2026-11-21T09:00:00Z").contains("остановлен"));
        for (key, ..) in STATES {
            assert!(!words(key, now).starts_with("bot-"), "{key}");
        }
    }

    #[test]
    fn nonsense_is_not_there_and_the_time_that_is_left_is_told() {
        let layout = layout();
        let nonsense =
            BotLine::read(&json!({"state": 5, "lastPollAt": "soon", "pending": "many", "lastError": []}));
        assert_eq!((nonsense.state.as_str(), nonsense.last_poll_at, nonsense.pending), ("", None, None));
        let behind = |since: &str| {
            let status = json!({"state": "conflict", "behindSince": since});
            bot(&status, "2026-11-21T09:41:30Z").behind(&layout).unwrap()
        };
        assert!(behind("2026-11-21T06:00:00Z").contains("ещё 21 час"), "{}", behind("2026-11-21T06:00:00Z"));
        assert!(behind("2026-11-19T06:00:00Z").contains("потеряны"));
        assert_eq!(bot(&json!({"state": "ok"}), "2026-11-21T09:41:30Z").behind(&layout), None);
        assert!(
            bot(&json!({"state": "ok"}), "2026-11-21T06:41:30Z").behind(&layout).is_some(),
            "nobody takes it"
        );
    }
}
