//! What both sites serve, and what stands around every route.

use axum::{
    Router, middleware,
    routing::{get, options, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    chat_message, docs, edge::Site, envelope, identity, images, openapi, preferences, problem, static_files,
};

/// A site of these routes and those of both.
pub(crate) fn router(api: OpenApiRouter<Site>, pages: Router<Site>, site: Site) -> Router {
    let (api, _) = api.split_for_parts();
    api.merge(pages)
        .route("/auth/signin", get(identity::sign_in::sign_in_page).post(identity::sign_in::sign_in_form))
        .route("/auth/signout", post(identity::sign_out::sign_out_form))
        .route("/preferences", post(preferences::set_preferences))
        .route("/dashboard/account", get(identity::account_page::account_page))
        .route("/dashboard/account/password", post(identity::account_page::password_form))
        .route("/dashboard/account/sessions/end-others", post(identity::account_page::end_others_form))
        .route("/dashboard/account/sessions/{id}/end", post(identity::account_page::end_session_form))
        .route("/assets/{version}/{*path}", get(static_files::show_asset))
        .route("/favicon.ico", get(static_files::show_favicon))
        .route("/api/openapi.json", get(openapi::show_openapi))
        .route("/api/docs", get(docs::docs_page))
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(middleware::from_fn_with_state(site.clone(), envelope::envelope))
        .with_state(site)
}

/// What programs may rely on at either site; documented.
pub(crate) fn api() -> OpenApiRouter<Site> {
    OpenApiRouter::new()
        .routes(routes!(identity::sign_in::sign_in))
        .routes(routes!(identity::sign_out::sign_out))
        .routes(routes!(identity::show_session::show_session))
        .routes(routes!(identity::sessions::list_sessions, identity::sessions::end_other_sessions))
        .routes(routes!(identity::sessions::end_session))
        .routes(routes!(identity::change_password::change_password))
        .routes(routes!(images::serve::show_media))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(chat_message::store_chat_message))
                // Preflights reach the layer only if there is something to layer.
                .route("/api/chat-message", options(|| async {}))
                .layer(chat_message::cors()),
        )
}
