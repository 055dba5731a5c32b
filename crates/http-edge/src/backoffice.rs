//! The back office: every route of its own.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    response::Redirect,
    routing::{get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{both, desk, edge::Site};

/// Bytes of a reply with its file: what Telegram takes from a bot.
const REPLY_LIMIT: usize = 50 * 1024 * 1024 + 256 * 1024;

pub(crate) fn router(site: Site) -> Router {
    both::router(api(), pages(), site)
}

/// What programs may rely on; documented.
pub(crate) fn api() -> OpenApiRouter<Site> {
    both::api()
        .routes(routes!(desk::list::list_chats, desk::set_status::set_chat_status))
        .routes(routes!(desk::live::follow_chats))
        .routes(routes!(desk::retry::retry_reply))
        .routes(routes!(desk::read::mark_read))
        .routes(routes!(desk::typing::tell_typing))
        .routes(routes!(desk::file::show_file))
        .routes(routes!(desk::credit::credit_user))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(desk::history::show_history, desk::reply::send_reply))
                .layer(DefaultBodyLimit::max(REPLY_LIMIT)),
        )
}

fn pages() -> Router<Site> {
    let chat = Router::new()
        .route("/dashboard/users/{userId}/operator-chat", get(desk::chat_page).post(desk::reply::reply_form))
        .layer(DefaultBodyLimit::max(REPLY_LIMIT));
    Router::new()
        .route("/", get(|| async { Redirect::to("/dashboard/operator-chats") }))
        .route("/dashboard/operator-chats", get(desk::desk_page))
        .merge(chat)
        .route("/dashboard/users/{userId}/operator-chat/status", post(desk::set_status::status_form))
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/retry", post(desk::retry::retry_form))
}
