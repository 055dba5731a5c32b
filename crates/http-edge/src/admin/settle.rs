use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use store::letters::{self, Settle};

use super::{
    letters::{LetterBody, details, one},
    reason::{Reason, ReasonInput},
};
use crate::{
    auth::{Admin, Caller},
    edge::Site,
    extract,
    problem::{Problem, ProblemBody},
};

/// Try it again
///
/// Its consumer hears of the wish in the log and handles the message as if it came now. What fails again is
/// a new dead letter.
#[utoipa::path(
    post, path = "/api/admin/dead-letters/{id}/redrive", tag = "admin", params(("id" = String, Path)),
    responses(
        (status = 202, description = "It will be tried again", body = LetterBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "already_settled; not_redrivable: the log alone has it whole", body = ProblemBody),
    )
)]
pub(crate) async fn redrive_letter(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<LetterBody>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(settle(&site, &caller, &id, Settle::Redrive).await?)))
}

/// Leave it as it is
#[utoipa::path(
    post, path = "/api/admin/dead-letters/{id}/discard", tag = "admin", request_body = Reason,
    params(("id" = String, Path)),
    responses(
        (status = 202, description = "It will not be tried again", body = LetterBody),
        (status = 400, description = "missing_fields", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_admin", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
        (status = 409, description = "already_settled", body = ProblemBody),
        (status = 422, description = "invalid_fields", body = ProblemBody),
    )
)]
pub(crate) async fn discard_letter(
    State(site): State<Site>,
    Admin(caller): Admin,
    Path(id): Path<String>,
    extract::Json(input): extract::Json<ReasonInput>,
) -> Result<(StatusCode, Json<LetterBody>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(settle(&site, &caller, &id, Settle::Discard(input.read()?)).await?)))
}

pub(super) async fn settle(
    site: &Site,
    caller: &Caller,
    id: &str,
    what: Settle,
) -> Result<LetterBody, Problem> {
    let letter = one(site, id).await?;
    if matches!(what, Settle::Redrive) && !letter.is_redrivable() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "not_redrivable",
            "Это сообщение нельзя обработать ещё раз",
        ));
    }
    let (relay, auth, asked) = (site.relay.clone(), caller.auth(), letter.clone());
    let first = tokio::spawn(async move { letters::settle(&relay, &asked, what, &auth).await }).await??;
    if !first {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "already_settled",
            "С этим сообщением уже разобрались",
        ));
    }
    Ok(details(site, &letter).await?.letter)
}
