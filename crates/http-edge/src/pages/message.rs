//! A message of a chat and what became of it.

use events::chats::{Direction, MessageType};
use jiff::Timestamp;

use super::{AttachmentView, Layout, kinds::Worded as _};

/// What became of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// Waits for its turn.
    Queued,
    /// Is being handed to Telegram.
    Sending,
    /// Telegram has it.
    Sent,
    /// Telegram refused it.
    Failed,
    /// Nobody can say.
    Unknown,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Unknown];

    /// As in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// The state of a name; anything unknown is [`DeliveryState::Unknown`].
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Unknown)
    }

    pub(crate) fn text_key(self) -> &'static str {
        match self {
            Self::Queued => "delivery-queued",
            Self::Sending => "delivery-sending",
            Self::Sent => "delivery-sent",
            Self::Failed => "delivery-failed",
            Self::Unknown => "delivery-unknown",
        }
    }
}

/// What became of a reply, and why.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    /// The state.
    pub state: DeliveryState,
    /// In words, for `Failed` and `Unknown`, or why it still waits.
    pub reason: Option<String>,
    /// When it is tried next.
    pub next_attempt_at: Option<Timestamp>,
}

/// The message a message answers.
#[derive(Debug, Clone)]
pub struct QuoteView {
    /// That message's id.
    pub id: String,
    /// Its beginning, or its kind in words.
    pub text: String,
}

/// A message.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// The id in `chat_messages`.
    pub id: String,
    /// As sent by the composer; lets a bubble find its message.
    pub client_message_id: Option<String>,
    /// Who wrote it.
    pub direction: Direction,
    /// What it is.
    pub kind: MessageType,
    /// Text or caption.
    pub text: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed by its sender.
    pub edited_at: Option<Timestamp>,
    /// What it answers.
    pub reply_to: Option<QuoteView>,
    /// Its files; an album has several.
    pub attachments: Vec<AttachmentView>,
    /// What became of it; `None` for incoming ones.
    pub delivery: Option<DeliveryView>,
    /// The operator's name, for replies.
    pub author: Option<String>,
    /// Whether Telegram, or a bot that is known, vouches for who wrote it.
    pub verified: bool,
}

impl MessageView {
    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    pub(crate) fn has_text(&self) -> bool {
        !self.text().is_empty()
    }

    /// The kind is said unless the message shows it by itself.
    pub(crate) fn kind_text(&self, layout: &Layout) -> Option<String> {
        let shown = self.kind == MessageType::Text && self.has_text();
        (!shown).then(|| layout.t(self.kind.text_key()))
    }

    pub(crate) fn state(&self) -> &'static str {
        self.delivery.as_ref().map_or("", |delivery| delivery.state.name())
    }

    pub(crate) fn delivery_text(&self, layout: &Layout) -> String {
        self.delivery.as_ref().map(|delivery| layout.t(delivery.state.text_key())).unwrap_or_default()
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.delivery.as_ref()?.reason.as_deref()
    }

    pub(crate) fn delivery_icon(&self) -> &'static str {
        match self.delivery.as_ref().map(|delivery| delivery.state) {
            Some(DeliveryState::Sending) => "send-horizontal",
            Some(DeliveryState::Sent) => "check",
            Some(DeliveryState::Failed) => "circle-alert",
            Some(DeliveryState::Unknown) => "circle-help",
            Some(DeliveryState::Queued) | None => "clock",
        }
    }

    pub(crate) fn next_attempt(&self) -> Option<&Timestamp> {
        self.delivery.as_ref()?.next_attempt_at.as_ref()
    }

    pub(crate) fn can_retry(&self) -> bool {
        matches!(
            self.delivery.as_ref().map(|delivery| delivery.state),
            Some(DeliveryState::Failed | DeliveryState::Unknown)
        )
    }

    /// A message without anything, from which the bubble for scripts to clone is rendered.
    pub(crate) fn blank() -> Self {
        Self {
            id: String::new(),
            client_message_id: None,
            direction: Direction::In,
            kind: MessageType::Text,
            text: None,
            created_at: Timestamp::UNIX_EPOCH,
            edited_at: None,
            reply_to: None,
            attachments: Vec::new(),
            delivery: None,
            author: None,
            verified: true,
        }
    }
}
