use events::{
    Event, Outgoing, Service,
    chats::{
        BotBlocked, DeleteFailed, EditFailed, ReplyDeleted, ReplyEdited, ReplyFailed, ReplySent, ReplyUnknown,
    },
};
use jiff::Timestamp;
use store::calls::{Back, Call, Ended, Outcome, Task};
use uuid::Uuid;

use super::{
    item::{End, Finished, Item},
    verdict::Answer,
};

/// What goes back into the queue, and what has ended.
pub(crate) fn sorted(batch: &[Finished]) -> (Vec<Back>, Vec<Ended>) {
    let mut back = Vec::new();
    let mut ended = Vec::new();
    for Finished { item, end } in batch {
        let (id, attempt) = (item.call.id, item.call.attempt);
        let (outcome, telegram_message_ids) = match end {
            End::Sent(answer) => (Outcome::Sent, answer.telegram_message_ids.clone()),
            End::Failed { .. } => (Outcome::Failed, Vec::new()),
            End::Unknown { .. } => (Outcome::Unknown, Vec::new()),
            End::Back { not_before, .. } => {
                back.push(Back { id, attempt, not_before: *not_before });
                continue;
            }
        };
        ended.push(Ended { id, attempt, outcome, telegram_message_ids });
    }
    (back, ended)
}

/// Until when nothing of the bot is to be sent, if something in the batch says so.
pub(crate) fn pause(batch: &[Finished]) -> Option<Timestamp> {
    let ends = batch.iter().map(|finished| &finished.end);
    let pauses = ends.filter_map(|end| match end {
        End::Back { not_before, whole_bot: true, .. } => *not_before,
        _ => None,
    });
    pauses.max()
}

/// What the log is told, each with the call that it is about.
pub(crate) fn facts(batch: &[Finished], time: Timestamp) -> Vec<(Uuid, Outgoing)> {
    let mut facts = Vec::with_capacity(batch.len());
    for Finished { item, end } in batch {
        let call = &item.call;
        match end {
            End::Sent(answer) => facts.push((call.id, sent(item, answer, time))),
            End::Failed { code, reason, blocked } => {
                facts.push((call.id, failed(call, code, reason, time)));
                if *blocked {
                    let blocked = BotBlocked { user_id: call.user_id, bot_id: Some(call.bot_id) };
                    facts.push((call.id, of(call, time, &blocked)));
                }
            }
            End::Unknown { reason } => {
                let Call { message_id, part, attempt, .. } = *call;
                tracing::warn!(%message_id, part, attempt, reason, "whether the reply was sent is unknown");
                facts.push((call.id, unknown(call, "timed_out", time)));
            }
            End::Back { .. } => {}
        }
    }
    facts
}

/// That an attempt was made, or not, when its bridge ended.
pub(crate) fn given_up(call: &Call) -> Outgoing {
    unknown(call, "interrupted", events::now())
}

fn unknown(call: &Call, code: &str, time: Timestamp) -> Outgoing {
    let Call { user_id, message_id, attempt, part, .. } = *call;
    of(call, time, &ReplyUnknown { user_id, message_id, code: code.into(), attempt, part })
}

fn sent(item: &Item, answer: &Answer, time: Timestamp) -> Outgoing {
    let call = &item.call;
    let Call { user_id, message_id, attempt, part, .. } = *call;
    match &call.task {
        Task::Send { .. } => {
            let ids = &answer.telegram_message_ids;
            let sent = ReplySent {
                user_id,
                message_id,
                telegram_message_id: ids.first().copied().unwrap_or_default(),
                sent_at: time,
                attempt,
                part,
                telegram_message_ids: if ids.len() > 1 { ids.clone() } else { Vec::new() },
                plain: item.way.plain,
            };
            of(call, time, &sent)
        }
        Task::Edit { edit_id, text, entities } => {
            let edited = ReplyEdited {
                user_id,
                message_id,
                edit_id: *edit_id,
                message_text: text.clone(),
                entities: if item.way.plain { Vec::new() } else { entities.clone() },
                edited_at: time,
            };
            of(call, time, &edited)
        }
        Task::Delete {} => of(call, time, &ReplyDeleted { user_id, message_id, deleted_at: time }),
    }
}

/// That a call is not made, or was refused for good.
pub(crate) fn failed(call: &Call, code: &str, reason: &str, time: Timestamp) -> Outgoing {
    let Call { user_id, message_id, attempt, part, .. } = *call;
    let (code, reason) = (code.to_owned(), reason.to_owned());
    match &call.task {
        Task::Send { .. } => {
            of(call, time, &ReplyFailed { user_id, message_id, code, reason, attempt, part })
        }
        Task::Edit { edit_id, .. } => {
            of(call, time, &EditFailed { user_id, message_id, edit_id: *edit_id, code, reason })
        }
        Task::Delete {} => of(call, time, &DeleteFailed { user_id, message_id, code, reason }),
    }
}

/// A fact that follows from the call. Its number tells the parts of one wish apart.
fn of<E: Event>(call: &Call, time: Timestamp, event: &E) -> Outgoing {
    Outgoing::fact(Service::BotBridge, &call.cause, call.part as usize, None, time, event)
}

pub(crate) fn count(batch: &[Finished]) {
    for Finished { item, end } in batch {
        let outcome = match end {
            End::Sent(_) => "sent",
            End::Failed { .. } => "failed",
            End::Unknown { .. } => "unknown",
            End::Back { why, .. } => why,
        };
        metrics::counter!("vestnik_telegram_sends_total", "outcome" => outcome).increment(1);
        if let (End::Sent(_), Task::Send { .. }) = (end, &item.call.task) {
            let waited = events::now().duration_since(item.call.cause.time);
            metrics::histogram!("vestnik_reply_seconds").record(waited.as_secs_f64().max(0.0));
        }
    }
}
