use events::chats::{ReplyFailed, ReplySent, ReplyUnknown};

/// Where an outgoing message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    Queued,
    Sending,
    Sent,
    Failed,
    Unknown,
}

impl DeliveryState {
    const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Unknown];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What is known of an outgoing message's way to Telegram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub state: DeliveryState,
    /// For programs: `bot_blocked`, `timed_out` and the like, as in the event.
    pub code: Option<String>,
    /// Telegram's own words.
    pub reason: Option<String>,
    /// Counts from 1; raised by each "send again".
    pub attempt: u32,
}

impl Delivery {
    /// "Send again" makes sense only of what has ended without being sent.
    pub(super) fn retry(&mut self) -> bool {
        if !matches!(self.state, DeliveryState::Failed | DeliveryState::Unknown) {
            return false;
        }
        *self = Self { state: DeliveryState::Queued, code: None, reason: None, attempt: self.attempt + 1 };
        true
    }

    pub(super) fn sent(&mut self, outcome: &ReplySent) -> bool {
        // The bridge tells of it only while it makes no other attempt, and after it none is made: an attempt that
        // was given up has arrived after all, while it was asked for once more.
        if outcome.attempt > self.attempt || self.state == DeliveryState::Sent {
            return false;
        }
        self.state = DeliveryState::Sent;
        self.code = None;
        self.reason = None;
        true
    }

    pub(super) fn failed(&mut self, outcome: &ReplyFailed) -> bool {
        if outcome.attempt != self.attempt
            || matches!(self.state, DeliveryState::Sent | DeliveryState::Failed)
        {
            return false;
        }
        self.state = DeliveryState::Failed;
        self.code = Some(outcome.code.clone());
        self.reason = Some(outcome.reason.clone());
        true
    }

    pub(super) fn unknown(&mut self, outcome: &ReplyUnknown) -> bool {
        if outcome.attempt != self.attempt
            || !matches!(self.state, DeliveryState::Queued | DeliveryState::Sending)
        {
            return false;
        }
        self.state = DeliveryState::Unknown;
        self.code = Some(outcome.code.clone());
        self.reason = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use events::Event as _;

    use super::*;

    fn queued() -> Delivery {
        Delivery { state: DeliveryState::Queued, code: None, reason: None, attempt: 1 }
    }

    #[test]
    fn an_outcome_of_another_attempt_changes_nothing() {
        let mut delivery = queued();
        assert!(delivery.unknown(&ReplyUnknown::sample()));
        assert!(delivery.retry());
        assert_eq!((delivery.state, delivery.attempt), (DeliveryState::Queued, 2));
        assert!(!delivery.failed(&ReplyFailed::sample()));
        assert!(!delivery.unknown(&ReplyUnknown::sample()));
        assert!(!delivery.sent(&ReplySent { attempt: 3, ..ReplySent::sample() }), "of one not asked for yet");
        assert!(delivery.sent(&ReplySent { attempt: 2, ..ReplySent::sample() }));
    }

    #[test]
    fn what_has_arrived_after_all_is_sent_although_it_was_asked_for_again() {
        let mut delivery = queued();
        assert!(delivery.unknown(&ReplyUnknown::sample()));
        assert!(delivery.retry());
        assert!(delivery.sent(&ReplySent::sample()), "the bridge sends it no second time");
        assert_eq!(delivery.state, DeliveryState::Sent);
    }

    #[test]
    fn certainty_replaces_doubt_and_doubt_never_certainty() {
        let mut delivery = queued();
        assert!(delivery.unknown(&ReplyUnknown::sample()));
        assert!(delivery.sent(&ReplySent::sample()));
        assert!(!delivery.unknown(&ReplyUnknown::sample()));
        assert!(!delivery.failed(&ReplyFailed::sample()));
        assert!(!delivery.retry(), "what was sent is not sent again");
    }

    #[test]
    fn states_keep_their_names() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::from_name(state.name()), Some(state));
        }
    }
}
