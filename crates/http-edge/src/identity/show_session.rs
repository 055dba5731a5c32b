use axum::Json;

use crate::{auth::Caller, problem::ProblemBody, wire::SignedIn};

/// Who is signed in
#[utoipa::path(
    get, path = "/api/auth/session", tag = "identity",
    responses(
        (status = 200, description = "The signed-in user", body = SignedIn),
        (status = 401, description = "unauthorized", body = ProblemBody),
    )
)]
pub(crate) async fn show_session(caller: Caller) -> Json<SignedIn> {
    Json(SignedIn { user: (&caller.user.user).into() })
}
