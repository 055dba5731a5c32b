use axum::{
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse, Redirect},
};
use serde::Deserialize;
use store::identity::settings;

use crate::{
    auth::{Caller, cookie},
    edge::Site,
    extract::Form,
    identity::is_own_path,
    pages::Theme,
    problem::Problem,
    texts::Lang,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Preferences {
    theme: Option<String>,
    lang: Option<String>,
    next: Option<String>,
}

/// `POST /preferences`: the switches of every page. The language of somebody who is signed in goes with the
/// account to every device.
pub(crate) async fn set_preferences(
    State(site): State<Site>,
    caller: Option<Caller>,
    Form(form): Form<Preferences>,
) -> Result<impl IntoResponse, Problem> {
    let theme = form.theme.map(|name| cookie::preference("theme", Theme::from_name(&name).name()));
    let lang = form.lang.as_deref().and_then(Lang::from_tag);
    if let (Some(lang), Some(caller)) = (lang, caller) {
        settings::set_language(&mut *site.conn().await?, caller.id(), lang.tag()).await?;
        site.callers.forget_user(caller.id());
    }
    let lang = lang.map(|lang| cookie::preference("lang", lang.tag()));
    let cookies: Vec<_> = [theme, lang].into_iter().flatten().map(|set| (header::SET_COOKIE, set)).collect();
    let next = form.next.filter(|path| is_own_path(path));
    Ok((AppendHeaders(cookies), Redirect::to(next.as_deref().unwrap_or("/"))))
}
