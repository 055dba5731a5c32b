use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use events::desk::BotSettings;
use serde::Deserialize;
use store::desk;

use super::{
    list,
    rules::{Wanted, read_day, write_day},
    set,
};
use crate::{
    auth::{Caller, PageAdmin},
    edge::Site,
    extract::{Field, Form},
    layout::{self, Frame},
    pages::{BotForm, BotPage, BotView, BotsPage, FieldErrors},
    problem::{FieldProblem, Problem},
    trace::Trace,
    wire,
};

/// The settings as the page's form sends them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SettingsForm {
    welcome: String,
    away: String,
    /// `always` or `hours`.
    desk: String,
    zone: String,
    day1: String,
    day2: String,
    day3: String,
    day4: String,
    day5: String,
    day6: String,
    day7: String,
}

/// `/dashboard/bots`
pub(crate) async fn bots_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
) -> Result<Response, Problem> {
    let bots = list::all(&site).await?;
    let layout = frame.of(Some(&caller.user), site.tail.position());
    layout::html(&BotsPage { layout, bots: bots.into_iter().map(view).collect() })
}

/// `/dashboard/bots/{botId}`
pub(crate) async fn bot_page(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(bot_id): Path<i64>,
) -> Result<Response, Problem> {
    let bot = list::one(&site, bot_id).await?;
    let form = form_of(&bot.settings);
    page(&site, &caller, frame, bot, form, Vec::new())
}

/// `POST /dashboard/bots/{botId}/settings`
pub(crate) async fn settings_form(
    State(site): State<Site>,
    PageAdmin(caller): PageAdmin,
    frame: Frame,
    Path(bot_id): Path<i64>,
    trace: Trace,
    Form(form): Form<SettingsForm>,
) -> Result<Response, Problem> {
    let bot = list::one(&site, bot_id).await?;
    let (wanted, mut errors) = form.read();
    match wanted.read() {
        Ok(settings) if errors.is_empty() => {
            set::set(&site, &caller, bot_id, settings, trace).await?;
            Ok(Redirect::to(&format!("/dashboard/bots/{bot_id}?notice=bot-saved")).into_response())
        }
        read => {
            // Of days that cannot be read it is not known that there are none.
            let days_unread = !errors.is_empty();
            let more = read.err().unwrap_or_default();
            errors.extend(more.into_iter().filter(|one| !(days_unread && one.field == "hours")));
            let errors = errors.into_iter().map(Into::into).collect();
            let page = page(&site, &caller, frame, bot, form.typed(), errors)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

impl SettingsForm {
    fn days(&self) -> [&String; 7] {
        [&self.day1, &self.day2, &self.day3, &self.day4, &self.day5, &self.day6, &self.day7]
    }

    /// What is wanted, and which days cannot be read.
    fn read(&self) -> (Wanted, Vec<FieldProblem>) {
        let mut errors = Vec::new();
        let hours = if self.desk == "hours" {
            let mut open = Vec::new();
            for (weekday, text) in (1..).zip(self.days()) {
                match read_day(weekday, text) {
                    Some(stretches) => open.extend(stretches),
                    None => errors.push(FieldProblem::new(&format!("day{weekday}"), "invalid")),
                }
            }
            Field::Given(wire::WorkingHours { zone: self.zone.clone(), open })
        } else {
            Field::Missing
        };
        let text = |text: &String| Field::Given(text.clone());
        (Wanted { welcome: text(&self.welcome), away: text(&self.away), hours }, errors)
    }

    fn typed(self) -> BotForm {
        let days = self.days().map(Clone::clone);
        BotForm {
            by_hours: self.desk == "hours",
            welcome: self.welcome,
            away: self.away,
            zone: self.zone,
            days,
        }
    }
}

fn page(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    bot: desk::Bot,
    form: BotForm,
    errors: FieldErrors,
) -> Result<Response, Problem> {
    let layout = frame.of(Some(&caller.user), site.tail.position());
    layout::html(&BotPage { layout, bot: view(bot), form, errors })
}

fn form_of(settings: &BotSettings) -> BotForm {
    let hours = settings.hours.as_ref();
    BotForm {
        welcome: settings.welcome.clone().unwrap_or_default(),
        away: settings.away.clone().unwrap_or_default(),
        by_hours: hours.is_some(),
        zone: hours.map(|hours| hours.zone.clone()).unwrap_or_default(),
        days: [1, 2, 3, 4, 5, 6, 7].map(|day| hours.map(|hours| write_day(day, hours)).unwrap_or_default()),
    }
}

pub(crate) fn view(bot: desk::Bot) -> BotView {
    let (status, heard_at) = bot.status.unzip();
    BotView {
        id: bot.bot_id,
        name: bot.name,
        username: bot.username,
        line: status.map(|status| crate::pages::BotLine::read(&status)),
        heard_at,
        says_welcome: bot.settings.welcome.is_some(),
        says_away: bot.settings.away.is_some() && bot.settings.hours.is_some(),
    }
}
