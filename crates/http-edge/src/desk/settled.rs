//! How far the chat tables are. The chat worker writes them after the log has told of a message, unlike
//! the tables of orders, which are written before.

use std::time::Duration;

use events::{bus::ConsumerInfo as Info, subjects::CHAT_WORKER};
use tokio::time::Instant;

use crate::edge::Edge;

/// A consumer counts an event as pending a moment after the stream has it.
const NOTICED: Duration = Duration::from_millis(20);

/// A sequence up to which the chat tables have everything; never beyond the edge's own tail.
pub(super) async fn position(edge: &Edge) -> u64 {
    let seen = edge.tail.position();
    let [chats, rest] = CHAT_WORKER.lanes();
    match tokio::try_join!(edge.bus.consumer_info(&chats.name), edge.bus.consumer_info(&rest.name)) {
        Ok((chats, rest)) => {
            let behind = [chats, rest].into_iter().filter(|lane| !is_idle(lane));
            behind.map(|lane| lane.ack_floor.stream_sequence).fold(seen, u64::min)
        }
        Err(error) => {
            tracing::warn!(%error, "the chat worker's position is not known");
            // Too early is harmless: what is shown already is shown again.
            seen.saturating_sub(1_000)
        }
    }
}

/// Waits until the chat tables have the event of a chat with this sequence; `false` when they do not in time.
pub(crate) async fn wait_for(edge: &Edge, sequence: u64, patience: Duration) -> bool {
    let [chats, _] = CHAT_WORKER.lanes();
    wait(edge, &chats.name, sequence, patience).await
}

/// The same for an event of bots, ready answers or linked accounts.
pub(crate) async fn wait_for_desk(edge: &Edge, sequence: u64, patience: Duration) -> bool {
    let [_, rest] = CHAT_WORKER.lanes();
    wait(edge, &rest.name, sequence, patience).await
}

/// The same for an event of which only the sequence is known.
pub(super) async fn wait_for_any(edge: &Edge, sequence: u64, patience: Duration) -> bool {
    let waits = (wait_for(edge, sequence, patience), wait_for_desk(edge, sequence, patience));
    let (chats, rest) = tokio::join!(waits.0, waits.1);
    chats && rest
}

async fn wait(edge: &Edge, lane: &str, sequence: u64, patience: Duration) -> bool {
    let deadline = Instant::now() + patience;
    let mut pause = Duration::from_millis(5);
    while Instant::now() < deadline {
        match edge.bus.consumer_info(lane).await {
            Ok(info) if info.ack_floor.stream_sequence >= sequence => return true,
            // It has had the time to notice and has nothing to do: the event is not one of its own.
            Ok(info) if pause > NOTICED && is_idle(&info) => return true,
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_millis(100));
    }
    false
}

fn is_idle(lane: &Info) -> bool {
    lane.num_pending == 0 && lane.num_ack_pending == 0
}
