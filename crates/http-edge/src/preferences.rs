use axum::{
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect},
};
use serde::Deserialize;

use crate::{auth::cookie, extract::Form, identity::is_own_path, pages::Theme, texts::Lang};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    theme: Option<String>,
    lang: Option<String>,
    next: Option<String>,
}

/// `POST /preferences`: the switches of every page.
pub(crate) async fn set_preferences(Form(form): Form<Preferences>) -> impl IntoResponse {
    let theme = form.theme.map(|name| cookie::preference("theme", Theme::from_name(&name).name()));
    let lang = form.lang.as_deref().and_then(Lang::from_tag);
    let lang = lang.map(|lang| cookie::preference("lang", lang.tag()));
    let cookies: Vec<_> = [theme, lang].into_iter().flatten().map(|set| (header::SET_COOKIE, set)).collect();
    let next = form.next.filter(|path| is_own_path(path));
    (AppendHeaders(cookies), Redirect::to(next.as_deref().unwrap_or("/")))
}
