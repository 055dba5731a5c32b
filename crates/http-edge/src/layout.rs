//! What a page's frame needs to know of the request: language, colours, zone, address, notice.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header, request::Parts},
    response::{Html, IntoResponse as _, Response},
};
use events::users::{Listener, Role};

use crate::{
    auth::{Account, cookie},
    edge::Site,
    pages::{self, Layout, Notice, Theme, UserView},
    problem::Problem,
    texts::{self, Lang},
};

/// The frame of a page for this request, before anybody is known to be signed in.
#[derive(Debug)]
pub(crate) struct Frame(Layout);

impl Frame {
    /// The frame of this request, whatever becomes of it.
    pub(crate) fn plain(listener: Listener, headers: &HeaderMap, uri: &Uri) -> Self {
        Self(plain(listener, headers, uri))
    }

    /// The frame for somebody. `after` is the log sequence that the page's data reflects at least.
    pub(crate) fn of(self, user: Option<&Account>, after: u64) -> Layout {
        let lang = user.and_then(|account| account.lang).unwrap_or(self.0.lang);
        Layout { user: user.map(view), lang, after_sequence: after, ..self.0 }
    }
}

impl FromRequestParts<Site> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        Ok(Self(plain(site.listener, &parts.headers, &parts.uri)))
    }
}

/// A frame for a stranger.
pub(crate) fn plain(listener: Listener, headers: &HeaderMap, uri: &Uri) -> Layout {
    let site = match listener {
        Listener::Public => pages::Site::Public,
        Listener::Backoffice => pages::Site::BackOffice,
    };
    let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    let mut layout = Layout::new(site, path, events::now());
    layout.lang = cookie::value(headers, "lang").and_then(Lang::from_tag).unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        accepted.map_or_else(Lang::default, Lang::from_accept_language)
    });
    layout.theme = cookie::value(headers, "theme").map_or_else(Theme::default, Theme::from_name);
    let zone = cookie::value(headers, "tz").map(decoded);
    layout.zone = texts::time::zone(zone.as_deref());
    layout.notice = query(uri, "notice").and_then(|code| Notice::from_code(&code));
    layout
}

/// A parameter of the query.
pub(crate) fn query(uri: &Uri, name: &str) -> Option<String> {
    url::form_urlencoded::parse(uri.query()?.as_bytes())
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

/// The page as an answer.
pub(crate) fn html(page: &impl askama::Template) -> Result<Response, Problem> {
    Ok(Html(page.render()?).into_response())
}

/// Scripts percent-encode what they keep in cookies: `Europe%2FMoscow`.
fn decoded(value: &str) -> String {
    let pair = format!("v={value}");
    url::form_urlencoded::parse(pair.as_bytes())
        .next()
        .map_or_else(String::new, |(_, value)| value.into_owned())
}

fn view(user: &Account) -> UserView {
    UserView {
        id: user.id.to_string(),
        name: user.name.clone(),
        phone: user.phone.clone(),
        role: role(user.role),
    }
}

pub(crate) const fn role(role: Role) -> pages::Role {
    match role {
        Role::Customer => pages::Role::Customer,
        Role::Executor => pages::Role::Executor,
        Role::Operator => pages::Role::Operator,
        Role::Admin => pages::Role::Admin,
        Role::Auditor => pages::Role::Auditor,
    }
}
