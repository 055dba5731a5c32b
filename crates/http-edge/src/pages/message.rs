//! A message of a chat and what became of it.

use events::chats::{Direction, MessageType};
use fluent_bundle::FluentValue;
use jiff::Timestamp;

use super::{AttachmentView, Layout, kinds::Worded as _, reasons};
pub use crate::rich::Segment;
use crate::texts;

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
    /// For programs, for `Failed` and `Unknown`: worded by the page.
    pub code: Option<String>,
    /// Telegram's own words, which are English.
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

/// Something that a message says beside its text.
#[derive(Debug, Clone)]
pub struct FactView {
    /// As in the API: `forward`, `place`.
    pub kind: &'static str,
    /// What it says.
    pub value: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl FactView {
    pub(crate) fn label(&self, layout: &Layout) -> String {
        layout.t(match self.kind {
            "forward" => "fact-forward",
            "quote" => "fact-quote",
            "place" => "fact-place",
            "contact" => "fact-contact",
            "own-contact" => "fact-own-contact",
            "poll" => "fact-poll",
            "closed-poll" => "fact-closed-poll",
            "option" => "fact-option",
            "start" => "fact-start",
            _ => "fact-dice",
        })
    }
}

/// One of the calls to Telegram that a reply is made of.
#[derive(Debug, Clone)]
pub struct PartView {
    /// From 1.
    pub number: u32,
    /// What became of it.
    pub state: DeliveryState,
    /// Why, for programs.
    pub code: Option<String>,
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
    /// The text cut where its look changes; empty when all of it is plain.
    pub segments: Vec<Segment>,
    /// What it says beside its text.
    pub facts: Vec<FactView>,
    /// Messages that share this are one album.
    pub album: Option<String>,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed by its sender.
    pub edited_at: Option<Timestamp>,
    /// How often.
    pub edits: i64,
    /// It is gone from the person's Telegram.
    pub deleted: bool,
    /// What it answers.
    pub reply_to: Option<QuoteView>,
    /// Its files; an album has several.
    pub attachments: Vec<AttachmentView>,
    /// What became of it; `None` for incoming ones.
    pub delivery: Option<DeliveryView>,
    /// The calls that it is made of, when they are several.
    pub parts: Vec<PartView>,
    /// Its failed or unknown delivery is left as it is.
    pub dismissed: bool,
    /// The change that was asked for last, `edit` or `delete`, its state and code.
    pub change: Option<(String, String, Option<String>)>,
    /// The signs that the person has put to it.
    pub reactions: Vec<String>,
    /// What the bot says by itself.
    pub notice: bool,
    /// Telegram has it, so that it can be answered.
    pub answerable: bool,
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
        let has_file = !self.attachments.is_empty();
        let shown = match self.kind {
            MessageType::Text => self.has_text(),
            MessageType::Photo | MessageType::Document => has_file,
            _ => false,
        } || !self.facts.is_empty();
        (!shown).then(|| layout.t(self.kind.text_key()))
    }

    pub(crate) fn state(&self) -> &'static str {
        self.delivery.as_ref().map_or("", |delivery| delivery.state.name())
    }

    pub(crate) fn delivery_text(&self, layout: &Layout) -> String {
        self.delivery.as_ref().map(|delivery| layout.t(delivery.state.text_key())).unwrap_or_default()
    }

    /// Why it was not sent, in the reader's words where there are any.
    pub(crate) fn reason(&self, layout: &Layout) -> Option<String> {
        let delivery = self.delivery.as_ref()?;
        let worded = delivery.code.as_deref().map(|code| layout.t(reasons::of_delivery(code)));
        worded.or_else(|| delivery.reason.clone())
    }

    /// Telegram's own words.
    pub(crate) fn said(&self) -> &str {
        self.delivery.as_ref().and_then(|delivery| delivery.reason.as_deref()).unwrap_or_default()
    }

    /// What became of a change that an operator asked for, unless it is simply done.
    pub(crate) fn change_text(&self, layout: &Layout) -> Option<String> {
        let (kind, state, code) = self.change.as_ref()?;
        let key = match (kind.as_str(), state.as_str()) {
            ("edit", "queued") => "change-edit-queued",
            ("delete", "queued") => "change-delete-queued",
            ("edit", "failed") => "change-edit-failed",
            ("delete", "failed") => "change-delete-failed",
            _ => return None,
        };
        let why = code.as_deref().filter(|_| state == "failed").map(reasons::of_delivery);
        Some(match why {
            Some(why) => format!("{}: {}", layout.t(key), layout.t(why)),
            None => layout.t(key),
        })
    }

    pub(crate) fn part_text(part: &PartView, layout: &Layout) -> String {
        let state = layout.t(part.state.text_key());
        match part.code.as_deref().map(reasons::of_delivery) {
            Some(why) => format!("{state}: {}", layout.t(why)),
            None => state,
        }
    }

    pub(crate) fn can_change(&self) -> bool {
        let sent = self.delivery.as_ref().is_some_and(|delivery| delivery.state == DeliveryState::Sent);
        sent && self.author.is_some() && !self.deleted
    }

    /// It went out as several messages, whose texts would have to be cut anew.
    pub(crate) fn is_fixed(&self) -> bool {
        self.can_change() && self.parts.len() > 1
    }

    pub(crate) fn can_edit(&self) -> bool {
        self.can_change() && !self.is_fixed()
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

    /// Outside of any album: of the bubble for scripts to clone.
    pub(crate) const fn alone() -> Option<(usize, usize)> {
        None
    }

    /// What the file at `index` is called for those who do not see it; of an album, which of how many.
    pub(crate) fn file_label(
        &self,
        layout: &Layout,
        index: &usize,
        place: &Option<(usize, usize)>,
    ) -> String {
        let kind = layout.t(self.kind.text_key());
        let of = |n: usize, limit: usize| {
            let place = [("n", FluentValue::from(n)), ("limit", FluentValue::from(limit))];
            format!("{kind} {}", texts::with(layout.lang, "album-place", &place))
        };
        match (self.attachments.len(), place) {
            (2.., _) => of(index + 1, self.attachments.len()),
            (_, Some((n, all))) if self.has_text() => format!("{}: {}", of(*n, *all), self.text()),
            (_, Some((n, all))) => of(*n, *all),
            _ => self.attachments.get(*index).and_then(AttachmentView::name).map_or(kind, str::to_owned),
        }
    }

    pub(crate) fn can_retry(&self) -> bool {
        !self.dismissed
            && matches!(
                self.delivery.as_ref().map(|delivery| delivery.state),
                Some(DeliveryState::Failed | DeliveryState::Unknown)
            )
    }

    /// A message without anything, from which the bubble for scripts to clone is rendered.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            id: String::new(),
            client_message_id: None,
            direction: Direction::In,
            kind: MessageType::Text,
            text: None,
            segments: Vec::new(),
            facts: Vec::new(),
            album: None,
            created_at: Timestamp::UNIX_EPOCH,
            edited_at: None,
            edits: 0,
            deleted: false,
            reply_to: None,
            attachments: Vec::new(),
            delivery: None,
            parts: Vec::new(),
            dismissed: false,
            change: None,
            reactions: Vec::new(),
            notice: false,
            answerable: false,
            author: None,
            verified: true,
        }
    }
}
