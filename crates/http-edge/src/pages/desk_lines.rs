//! What is wrong with the lines of the desk's bots: said on the desk itself, for nobody looks elsewhere for it.

use askama::Template;
use jiff::SignedDuration;

use super::{BotView, Layout};

/// A line that is away for a moment is nobody's business.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);
/// A bot that has been gone for as long as Telegram keeps anything for it was retired, if another one works.
const RETIRED: SignedDuration = SignedDuration::from_hours(24);

/// The part of the desk's pages above the panes, and `/dashboard/operator-chats/lines`, which renews it.
#[derive(Debug, Clone, Template)]
#[template(path = "desk_lines.html")]
pub struct DeskLines {
    /// The common part.
    pub layout: Layout,
    /// Every bot.
    pub bots: Vec<BotView>,
}

/// A line that does not work, in words.
#[derive(Debug, PartialEq, Eq)]
struct Trouble {
    bot: i64,
    /// As the bridge calls it, or `silent`: scripts compare it with what they hear.
    state: String,
    words: String,
    /// Until when what people write is safe.
    behind: Option<String>,
}

impl DeskLines {
    /// The bots whose bridges have to be heard of.
    fn ids(&self) -> String {
        let alive = self.bots.iter().filter(|bot| bot.line.is_some() && !is_retired(bot, &self.layout));
        alive.map(|bot| bot.id.to_string()).collect::<Vec<_>>().join(" ")
    }

    fn troubles(&self) -> Vec<Trouble> {
        let works = self.bots.iter().any(|bot| bot.line.is_some() && state(bot, &self.layout).is_none());
        let troubles = self.bots.iter().filter(|bot| !(works && is_retired(bot, &self.layout)));
        troubles.filter_map(|bot| trouble(bot, &self.layout)).collect()
    }
}

fn trouble(bot: &BotView, layout: &Layout) -> Option<Trouble> {
    let state = state(bot, layout)?;
    let words = layout.tv("desk-line", "name", bot.title());
    Some(Trouble {
        bot: bot.id,
        state,
        words: format!("{words} {}.", bot.shown(layout).2),
        behind: bot.behind(layout),
    })
}

/// The state of a line that does not work.
fn state(bot: &BotView, layout: &Layout) -> Option<String> {
    let (line, heard_at) = (bot.line.as_ref()?, bot.heard_at?);
    if line.state == "stopped" {
        return Some(line.state.clone());
    }
    if bot.is_silent(layout) {
        return Some("silent".to_owned());
    }
    let passing = matches!(line.state.as_str(), "unreachable" | "log_unavailable")
        && line.behind_since.is_some_and(|since| heard_at.duration_since(since) < PATIENCE);
    let well = passing || matches!(line.state.as_str(), "ok" | "starting");
    (!well).then(|| line.state.clone())
}

fn is_retired(bot: &BotView, layout: &Layout) -> bool {
    bot.heard_at.is_some_and(|at| layout.now.duration_since(at) > RETIRED)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::*;
    use crate::pages::{BotLine, Site};

    const NOW: &str = "2026-11-21T09:41:40Z";

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn bot(id: i64, status: &Value, heard_at: &str) -> BotView {
        BotView {
            id,
            name: Some("Справка".into()),
            username: None,
            line: Some(BotLine::read(status)),
            heard_at: Some(at(heard_at)),
            says_welcome: false,
            says_away: false,
        }
    }

    fn states(bots: Vec<BotView>) -> Vec<(i64, String)> {
        let lines = DeskLines { layout: Layout::new(Site::BackOffice, "/", at(NOW)), bots };
        lines.troubles().into_iter().map(|it| (it.bot, it.state)).collect()
    }

    #[test]
    fn only_what_is_wrong_is_said_and_a_moment_is_nothing() {
        let now = "2026-11-21T09:41:38Z";
        let unreachable = |since: &str| json!({"state": "unreachable", "behindSince": since});
        let conflict = json!({"state": "conflict", "behindSince": "2026-11-21T09:41:30Z"});
        let found = states(vec![
            bot(1, &json!({"state": "ok"}), now),
            bot(2, &json!({"state": "starting"}), now),
            bot(3, &conflict, now),
            bot(4, &unreachable("2026-11-21T09:41:30Z"), now),
            bot(5, &unreachable("2026-11-21T09:41:20Z"), now),
            bot(6, &json!({"state": "ok"}), "2026-11-21T09:41:00Z"),
            bot(7, &json!({"state": "stopped"}), now),
            bot(8, &json!({"state": "stopped"}), "2026-11-19T09:41:00Z"),
            BotView { line: None, heard_at: None, ..bot(9, &json!({}), now) },
        ]);
        let wanted = [(3, "conflict"), (5, "unreachable"), (6, "silent"), (7, "stopped")];
        assert_eq!(found, wanted.map(|(bot, state)| (bot, state.to_owned())));
        let only = states(vec![bot(8, &json!({"state": "stopped"}), "2026-11-19T09:41:00Z")]);
        assert_eq!(only.len(), 1, "the only bot there is was not retired");
    }

    #[test]
    fn it_is_said_which_bot_what_and_how_long_there_is_time() {
        let conflict = json!({"state": "conflict", "behindSince": "2026-11-21T06:00:00Z"});
        let html = DeskLines {
            layout: Layout::new(Site::BackOffice, "/", at(NOW)),
            bots: vec![bot(3, &conflict, NOW)],
        };
        let html = html.render().unwrap();
        for words in ["«Справка»", "забирает кто-то другой", "ещё 21 час", "data-bots=\"3\""]
        {
            assert!(html.contains(words), "{words}: {html}");
        }
    }
}
