//! What a page's frame needs to know of the request: language, colours, zone, address, notice.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, Uri, header, request::Parts},
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
    pub(crate) fn plain(listener: Listener, method: &Method, headers: &HeaderMap, uri: &Uri) -> Self {
        Self(plain(listener, method, headers, uri))
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
        Ok(Self(plain(site.listener, &parts.method, &parts.headers, &parts.uri)))
    }
}

/// A frame for a stranger.
pub(crate) fn plain(listener: Listener, method: &Method, headers: &HeaderMap, uri: &Uri) -> Layout {
    let site = match listener {
        Listener::Public => pages::Site::Public,
        Listener::Backoffice => pages::Site::BackOffice,
    };
    let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    let mut layout = Layout::new(site, page_of(method, path), events::now());
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

/// The address at which somebody who is at `path` can be sent back to what they see. What was posted cannot be posted
/// again, and an action is no page: it stands on the one that is the folder of its path.
pub(crate) fn page_of<'path>(method: &Method, path: &'path str) -> &'path str {
    if matches!(*method, Method::GET | Method::HEAD) {
        return path;
    }
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    match path {
        // These post to themselves.
        "/auth/signin" | "/auth/signup" | "/dashboard/customer/create-order" => path,
        _ if path.ends_with("/operator-chat") => path,
        _ if path.starts_with("/dashboard/account/") => "/dashboard/account",
        _ => match path.split_once("/operator-chat/") {
            Some((chat, _)) => &path[..chat.len() + "/operator-chat".len()],
            None => {
                path.rsplit_once('/').map_or("/", |(folder, _)| if folder.is_empty() { "/" } else { folder })
            }
        },
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_stands_on_a_page() {
        for (path, page) in [
            ("/auth/signin?role=customer&next=%2Fdashboard", "/auth/signin"),
            ("/dashboard/customer/create-order", "/dashboard/customer/create-order"),
            ("/dashboard/customer/orders/7/cancel", "/dashboard/customer/orders/7"),
            ("/dashboard/account/password", "/dashboard/account"),
            ("/dashboard/account/sessions/7/end", "/dashboard/account"),
            ("/dashboard/users/7/disable", "/dashboard/users/7"),
            ("/dashboard/dead-letters/7/discard", "/dashboard/dead-letters/7"),
            ("/dashboard/users/7/operator-chat", "/dashboard/users/7/operator-chat"),
            ("/dashboard/users/7/operator-chat/8/retry", "/dashboard/users/7/operator-chat"),
            ("/preferences", "/"),
        ] {
            assert_eq!(page_of(&Method::POST, path), page);
            assert_eq!(page_of(&Method::GET, path), path);
        }
    }
}
