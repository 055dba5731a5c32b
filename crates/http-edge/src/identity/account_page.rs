use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use events::users::Listener;
use serde::Deserialize;
use uuid::Uuid;

use super::{change_password, sessions, telegram};
use crate::{
    auth::{Caller, PageUser, cookie},
    client_address::ClientAddress,
    edge::Site,
    extract::{Field, Form},
    layout::{self, Frame},
    pages::{AccountPage, FieldErrors, LinkOffer, SessionView},
    problem::Problem,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PasswordForm {
    current_password: String,
    new_password: String,
}

/// `/dashboard/account`
pub(crate) async fn account_page(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    frame: Frame,
) -> Result<Response, Problem> {
    page(&site, &caller, frame, Vec::new(), None).await
}

/// `POST /dashboard/account/password`
pub(crate) async fn password_form(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    frame: Frame,
    address: ClientAddress,
    headers: HeaderMap,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    let input = change_password::Input {
        current_password: Field::Given(form.current_password),
        new_password: Field::Given(form.new_password),
    };
    match change_password::change(&site, &caller, &headers, address, input).await {
        Ok(secret) => {
            let to = Redirect::to("/dashboard/account?notice=password-changed");
            let cookie = secret.map(|secret| [(header::SET_COOKIE, cookie::begin(&site, &secret))]);
            Ok((cookie, to).into_response())
        }
        Err(problem) if !problem.errors.is_empty() => {
            let errors = problem.errors.into_iter().map(Into::into).collect();
            let page = page(&site, &caller, frame, errors, None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /dashboard/account/sessions/{id}/end`
pub(crate) async fn end_session_form(
    State(site): State<Site>,
    PageUser(caller): PageUser,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    // One that is over already is what was asked for.
    sessions::end(&site, &caller, id).await?;
    Ok(Redirect::to("/dashboard/account?notice=session-ended"))
}

/// `POST /dashboard/account/sessions/end-others`
pub(crate) async fn end_others_form(
    State(site): State<Site>,
    PageUser(caller): PageUser,
) -> Result<Redirect, Problem> {
    sessions::end_others(&site, &caller).await?;
    Ok(Redirect::to("/dashboard/account?notice=sessions-ended"))
}

/// The page; with the word that links a Telegram user when one was asked for.
pub(super) async fn page(
    site: &Site,
    caller: &Caller,
    frame: Frame,
    errors: FieldErrors,
    offer: Option<LinkOffer>,
) -> Result<Response, Problem> {
    let sessions = sessions::find(site, caller).await?;
    let telegram = match site.listener {
        Listener::Public => Some(telegram::links(site, caller, offer).await?),
        Listener::Backoffice => None,
    };
    layout::html(&AccountPage {
        layout: frame.of(Some(&caller.user), site.tail.position()),
        sessions: sessions
            .into_iter()
            .map(|session| SessionView {
                id: session.id.to_string(),
                device: session.device,
                back_office: session.listener == Listener::Backoffice,
                created_at: session.created_at,
                last_seen_at: session.last_seen_at,
                current: session.current,
            })
            .collect(),
        telegram,
        errors,
    })
}
