//! Sample pages of the desk's bots.

use http_edge::pages::*;

use super::samples::{NASTY, ago};

fn view(id: i64, state: &str) -> BotView {
    BotView {
        id,
        name: Some(NASTY.into()),
        username: Some("vestnik_support_bot".into()),
        line: Some(BotLine {
            state: state.into(),
            mode: "polling".into(),
            last_update_at: Some(ago(2)),
            last_poll_at: Some(ago(1)),
            pending: Some(3),
            last_error: Some((NASTY.into(), ago(90))),
            behind_since: (state != "ok").then(|| ago(90)),
        }),
        heard_at: Some(ago(0)),
        says_welcome: true,
        says_away: false,
    }
}

pub(crate) fn bots(layout: Layout) -> BotsPage {
    let silent = BotView { heard_at: Some(ago(60)), ..view(3, "ok") };
    let never = BotView { line: None, heard_at: None, name: None, username: None, ..view(4, "ok") };
    BotsPage { layout, bots: vec![view(1, "ok"), view(2, "conflict"), silent, never] }
}

pub(crate) fn no_bots(layout: Layout) -> BotsPage {
    BotsPage { layout, bots: Vec::new() }
}

pub(crate) fn bot(layout: Layout) -> BotPage {
    let error = |field: &str, code: &str| FieldError {
        field: field.into(),
        code: code.into(),
        message: String::new(),
    };
    BotPage {
        layout,
        bot: view(1, "ok"),
        form: BotForm {
            welcome: NASTY.into(),
            away: NASTY.into(),
            by_hours: true,
            zone: "Asia/Vladivostok".into(),
            days: ["09:00–18:00", "", "nine", "", "", "", ""].map(ToOwned::to_owned),
        },
        errors: vec![error("day3", "invalid"), error("welcome", "too_long")],
    }
}
