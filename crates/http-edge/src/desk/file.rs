use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use store::chats;
use uuid::Uuid;

use crate::{
    auth::Staff,
    edge::Site,
    images::serve,
    problem::{Problem, ProblemBody},
};

/// The bytes of a chat's file
#[utoipa::path(
    get, path = "/files/{id}", tag = "desk", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The bytes; immutable", body = Vec<u8>, content_type = "*/*"),
        (status = 304, description = "The client has them"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 403, description = "not_an_operator", body = ProblemBody),
        (status = 404, description = "not_found", body = ProblemBody),
    )
)]
pub(crate) async fn show_file(
    State(site): State<Site>,
    Staff(_operator): Staff,
    Path(id): Path<Uuid>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let file = chats::file_by_id(&mut *site.conn().await?, id).await?.ok_or_else(Problem::not_found)?;
    serve::bytes(&site.files, &file.object, &headers, file.file_name.as_deref()).await
}
