use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::X_CONTENT_TYPE_OPTIONS;
use axum::routing::{any, get};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::world::World;
use crate::{bot_api, control, page};

/// A little more than the 50 MB a bot may upload, for the rest of the form.
const LARGEST_CALL: usize = 51 * 1024 * 1024;

pub(crate) fn router(world: World) -> Router {
    let bot_api = Router::new()
        .route("/bot{token}/{method}", any(bot_api::call))
        .route("/file/bot{token}/{*path}", get(bot_api::download_file))
        .layer(DefaultBodyLimit::max(LARGEST_CALL));
    Router::new()
        .merge(page::routes())
        .merge(bot_api)
        .nest("/sim/api", control::routes())
        .route("/healthz", get(|| async { "ok" }))
        .fallback(|| async { bot_api::Refusal::not_found() })
        .layer(SetResponseHeaderLayer::if_not_present(
            X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ))
        .with_state(world)
}
