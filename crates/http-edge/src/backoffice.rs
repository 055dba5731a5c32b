//! The back office: every route of it.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    response::Redirect,
    routing::{get, options, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    chat_message, desk, docs, edge::Site, envelope, identity, images, openapi, preferences, problem,
    static_files,
};

/// Bytes of a reply with its file: what Telegram takes from a bot.
const REPLY_LIMIT: usize = 50 * 1024 * 1024 + 256 * 1024;

pub(crate) fn router(site: Site) -> Router {
    let (api, _) = api().split_for_parts();
    api.merge(pages())
        .route("/api/openapi.json", get(openapi::show_openapi))
        .route("/api/docs", get(docs::docs_page))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(site.clone(), envelope::envelope))
        .with_state(site)
}

/// What programs may rely on; documented.
pub(crate) fn api() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(identity::sign_in::sign_in))
        .routes(routes!(identity::sign_out::sign_out))
        .routes(routes!(identity::show_session::show_session))
        .routes(routes!(desk::list::list_chats, desk::set_status::set_chat_status))
        .routes(routes!(desk::live::follow_chats))
        .routes(routes!(desk::retry::retry_reply))
        .routes(routes!(desk::read::mark_read))
        .routes(routes!(desk::typing::tell_typing))
        .routes(routes!(desk::file::show_file))
        .routes(routes!(desk::credit::credit_user))
        .routes(routes!(images::serve::show_media))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(desk::history::show_history, desk::reply::send_reply))
                .layer(DefaultBodyLimit::max(REPLY_LIMIT)),
        )
        .merge(
            OpenApiRouter::new()
                .routes(routes!(chat_message::store_chat_message))
                // Preflights reach the layer only if there is something to layer.
                .route("/api/chat-message", options(|| async {}))
                .layer(chat_message::cors()),
        )
}

fn pages() -> Router<Site> {
    let chat = Router::new()
        .route("/dashboard/users/{userId}/operator-chat", get(desk::chat_page).post(desk::reply::reply_form))
        .layer(DefaultBodyLimit::max(REPLY_LIMIT));
    Router::new()
        .route("/", get(|| async { Redirect::to("/dashboard/operator-chats") }))
        .route("/auth/signin", get(identity::sign_in::sign_in_page).post(identity::sign_in::sign_in_form))
        .route("/auth/signout", post(identity::sign_out::sign_out_form))
        .route("/preferences", post(preferences::set_preferences))
        .route("/dashboard/operator-chats", get(desk::desk_page))
        .merge(chat)
        .route("/dashboard/users/{userId}/operator-chat/status", post(desk::set_status::status_form))
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/retry", post(desk::retry::retry_form))
        .route("/assets/{version}/{*path}", get(static_files::show_asset))
        .route("/favicon.ico", get(static_files::show_favicon))
}
