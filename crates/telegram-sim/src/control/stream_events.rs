use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;

use super::of_bot::OfBot;

/// Live events for a phone page: `message`, `user`, `action`, `faults`, `limits`; and `reload`
/// at the start and whenever events were missed. Ends when the simulation stops.
pub(super) async fn stream_events(OfBot(world): OfBot) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let reload = || Event::default().event("reload").data("{}");
    let told = BroadcastStream::new(world.state().signals.listen());
    let events = told.map(move |told| match told {
        Ok(told) => Event::default().event(told.name).data(told.data),
        Err(_missed) => reload(),
    });
    let first = futures::stream::once(async move { reload() });
    let events = first.chain(events).map(Ok).take_until(world.shutdown.clone().cancelled_owned());
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
