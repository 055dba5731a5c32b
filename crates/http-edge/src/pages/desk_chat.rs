//! A conversation and the person it is with.

use events::orders::OrderStatus;
use jiff::Timestamp;

use super::desk::{full_name, letter};
use super::{BalanceView, Layout, MessageView};

/// The open chat.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// The right pane.
    pub person: PersonView,
    /// Who can be asked to answer.
    pub operators: Vec<OperatorView>,
    /// Ready answers.
    pub canned: Vec<CannedView>,
    /// Open or closed.
    pub open: bool,
    /// Oldest first.
    pub entries: Vec<Entry>,
    /// What the composer is for: a new reply, an answer to a message, or a change of one.
    pub composing: Composing,
    /// For `?before=` of the API; `None` when the first message is here.
    pub older_cursor: Option<String>,
    /// A fresh UUID, so that the form without script is sent once, however often it is pressed.
    pub client_message_id: String,
    /// What is in the composer: after a problem, what was typed.
    pub draft: String,
    /// Why the last reply was not taken.
    pub problem: Option<ReplyProblem>,
}

/// What stands beside a conversation.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The right pane.
    pub person: PersonView,
    /// Who can be asked to answer.
    pub operators: Vec<OperatorView>,
    /// Ready answers.
    pub canned: Vec<CannedView>,
}

/// A line of the conversation.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Something that was said.
    Message(Box<MessageView>),
    /// What operators write down for each other.
    Note(NoteView),
}

impl Entry {
    pub(crate) fn at(&self) -> &Timestamp {
        match self {
            Self::Message(message) => &message.created_at,
            Self::Note(note) => &note.created_at,
        }
    }
}

/// A note of an operator: no message, and never sent.
#[derive(Debug, Clone, Default)]
pub struct NoteView {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// The operator's name.
    pub author: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

/// Somebody at the desk.
#[derive(Debug, Clone)]
pub struct OperatorView {
    /// The account's id.
    pub id: String,
    /// The account's name.
    pub name: String,
    /// The reader.
    pub me: bool,
}

/// A ready answer.
#[derive(Debug, Clone)]
pub struct CannedView {
    /// Its id.
    pub id: String,
    /// What it is called by after `/`.
    pub shortcut: String,
    /// With its holes.
    pub text: String,
    /// With what is known of the person in its holes.
    pub filled: String,
}

/// What the composer is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Composing {
    /// A reply.
    #[default]
    New,
    /// A reply to the message of this id, which begins so.
    Answer(String, String),
    /// Another text for the reply of this id.
    Change(String),
}

/// Why a reply was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyProblem {
    /// A colleague answered meanwhile; sending again with a new `seenSequence` is fine.
    NewerReplyExists,
    /// The person has blocked the bot.
    BotBlocked,
    /// Neither text nor file.
    Empty,
    /// The file is too large.
    TooLarge,
    /// The person is not heard.
    Banned,
    /// Anything else, as it is said.
    Other(&'static str),
}

impl ReplyProblem {
    /// What a page says about a reply that was not taken; `None` for what is an error of its own.
    pub(crate) fn of(problem: &crate::problem::Problem) -> Option<Self> {
        Some(match problem.code {
            "newer_reply_exists" => Self::NewerReplyExists,
            "bot_blocked" => Self::BotBlocked,
            "banned" => Self::Banned,
            "missing_fields" => Self::Empty,
            "too_large" => Self::TooLarge,
            "not_changeable" => Self::Other("reply-not-changeable"),
            "invalid_fields" => Self::Other("reply-invalid"),
            _ => return None,
        })
    }
}

/// The person, as far as known.
#[derive(Debug, Clone, Default)]
pub struct PersonView {
    /// Telegram's user id.
    pub user_id: i64,
    /// Telegram's first name.
    pub first_name: String,
    /// Telegram's last name.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// Telegram's language code.
    pub language: Option<String>,
    /// Set while the person blocks the bot.
    pub bot_blocked_since: Option<Timestamp>,
    /// Telegram does not know the chat.
    pub not_found: bool,
    /// Why the person is not heard.
    pub banned_reason: Option<String>,
    /// Whose the chat is to answer.
    pub assignee_id: Option<String>,
    /// Whether the bot tells the person of their orders.
    pub notices: bool,
    /// When the person first wrote.
    pub known_since: Option<Timestamp>,
    /// Came in over the public endpoint, from whoever called it.
    pub unverified: bool,
    /// The account on the public site, once the person shared the phone.
    pub customer: Option<LinkedCustomer>,
}

/// A customer's account as the desk shows it.
#[derive(Debug, Clone)]
pub struct LinkedCustomer {
    /// The account's name.
    pub name: String,
    /// E.164.
    pub phone: String,
    /// Money.
    pub balance: BalanceView,
    /// The newest few orders.
    pub orders: Vec<LinkedOrder>,
}

/// An order as the desk shows it.
#[derive(Debug, Clone)]
pub struct LinkedOrder {
    /// The order's title.
    pub title: String,
    /// In kopecks.
    pub amount: i64,
    /// The state.
    pub status: OrderStatus,
}

impl PersonView {
    /// Why nothing can be sent, for scripts.
    pub(crate) fn shut(&self) -> &'static str {
        match self {
            Self { banned_reason: Some(_), .. } => "banned",
            Self { bot_blocked_since: Some(_), .. } => "blocked",
            Self { not_found: true, .. } => "not-found",
            _ => "",
        }
    }

    /// Nothing can be sent.
    pub(crate) fn is_deaf(&self) -> bool {
        !self.shut().is_empty()
    }

    pub(crate) fn is_assigned_to(&self, operator: &OperatorView) -> bool {
        self.assignee_id.as_ref() == Some(&operator.id)
    }

    pub(crate) fn name(&self) -> String {
        full_name(self.user_id, &self.first_name, self.last_name.as_deref(), self.username.as_deref())
    }

    pub(crate) fn letter(&self) -> String {
        letter(&self.name())
    }

    pub(crate) fn hue(&self) -> i64 {
        self.user_id.rem_euclid(8)
    }
}

impl Conversation {
    /// Whether the message at `index` is the first of its day, in the reader's zone.
    pub(crate) fn starts_day(&self, index: &usize, layout: &Layout) -> bool {
        let date = |entry: &Entry| entry.at().to_zoned(layout.zone.clone()).date();
        match index.checked_sub(1) {
            Some(before) => date(&self.entries[before]) != date(&self.entries[*index]),
            None => true,
        }
    }

    /// Where the message at `index` stands in its album, from 1, and how many there are; `None` of what came alone.
    /// What came together is one bubble, of a day.
    pub(crate) fn place(&self, index: &usize, layout: &Layout) -> Option<(usize, usize)> {
        let album = |index: usize| match self.entries.get(index) {
            Some(Entry::Message(message)) => message.album.as_deref(),
            _ => None,
        };
        let own = album(*index)?;
        let goes_on = |index: usize| album(index) == Some(own) && !self.starts_day(&index, layout);
        let before = (1..=*index).rev().take_while(|&at| goes_on(at) && album(at - 1) == Some(own)).count();
        let after = (index + 1..self.entries.len()).take_while(|&at| goes_on(at)).count();
        (before + after > 0).then_some((before + 1, before + 1 + after))
    }

    /// Where the composer's form goes.
    pub(crate) fn action(&self) -> String {
        let chat = format!("/dashboard/users/{}/operator-chat", self.person.user_id);
        match &self.composing {
            Composing::Change(id) => format!("{chat}/{id}/edit"),
            Composing::New | Composing::Answer(..) => chat,
        }
    }

    pub(crate) fn answered(&self) -> Option<(&str, &str)> {
        match &self.composing {
            Composing::Answer(id, text) => Some((id, text)),
            _ => None,
        }
    }

    pub(crate) fn is_change(&self) -> bool {
        matches!(self.composing, Composing::Change(_))
    }

    pub(crate) fn problem_text(&self, layout: &Layout) -> Option<String> {
        self.problem.map(|problem| {
            layout.t(match problem {
                ReplyProblem::NewerReplyExists => "reply-newer-exists",
                ReplyProblem::BotBlocked => "reply-bot-blocked",
                ReplyProblem::Empty => "reply-empty",
                ReplyProblem::TooLarge => "reply-too-large",
                ReplyProblem::Banned => "reply-banned",
                ReplyProblem::Other(key) => key,
            })
        })
    }
}
