//! The public site: every route of its own.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{both, edge::Site, identity, images, landing, orders, places, scans};

pub(crate) fn router(site: Site) -> Router {
    both::router(api(), pages(), site)
}

/// What programs may rely on; documented.
pub(crate) fn api() -> OpenApiRouter<Site> {
    both::api()
        .routes(routes!(identity::register::register))
        .routes(routes!(orders::create::create_order, orders::list::list_orders))
        .routes(routes!(orders::check::check_order))
        .routes(routes!(places::list_cities))
        .routes(routes!(orders::live::follow_orders))
        .routes(routes!(orders::draft::show_draft, orders::draft::save_draft, orders::draft::remove_draft))
        .routes(routes!(orders::show::show_order))
        .routes(routes!(orders::timeline::list_order_events))
        .routes(routes!(orders::qr::show_order_qr_png))
        .routes(routes!(orders::qr::show_order_qr_svg))
        .routes(routes!(scans::show_scans::show_order_scans))
        .routes(routes!(orders::cancel::cancel_order))
        .routes(routes!(orders::balance::show_balance))
        .routes(routes!(orders::money::list_entries))
        .routes(routes!(images::process::process_image))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(images::upload::upload_image))
                .layer(DefaultBodyLimit::max(images::upload::REQUEST_LIMIT)),
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
        .route("/q/{code}", get(scans::follow_link::follow_link))
        .route("/dashboard/account/telegram", post(identity::telegram::offer_link))
        .route("/dashboard/account/telegram/{telegramUserId}/unlink", post(identity::telegram::unlink_form))
        .route("/dashboard/executor", get(landing::executor_page))
        .route("/dashboard/customer", get(orders::list::orders_page))
        .route("/dashboard/customer/money", get(orders::money::money_page))
        .route("/dashboard/customer/orders/{id}", get(orders::show::order_page))
        .route("/dashboard/customer/orders/{id}/cancel", post(orders::cancel::cancel_form))
        .merge(create_order)
}
