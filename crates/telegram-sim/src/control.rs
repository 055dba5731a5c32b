//! The control API under `/sim/api`: being a person in the simulated Telegram, and making
//! things go wrong, over HTTP.

mod act;
mod add_bulk;
mod answer;
mod list_messages;
mod list_sends;
mod of_bot;
mod put_faults;
mod put_limits;
mod put_users;
mod send_file;
mod send_message;
mod show_file;
mod stream_events;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, patch, post, put};
use tower_http::csrf::CsrfLayer;

use crate::world::World;

/// A person may send the bot more than the bot may download.
const LARGEST_UPLOAD: usize = 200 * 1024 * 1024;

pub(crate) fn routes() -> Router<World> {
    Router::new()
        .route("/users", get(put_users::list).post(put_users::create))
        .route("/users/{id}", get(put_users::show).patch(put_users::change))
        .route("/users/{id}/messages", get(list_messages::list_messages).post(send_message::send_message))
        .route("/users/{id}/messages/{message_id}", patch(send_message::edit_message))
        .route("/users/{id}/messages/{message_id}/press", post(act::press))
        .route("/users/{id}/messages/{message_id}/reactions", put(act::react))
        .route("/users/{id}/files", post(send_file::send_file))
        .route("/users/{id}/contact", post(act::share_contact))
        .route("/users/{id}/block", post(act::block))
        .route("/users/{id}/unblock", post(act::unblock))
        .route("/faults", get(put_faults::list).post(put_faults::add).delete(put_faults::clear))
        .route("/faults/{id}", delete(put_faults::remove))
        .route("/limits", get(put_limits::show).put(put_limits::set))
        .route("/stats", get(list_sends::stats))
        .route("/sends", get(list_sends::sends))
        .route("/bulk", post(add_bulk::add_bulk))
        .route("/updates", post(act::push_update))
        .route("/bot", get(act::bot))
        .route("/bots", get(act::bots))
        .route("/files/{file_id}", get(show_file::show_file))
        .route("/events", get(stream_events::stream_events))
        .layer(DefaultBodyLimit::max(LARGEST_UPLOAD))
        // A web page elsewhere must not act as a simulated person.
        .layer(CsrfLayer::new())
}
