//! Live pages: one server-sent event stream each. `id:` is the log sequence, so that a browser that comes
//! back says where it stopped and misses nothing.

mod right;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use events::{LogEvent, Recorded, users::UserEvent};
use serde::Serialize;
use tokio::sync::{broadcast, mpsc};

use crate::{auth::Caller, edge::Site, tail::Resumed};
use right::Right;

/// Keeps proxies from closing a quiet stream.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events handled at once: one query serves them all.
const BATCH: usize = 256;
/// Frames written ahead of a slow client; beyond this it falls behind, and in the end is cut.
const AHEAD: usize = 256;

/// What a page wants to hear of.
pub(crate) trait Listener: Send + 'static {
    /// The frames for these events, in order.
    fn frames(&mut self, events: Vec<Arc<Recorded>>) -> impl Future<Output = Vec<Event>> + Send;

    /// The next thing that is not in the log; waits for ever when there is none.
    fn aside(&mut self) -> impl Future<Output = Event> + Send {
        std::future::pending()
    }
}

/// Where a page goes on: `Last-Event-ID` once it has heard something, before that what its address says.
pub(crate) fn after(headers: &HeaderMap, asked: Option<u64>, now: u64) -> u64 {
    headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok()).or(asked).unwrap_or(now)
}

/// A frame of an event of the log.
pub(crate) fn frame(name: &str, sequence: Option<u64>, data: &impl Serialize) -> Option<Event> {
    let event = Event::default().event(name).json_data(data).ok()?;
    Some(match sequence {
        Some(sequence) => event.id(sequence.to_string()),
        None => event,
    })
}

/// Streams until the client goes, falls too far behind, has no right to it any more, or the edge stops.
pub(crate) fn stream(site: Site, caller: Caller, after: u64, listener: impl Listener) -> Response {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let resumed = site.tail.resume(after);
    tokio::spawn(async move {
        let shutdown = site.shutdown.clone();
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sender.closed() => {}
            () = follow(&site, &caller, resumed, listener, &sender) => {}
        }
    });
    let frames = tokio_stream::wrappers::ReceiverStream::new(receiver);
    let events = futures::StreamExt::map(frames, Ok::<Event, Infallible>);
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Proxies that buffer would hold events back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn follow(
    site: &Site,
    caller: &Caller,
    resumed: Resumed,
    mut listener: impl Listener,
    sender: &mpsc::Sender<Event>,
) {
    // What ended it before the stream began is not told by the stream: only now is anything missed no more.
    let mut right = Right::new(site, caller);
    if !right.holds().await {
        return;
    }
    let mut live = match resumed {
        Resumed::From(missed, live) => {
            for batch in missed.chunks(BATCH) {
                if send(listener.frames(batch.to_vec()).await, sender).await.is_err() {
                    return;
                }
            }
            live
        }
        Resumed::Gap(live) => {
            let position = site.tail.position();
            let reset = frame("reset", Some(position), &serde_json::json!({}));
            if send(reset.into_iter().collect(), sender).await.is_err() {
                return;
            }
            live
        }
    };
    loop {
        let frames = tokio::select! {
            aside = listener.aside() => vec![aside],
            batch = next(&mut live) => {
                let Some(batch) = batch else { return };
                if may_end_right(&batch, caller) && !right.holds().await {
                    return;
                }
                listener.frames(batch).await
            }
            () = right.due() => {
                if !right.holds().await {
                    return;
                }
                continue;
            }
        };
        if send(frames, sender).await.is_err() {
            return;
        }
    }
}

/// The next event and what has come with it. `None` when the client was too slow and has missed some.
async fn next(live: &mut broadcast::Receiver<Arc<Recorded>>) -> Option<Vec<Arc<Recorded>>> {
    let mut batch = vec![live.recv().await.ok()?];
    while batch.len() < BATCH {
        match live.try_recv() {
            Ok(event) => batch.push(event),
            Err(broadcast::error::TryRecvError::Empty) => break,
            Err(_) => return None,
        }
    }
    Some(batch)
}

async fn send(frames: Vec<Event>, sender: &mpsc::Sender<Event>) -> Result<(), ()> {
    for frame in frames {
        sender.send(frame).await.map_err(|_| ())?;
    }
    Ok(())
}

fn may_end_right(batch: &[Arc<Recorded>], caller: &Caller) -> bool {
    let id = caller.id();
    batch.iter().any(|recorded| match &recorded.event {
        LogEvent::User(UserEvent::UserSignedOut(event)) => event.user_id == id,
        LogEvent::User(UserEvent::RoleGranted(event)) => event.user_id == id,
        LogEvent::User(UserEvent::UserDisabled(event)) => event.user_id == id,
        LogEvent::User(UserEvent::UserPasswordChanged(event)) => event.user_id == id,
        _ => false,
    })
}
