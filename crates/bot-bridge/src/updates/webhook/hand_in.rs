use std::time::{Duration, Instant};

use axum::http::StatusCode;
use events::{Bus, Outgoing};
use tokio::{
    sync::{
        mpsc::{self, UnboundedReceiver, UnboundedSender},
        oneshot,
    },
    time::{sleep_until, timeout},
};

use super::line_up::LineUp;
use crate::status::{Line, Trouble};

/// Long before Telegram gives up waiting for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// An update that was brought, and who waits to hear what became of it.
#[derive(Debug)]
pub(super) struct Brought {
    update_id: i64,
    /// None of what means nothing here; it counts all the same.
    event: Option<Outgoing>,
    since: Instant,
    answer: oneshot::Sender<StatusCode>,
}

/// Where updates of one bot are brought to.
#[derive(Debug)]
pub(super) struct Door(UnboundedSender<Brought>);

impl Door {
    pub(super) fn new() -> (Self, UnboundedReceiver<Brought>) {
        let (brought, arrivals) = mpsc::unbounded_channel();
        (Self(brought), arrivals)
    }

    /// 200 once the log has the update; 503 when it is to be brought again.
    pub(super) async fn bring(&self, update_id: i64, event: Option<Outgoing>) -> StatusCode {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(Brought { update_id, event, since: Instant::now(), answer });
        if sent.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
        answered.await.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
    }
}

/// Gives the log what is brought, for as long as the door is there: what has come while one batch is on its way
/// is the next one.
pub(super) async fn hand_in(line: &Line, bus: &Bus, mut arrivals: UnboundedReceiver<Brought>) {
    let started = Instant::now();
    let mut line_up = LineUp::default();
    // In turn, but something earlier of their chat was refused and has to come again first.
    let mut held: Vec<Brought> = Vec::new();
    loop {
        let patience = held.iter().map(|brought| brought.since + PATIENCE).min();
        let due = line_up.due().map(|due| started + due).into_iter().chain(patience).min();
        let timer = sleep_until(due.unwrap_or(started).into());
        tokio::select! {
            brought = arrivals.recv() => match brought {
                Some(brought) => line_up.add(brought.update_id, brought, started.elapsed()),
                None => return,
            },
            () = timer, if due.is_some() => {}
        }
        while let Ok(brought) = arrivals.try_recv() {
            line_up.add(brought.update_id, brought, started.elapsed());
        }
        held.extend(line_up.take(started.elapsed()).into_iter().map(|(_, brought)| brought));
        held.sort_by_key(|brought| brought.update_id);
        // What gets into the log may let on what is held.
        while publish(line, bus, &mut line_up, &mut held, started).await {}
    }
}

/// Gives the log what it may have now; says whether there was anything and the log has it.
async fn publish(
    line: &Line,
    bus: &Bus,
    line_up: &mut LineUp<Brought>,
    held: &mut Vec<Brought>,
    started: Instant,
) -> bool {
    let now = started.elapsed();
    let mut waiting = Vec::with_capacity(held.len());
    let mut events = Vec::with_capacity(held.len());
    for brought in std::mem::take(held) {
        let Some(event) = &brought.event else {
            line.took();
            tell(brought.answer, StatusCode::OK);
            continue;
        };
        let chat = event.meta.entity.clone();
        if line_up.may(&chat, brought.update_id, now) {
            events.push(event.clone());
            waiting.push((chat, brought));
        } else if brought.since.elapsed() >= PATIENCE {
            line_up.refused(&chat, brought.update_id, now);
            tell(brought.answer, StatusCode::SERVICE_UNAVAILABLE);
        } else {
            held.push(brought);
        }
    }
    if events.is_empty() {
        return false;
    }
    let trouble = match timeout(PATIENCE, bus.publish_in_order(&events)).await {
        Ok(Ok(())) => {
            line.took();
            for (chat, brought) in waiting {
                line_up.done(&chat, brought.update_id);
                tell(brought.answer, StatusCode::OK);
            }
            return true;
        }
        Ok(Err(error)) => Trouble::of_log(&error),
        Err(_) => Trouble::of_log(&"no acknowledgement for seconds"),
    };
    let (updates, words) = (events.len(), &trouble.words);
    tracing::warn!(updates, words, "updates not acknowledged; Telegram brings them again");
    line.in_trouble(&trouble);
    for (chat, brought) in waiting {
        line_up.refused(&chat, brought.update_id, started.elapsed());
        tell(brought.answer, StatusCode::SERVICE_UNAVAILABLE);
    }
    false
}

/// Telegram may have given up waiting; then it brings the update again.
fn tell(answer: oneshot::Sender<StatusCode>, status: StatusCode) {
    if answer.send(status).is_err() {
        tracing::debug!(%status, "nobody waits for the answer to an update any more");
    }
}
