//! What every page has in common: who reads it, in which language and colours, and where.

use std::borrow::Borrow;

use askama::filters::Safe;
use fluent_bundle::FluentValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::desk::letter;
use super::{FieldError, FieldErrors, Notice, Role, UserView, field_words};
use crate::assets;
use crate::texts::{self, Lang, format, time};

/// Which listener a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Site {
    /// The public site, for customers and executors.
    #[default]
    Public,
    /// The back office, for staff.
    BackOffice,
}

/// The colours asked for by the `theme` cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the system says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The cookie's and the form's value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a cookie's value; anything unknown is [`Theme::Auto`].
    pub fn from_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    /// The theme the switch goes to next.
    pub fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The common part of every page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Which listener answers.
    pub site: Site,
    /// By account, then cookie, then `Accept-Language`.
    pub lang: Lang,
    /// By cookie.
    pub theme: Theme,
    /// `None` before sign-in.
    pub user: Option<UserView>,
    /// Path and query of this page, where the switches come back to.
    pub path: String,
    /// The log sequence that the page's data reflects at least; live updates start after it.
    pub after_sequence: u64,
    /// The time of rendering, for relative times.
    pub now: Timestamp,
    /// The reader's zone: [`time::zone`] of the `tz` cookie.
    pub zone: TimeZone,
    /// Shown at the top, once.
    pub notice: Option<Notice>,
}

impl Layout {
    /// A page of `site` for a stranger in Russian and the system's colours, at log sequence 0.
    pub fn new(site: Site, path: impl Into<String>, now: Timestamp) -> Self {
        Self {
            site,
            lang: Lang::default(),
            theme: Theme::default(),
            user: None,
            path: path.into(),
            after_sequence: 0,
            now,
            zone: time::zone(None),
            notice: None,
        }
    }

    pub(crate) fn t(&self, key: &str) -> String {
        texts::get(self.lang, key)
    }

    pub(crate) fn tv<'v>(&self, key: &str, name: &str, value: impl Into<FluentValue<'v>>) -> String {
        texts::with(self.lang, key, &[(name, value.into())])
    }

    /// A text for scripts, with its variables left in as `{time}`.
    pub(crate) fn word(&self, key: &str) -> String {
        let holes = ["time", "amount", "name", "n", "limit", "status", "percent"];
        let holes = holes.map(|name| (name, FluentValue::from(format!("{{{name}}}"))));
        texts::with(self.lang, key, &holes)
    }

    pub(crate) fn asset(&self, path: &str) -> String {
        assets::url(path)
    }

    pub(crate) fn icon(&self, name: &str) -> Safe<String> {
        Safe(format!(
            "<svg class=\"icon\" aria-hidden=\"true\" width=\"20\" height=\"20\"><use href=\"{}#{name}\"/></svg>",
            assets::url("icons.svg")
        ))
    }

    pub(crate) fn money(&self, kopecks: impl Borrow<i64>) -> String {
        format::money(*kopecks.borrow())
    }

    pub(crate) fn phone(&self, e164: &str) -> String {
        format::phone(e164)
    }

    pub(crate) fn role(&self, role: &Role) -> String {
        self.t(role.text_key())
    }

    pub(crate) fn notice_text(&self) -> Option<String> {
        self.notice.map(|notice| self.t(notice.text_key()))
    }

    pub(crate) fn is_bad_notice(&self) -> bool {
        self.notice.is_some_and(Notice::is_bad)
    }

    pub(crate) fn notice_icon(&self) -> &'static str {
        if self.is_bad_notice() { "circle-alert" } else { "circle-check" }
    }

    pub(crate) fn relative(&self, then: &Timestamp) -> String {
        time::relative(self.lang, self.now, *then)
    }

    pub(crate) fn exact(&self, then: &Timestamp) -> String {
        time::exact(self.lang, &self.zone, *then)
    }

    pub(crate) fn date_time(&self, then: &Timestamp) -> String {
        time::date_time(self.lang, &self.zone, *then)
    }

    pub(crate) fn clock(&self, then: &Timestamp) -> String {
        time::clock(&self.zone, *then)
    }

    pub(crate) fn clock_seconds(&self, then: &Timestamp) -> String {
        time::clock_seconds(&self.zone, *then)
    }

    pub(crate) fn brief(&self, then: &Timestamp) -> String {
        time::brief(&self.zone, self.now, *then)
    }

    pub(crate) fn waiting(&self, since: &Timestamp) -> String {
        time::waiting(self.lang, self.now, *since)
    }

    pub(crate) fn day(&self, then: &Timestamp) -> String {
        time::day(self.lang, &self.zone, self.now, *then)
    }

    pub(crate) fn other_lang(&self) -> Lang {
        match self.lang {
            Lang::Ru => Lang::En,
            Lang::En => Lang::Ru,
        }
    }

    pub(crate) fn is_back_office(&self) -> bool {
        self.site == Site::BackOffice
    }

    pub(crate) fn is_admin(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role == Role::Admin)
    }

    pub(crate) fn is_customer(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.role == Role::Customer)
    }

    /// Marks the link to the page one is on.
    pub(crate) fn current(&self, path: &str) -> Safe<&'static str> {
        let here = self.path.split('?').next().unwrap_or_default();
        Safe(if here == path { " aria-current=\"page\"" } else { "" })
    }

    pub(crate) fn user_letter(&self) -> String {
        letter(self.user.as_ref().map_or("", |user| user.name.as_str()))
    }

    /// The words for what is wrong with a field: ours for the code, else the server's.
    pub(crate) fn error_text(&self, error: &FieldError) -> String {
        field_words::key(&error.field, &error.code).map_or_else(|| error.message.clone(), |key| self.t(key))
    }

    pub(crate) fn control_of(&self, error: &FieldError) -> String {
        field_words::control(&error.field).to_owned()
    }

    pub(crate) fn error_for(&self, errors: &FieldErrors, field: &str) -> Option<String> {
        errors
            .iter()
            .find(|error| field_words::control(&error.field) == field)
            .map(|error| self.error_text(error))
    }

    pub(crate) fn invalid(&self, errors: &FieldErrors, field: &str) -> Safe<&'static str> {
        let wrong = errors.iter().any(|error| field_words::control(&error.field) == field);
        Safe(if wrong { " aria-invalid=\"true\"" } else { "" })
    }

    /// What the header links to in the back office: path and text.
    pub(crate) fn staff_sections(&self) -> &'static [(&'static str, &'static str)] {
        match (self.site, self.user.as_ref().map(|user| user.role)) {
            (Site::BackOffice, Some(Role::Admin)) => &[
                ("/dashboard/operator-chats", "nav-chats"),
                ("/dashboard/users", "users-title"),
                ("/dashboard/orders", "orders-title-all"),
                ("/dashboard/bots", "bots-title"),
                ("/dashboard/dead-letters", "letters-title"),
            ],
            (Site::BackOffice, Some(Role::Operator)) => &[("/dashboard/operator-chats", "nav-chats")],
            _ => &[],
        }
    }

    /// Where the name of the site leads.
    pub(crate) fn home(&self) -> &'static str {
        match (self.site, self.user.as_ref().map(|user| user.role)) {
            (Site::BackOffice, Some(Role::Auditor)) => "/dashboard/auditor",
            (Site::BackOffice, _) => "/dashboard/operator-chats",
            (Site::Public, Some(Role::Customer)) => "/dashboard/customer",
            (Site::Public, Some(Role::Executor)) => "/dashboard/executor",
            (Site::Public, _) => "/",
        }
    }

    pub(crate) fn theme_icon(&self) -> &'static str {
        match self.theme {
            Theme::Auto => "sun-moon",
            Theme::Light => "sun",
            Theme::Dark => "moon",
        }
    }

    pub(crate) fn theme_text(&self) -> String {
        self.t(match self.theme {
            Theme::Auto => "theme-auto",
            Theme::Light => "theme-light",
            Theme::Dark => "theme-dark",
        })
    }
}
