use events::{
    Meta, Outgoing, Service,
    chats::{NoticeKind, NoticeRequested},
    derived_id,
};
use jiff::{SignedDuration, Timestamp};

/// What happened longer ago is not spoken of: who reads the log anew must not flood people with the past.
const STALE: SignedDuration = SignedDuration::from_hours(24);

/// What the bot shall say.
#[derive(Debug)]
pub(crate) struct Notice<'n> {
    pub user_id: i64,
    /// The bot that the person wrote to last when absent.
    pub bot_id: Option<i64>,
    pub kind: NoticeKind,
    /// Tells it from everything else that is ever said to this person: the same is said once.
    pub once: &'n str,
    pub text: String,
    pub asks_phone: bool,
}

impl Notice<'_> {
    /// As a fact that follows from `cause`, under an id that does not depend on the cause.
    pub(crate) fn because_of(self, cause: &Meta, time: Timestamp) -> Outgoing {
        let id = derived_id(&["notice", &self.user_id.to_string(), self.kind.name(), self.once]);
        let wish = NoticeRequested {
            user_id: self.user_id,
            message_id: id,
            bot_id: self.bot_id,
            kind: self.kind,
            message_text: self.text,
            asks_phone: self.asks_phone,
        };
        let mut fact = Outgoing::fact(Service::ChatWorker, cause, 0, None, time, &wish);
        fact.meta.id = derived_id(&["notice-requested", &id.to_string()]);
        fact
    }
}

/// Whether it is too late to speak of it.
pub(crate) fn is_stale(cause: &Meta, now: Timestamp) -> bool {
    now.duration_since(cause.time) > STALE
}
