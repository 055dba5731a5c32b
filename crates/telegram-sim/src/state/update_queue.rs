use std::collections::{HashSet, VecDeque};

use serde_json::value::RawValue;

/// What `allowed_updates` leaves out when a bot does not name it (Bot API, getUpdates).
const ONLY_ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Updates the bot has not confirmed yet, oldest first.
#[derive(Debug)]
pub(crate) struct UpdateQueue {
    next_id: u32,
    pending: VecDeque<Update>,
    /// Kinds asked for; `None` is all but [`ONLY_ON_REQUEST`].
    allowed: Option<HashSet<String>>,
    /// Number of the newest getUpdates call; an older one still waiting has to give way.
    poll: u64,
    /// Up to which number polls have been told to end.
    ended: u64,
}

/// An update and its JSON, written once.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) id: u32,
    pub(crate) json: Box<RawValue>,
}

impl UpdateQueue {
    pub(crate) fn starting_at(next_id: u32) -> Self {
        Self { next_id, pending: VecDeque::new(), allowed: None, poll: 0, ended: 0 }
    }

    /// Adds an update of `kind`, for example `message`, whose `body` is JSON. Returns its id,
    /// or `None` when the bot did not ask for this kind.
    pub(crate) fn push(&mut self, kind: &str, body: &str) -> Option<u32> {
        if !self.wants(kind) {
            return None;
        }
        let id = self.next_id;
        let json = format!(r#"{{"update_id":{id},"{kind}":{body}}}"#);
        let json = RawValue::from_string(json).ok()?;
        self.next_id += 1;
        self.pending.push_back(Update { id, json });
        Some(id)
    }

    fn wants(&self, kind: &str) -> bool {
        match &self.allowed {
            Some(kinds) => kinds.contains(kind),
            None => !ONLY_ON_REQUEST.contains(&kind),
        }
    }

    /// An empty list is the default again, as in the Bot API.
    pub(crate) fn allow(&mut self, kinds: Vec<String>) {
        self.allowed = (!kinds.is_empty()).then(|| kinds.into_iter().collect());
    }

    pub(crate) fn allowed(&self) -> Option<Vec<&str>> {
        let kinds = self.allowed.as_ref()?;
        let mut kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
        kinds.sort_unstable();
        Some(kinds)
    }

    /// Forgets what `offset` confirms: everything below it, or, when negative, everything but
    /// the last `-offset` updates.
    pub(crate) fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let forget = self.pending.len().saturating_sub(keep);
            self.pending.drain(..forget);
        } else {
            while self.pending.front().is_some_and(|update| i64::from(update.id) < offset) {
                self.pending.pop_front();
            }
        }
    }

    /// Forgets one that was brought and taken.
    pub(crate) fn confirm_one(&mut self, id: u32) {
        self.pending.retain(|update| update.id != id);
    }

    pub(crate) fn drop_all(&mut self) {
        self.pending.clear();
    }

    pub(crate) fn first(&self, limit: usize) -> impl Iterator<Item = &Update> {
        self.pending.iter().take(limit)
    }

    pub(crate) fn len(&self) -> usize {
        self.pending.len()
    }

    pub(crate) fn next_id(&self) -> u32 {
        self.next_id
    }

    /// Goes on counting from anywhere, as Telegram may after a week without updates.
    pub(crate) fn count_from(&mut self, next_id: u32) {
        self.next_id = next_id;
    }

    pub(crate) fn begin_poll(&mut self) -> u64 {
        self.poll += 1;
        self.poll
    }

    /// Whether this poll is to answer with nothing now.
    pub(crate) fn is_ended(&self, poll: u64) -> bool {
        poll <= self.ended
    }

    pub(crate) fn end_poll(&mut self) {
        self.ended = self.poll;
    }

    pub(crate) fn is_newest_poll(&self, poll: u64) -> bool {
        self.poll == poll
    }

    /// Takes up where an earlier run stopped; ids never go backwards.
    pub(crate) fn resume(&mut self, next_id: u32, pending: Vec<Update>) {
        self.next_id = self.next_id.max(next_id);
        self.pending = pending.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(queue: &UpdateQueue) -> Vec<u32> {
        queue.first(100).map(|update| update.id).collect()
    }

    fn queue() -> UpdateQueue {
        let mut queue = UpdateQueue::starting_at(10);
        for _ in 0..3 {
            queue.push("message", "{}");
        }
        queue
    }

    #[test]
    fn an_offset_confirms_what_is_below_it() {
        let mut queue = queue();
        queue.confirm(0);
        assert_eq!(ids(&queue), [10, 11, 12]);
        queue.confirm(12);
        assert_eq!(ids(&queue), [12]);
    }

    #[test]
    fn a_negative_offset_keeps_the_last() {
        let mut queue = queue();
        queue.confirm(-1);
        assert_eq!(ids(&queue), [12]);
    }

    #[test]
    fn kinds_nobody_asked_for_are_left_out() {
        let mut queue = queue();
        assert_eq!(queue.push("message_reaction", "{}"), None);
        queue.allow(vec!["message_reaction".into()]);
        assert_eq!(queue.push("message_reaction", "{}"), Some(13));
        assert_eq!(queue.push("message", "{}"), None);
        queue.allow(Vec::new());
        assert_eq!(queue.push("message", "{}"), Some(14));
    }

    #[test]
    fn resuming_never_goes_back() {
        let mut queue = queue();
        queue.resume(5, Vec::new());
        assert_eq!(queue.next_id(), 13);
    }
}
