//! The back office: every route of its own.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{admin, both, bots, desk, edge::Site};

/// Bytes of a reply with its files: ten of what Telegram takes from a bot. They are stored as they come.
const REPLY_LIMIT: usize = 10 * 50 * 1024 * 1024 + 256 * 1024;

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
        .routes(routes!(desk::assign::list_operators))
        .routes(routes!(desk::assign::assign_chat))
        .routes(routes!(desk::ban::ban_person))
        .routes(routes!(desk::ban::unban_person))
        .routes(routes!(desk::note::add_note))
        .routes(routes!(desk::note::remove_note))
        .routes(routes!(desk::message::show_message, desk::change::edit_reply, desk::change::delete_reply))
        .routes(routes!(desk::change::dismiss_reply))
        .routes(routes!(desk::message::preview_reply))
        .routes(routes!(desk::canned::list_canned))
        .routes(routes!(desk::canned::save_canned, desk::canned::remove_canned))
        .routes(routes!(desk::file::show_file))
        .routes(routes!(desk::credit::credit_user))
        .routes(routes!(admin::users::list_users))
        .routes(routes!(admin::users::show_user))
        .routes(routes!(admin::access::disable_user))
        .routes(routes!(admin::access::enable_user))
        .routes(routes!(admin::access::set_role))
        .routes(routes!(admin::orders::find_orders))
        .routes(routes!(admin::orders::show_any_order))
        .routes(routes!(bots::list::list_bots))
        .routes(routes!(bots::follow::follow_bots))
        .routes(routes!(bots::set::set_bot_settings))
        .routes(routes!(admin::letters::list_letters))
        .routes(routes!(admin::letters::show_letter))
        .routes(routes!(admin::settle::redrive_letter))
        .routes(routes!(admin::settle::discard_letter))
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
        .route("/", get(admin::landing::home))
        .route("/dashboard/auditor", get(admin::landing::auditor_page))
        .merge(administration())
        .route("/dashboard/operator-chats", get(desk::desk_page))
        .route("/dashboard/operator-chats/lines", get(desk::lines::lines_part))
        .merge(chat)
        .route("/dashboard/users/{userId}/operator-chat/status", post(desk::set_status::status_form))
        .merge(actions())
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/retry", post(desk::retry::retry_form))
}

/// What operators do to a chat, without script.
fn actions() -> Router<Site> {
    use desk::{assign, ban, canned, change, note, person};
    Router::new()
        .route("/dashboard/users/{userId}/operator-chat/person", get(person::person_part))
        .route("/dashboard/users/{userId}/operator-chat/assign", post(assign::assign_form))
        .route("/dashboard/users/{userId}/operator-chat/ban", post(ban::ban_form))
        .route("/dashboard/users/{userId}/operator-chat/unban", post(ban::unban_form))
        .route("/dashboard/users/{userId}/operator-chat/notes", post(note::note_form))
        .route("/dashboard/users/{userId}/operator-chat/notes/{noteId}/remove", post(note::remove_note_form))
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/edit", post(change::edit_form))
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/delete", post(change::delete_form))
        .route("/dashboard/users/{userId}/operator-chat/{messageId}/dismiss", post(change::dismiss_form))
        .route("/dashboard/canned-replies", get(canned::canned_page).post(canned::canned_form))
        .route("/dashboard/canned-replies/{id}/remove", post(canned::remove_canned_form))
}

fn administration() -> Router<Site> {
    use admin::{letter_pages, order_pages, user_pages};
    Router::new()
        .route("/dashboard/users", get(user_pages::users_page))
        // Named as in the address of a Telegram user's chat, which stands below it.
        .route("/dashboard/users/{userId}", get(user_pages::user_page))
        .route("/dashboard/users/{userId}/role", post(user_pages::role_form))
        .route("/dashboard/users/{userId}/disable", post(user_pages::disable_form))
        .route("/dashboard/users/{userId}/enable", post(user_pages::enable_form))
        .route("/dashboard/users/{userId}/credit", post(user_pages::credit_form))
        .route("/dashboard/orders", get(order_pages::orders_page))
        .route("/dashboard/orders/{id}", get(order_pages::order_page))
        .route("/dashboard/bots", get(bots::pages::bots_page))
        .route("/dashboard/bots/{botId}", get(bots::pages::bot_page))
        .route("/dashboard/bots/{botId}/settings", post(bots::pages::settings_form))
        .route("/dashboard/dead-letters", get(letter_pages::letters_page))
        .route("/dashboard/dead-letters/{id}", get(letter_pages::letter_page))
        .route("/dashboard/dead-letters/{id}/redrive", post(letter_pages::redrive_form))
        .route("/dashboard/dead-letters/{id}/discard", post(letter_pages::discard_form))
}
