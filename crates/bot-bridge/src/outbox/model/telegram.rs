use std::collections::{BTreeMap, BTreeSet};

use store::calls::{Call, Task};
use uuid::Uuid;

use super::{
    super::{Answer, Verdict, Way, judge},
    chance::Chance,
};
use crate::telegram::{CallError, Refusal};

/// Something that has reached a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) chat: i64,
    pub(super) order: (i64, u32),
    pub(super) call: Uuid,
    pub(super) attempt: u32,
    pub(super) repeatable: bool,
}

#[derive(Debug, Default)]
pub(super) struct Telegram {
    pub(super) shown: Vec<Shown>,
    pub(super) blocked: BTreeSet<i64>,
    /// Milliseconds until which a chat, or all, may not be written to.
    frozen: BTreeMap<i64, u64>,
    all_frozen: u64,
    /// Calls that came although their chat was told to wait.
    pub(super) early: usize,
    pub(super) refusals: usize,
}

/// Telegram's words for what is marked so in the text.
pub(super) const BAD_ENTITIES: &str = "odd entities";
pub(super) const BAD_PICTURE: &str = "odd picture";

impl Telegram {
    /// A call arrives. What it answers, or what becomes of the answer on its way.
    pub(super) fn call(
        &mut self,
        call: &Call,
        way: Way,
        now: u64,
        faults: u64,
        chance: &mut Chance,
    ) -> Verdict {
        let chat = call.user_id;
        if chance.percent(faults) {
            match chance.below(6) {
                0 => return lost("before"),
                1 => return refused(502, "Bad Gateway", None),
                2 => return judge(Err(CallError::NoConnection("no connection".into()))),
                3 => return Verdict::Later { reason: "the file store is away".into() },
                4 => {
                    let seconds = if chance.percent(10) { 9_000 } else { 1 + chance.below(20) };
                    if chance.percent(30) {
                        self.all_frozen = now + seconds * 1_000;
                    } else {
                        self.frozen.insert(chat, now + seconds * 1_000);
                    }
                    return busy(seconds);
                }
                _ => {
                    // It is done, and nobody hears of it.
                    let done = self.carry_out(call, way, now);
                    return if matches!(done, Verdict::Sent(_)) { lost("after") } else { done };
                }
            }
        }
        self.carry_out(call, way, now)
    }

    fn carry_out(&mut self, call: &Call, way: Way, now: u64) -> Verdict {
        let chat = call.user_id;
        let frozen = self.frozen.get(&chat).copied().unwrap_or_default();
        if frozen > now {
            self.early += 1;
        }
        let until = frozen.max(self.all_frozen);
        if until > now {
            return busy((until - now).div_ceil(1_000));
        }
        if self.blocked.contains(&chat) {
            self.refusals += 1;
            return refused(403, "Forbidden: bot was blocked by the user", None);
        }
        let text = match &call.task {
            Task::Send { text, .. } | Task::Edit { text, .. } => text.as_str(),
            Task::Delete {} => "",
        };
        if text == BAD_ENTITIES && !way.plain {
            self.refusals += 1;
            return refused(400, "Bad Request: can't parse entities: unexpected end", None);
        }
        if text == BAD_PICTURE && !way.document {
            self.refusals += 1;
            return refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS", None);
        }
        self.shown.push(Shown {
            chat,
            order: (call.position, call.part),
            call: call.id,
            attempt: call.attempt,
            repeatable: call.task.repeatable(),
        });
        let id = i64::try_from(self.shown.len()).unwrap();
        judge(Ok(Answer { telegram_message_ids: vec![id], files: Vec::new() }))
    }
}

fn lost(when: &str) -> Verdict {
    judge(Err(CallError::Lost(when.into())))
}

fn busy(seconds: u64) -> Verdict {
    refused(429, "Too Many Requests", Some(seconds))
}

fn refused(error_code: u64, description: &str, retry_after: Option<u64>) -> Verdict {
    judge(Err(CallError::Refused(Refusal { error_code, description: description.into(), retry_after })))
}
