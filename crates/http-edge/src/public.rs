//! The public site: every route of it.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, options, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    chat_message, docs, edge::Site, envelope, identity, images, landing, openapi, orders, preferences,
    problem, static_files,
};

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
        .routes(routes!(identity::register::register))
        .routes(routes!(identity::sign_in::sign_in))
        .routes(routes!(identity::sign_out::sign_out))
        .routes(routes!(identity::show_session::show_session))
        .routes(routes!(orders::create::create_order, orders::list::list_orders))
        .routes(routes!(orders::live::follow_orders))
        .routes(routes!(orders::draft::show_draft, orders::draft::save_draft, orders::draft::remove_draft))
        .routes(routes!(orders::show::show_order))
        .routes(routes!(orders::timeline::list_order_events))
        .routes(routes!(orders::cancel::cancel_order))
        .routes(routes!(orders::balance::show_balance))
        .routes(routes!(images::process::process_image))
        .routes(routes!(images::serve::show_media))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(images::upload::upload_image))
                .layer(DefaultBodyLimit::max(images::upload::REQUEST_LIMIT)),
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
    let create_order = Router::new()
        .route(
            "/dashboard/customer/create-order",
            get(orders::form::create_order_page).post(orders::form::create_order_form),
        )
        .layer(DefaultBodyLimit::max(images::upload::REQUEST_LIMIT));
    Router::new()
        .route("/", get(landing::landing_page))
        .route("/auth/signup", get(identity::register::sign_up_page).post(identity::register::sign_up_form))
        .route("/auth/signin", get(identity::sign_in::sign_in_page).post(identity::sign_in::sign_in_form))
        .route("/auth/signout", post(identity::sign_out::sign_out_form))
        .route("/preferences", post(preferences::set_preferences))
        .route("/dashboard/executor", get(landing::executor_page))
        .route("/dashboard/customer", get(orders::list::orders_page))
        .route("/dashboard/customer/orders/{id}", get(orders::show::order_page))
        .route("/dashboard/customer/orders/{id}/cancel", post(orders::cancel::cancel_form))
        .merge(create_order)
        .route("/assets/{version}/{*path}", get(static_files::show_asset))
        .route("/favicon.ico", get(static_files::show_favicon))
}
