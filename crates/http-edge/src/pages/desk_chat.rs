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
    /// Open or closed.
    pub open: bool,
    /// Oldest first.
    pub messages: Vec<MessageView>,
    /// For `?before=` of the API; `None` when the first message is here.
    pub older_cursor: Option<String>,
    /// A fresh UUID, so that the form without script is sent once, however often it is pressed.
    pub client_message_id: String,
    /// What is in the composer: after a problem, what was typed.
    pub draft: String,
    /// Why the last reply was not taken.
    pub problem: Option<ReplyProblem>,
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
    /// Whether a reply may carry a file. The form and the scripts can; the way out cannot yet.
    pub(crate) const TAKES_FILES: bool = false;

    /// Whether the message at `index` is the first of its day, in the reader's zone.
    pub(crate) fn starts_day(&self, index: &usize, layout: &Layout) -> bool {
        let date = |message: &MessageView| message.created_at.to_zoned(layout.zone.clone()).date();
        match index.checked_sub(1) {
            Some(before) => date(&self.messages[before]) != date(&self.messages[*index]),
            None => true,
        }
    }

    pub(crate) fn problem_text(&self, layout: &Layout) -> Option<String> {
        self.problem.map(|problem| {
            layout.t(match problem {
                ReplyProblem::NewerReplyExists => "reply-newer-exists",
                ReplyProblem::BotBlocked => "reply-bot-blocked",
                ReplyProblem::Empty => "reply-empty",
                ReplyProblem::TooLarge => "reply-too-large",
            })
        })
    }
}
