//! The operator's desk: the list of chats, and the page around list, conversation and person.

use askama::Template;
use events::chats::{Direction, MessageType};
use jiff::Timestamp;

use super::{
    AttachmentView, Conversation, DeskLines, Layout, MessageView, NoteView, desk_chat::Entry,
    kinds::Worded as _,
};

/// `/dashboard/operator-chats` and `/dashboard/users/{userId}/operator-chat`, both with the
/// list's `?status=&search=`.
#[derive(Debug, Template)]
#[template(path = "desk.html")]
pub struct DeskPage {
    /// The common part.
    pub layout: Layout,
    /// What is wrong with the bots' lines.
    pub lines: DeskLines,
    /// The left pane.
    pub list: ChatList,
    /// The reader's account.
    pub me: String,
    /// The open chat, if any.
    pub conversation: Option<Conversation>,
}

/// The left pane.
#[derive(Debug, Clone, Default)]
pub struct ChatList {
    /// Newest first.
    pub rows: Vec<ChatRow>,
    /// Of `?status=`.
    pub filter: ChatFilter,
    /// Of `?search=`.
    pub search: String,
    /// For `?cursor=` of the next page; `None` on the last.
    pub next_cursor: Option<String>,
}

/// Which chats are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChatFilter {
    /// Open chats.
    #[default]
    Open,
    /// Closed chats.
    Closed,
    /// Open chats that are one's own to answer.
    Mine,
    /// Open chats that are nobody's in particular.
    Unassigned,
}

impl ChatFilter {
    /// Every filter and the key of its words, in the order in which they are offered.
    pub(crate) const ALL: [(Self, &'static str); 4] = [
        (Self::Open, "desk-open"),
        (Self::Mine, "desk-mine"),
        (Self::Unassigned, "desk-unassigned"),
        (Self::Closed, "desk-closed"),
    ];

    /// As in `?status=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Mine => "mine",
            Self::Unassigned => "unassigned",
        }
    }

    /// The filter of `?status=`; open unless it says another one.
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .map(|(filter, _)| filter)
            .find(|filter| filter.name() == name)
            .unwrap_or_default()
    }

    /// As the API asks for it: `status` and `assignee`.
    pub(crate) const fn asked(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Open => ("open", None),
            Self::Closed => ("closed", None),
            Self::Mine => ("open", Some("me")),
            Self::Unassigned => ("open", Some("nobody")),
        }
    }
}

/// The newest message of a chat.
#[derive(Debug, Clone)]
pub struct LastLine {
    /// Who wrote it.
    pub direction: Direction,
    /// What it is.
    pub kind: MessageType,
    /// Its text or caption.
    pub text: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// A row of the list.
#[derive(Debug, Clone, Default)]
pub struct ChatRow {
    /// Telegram's user id.
    pub user_id: i64,
    /// Telegram's first name.
    pub first_name: String,
    /// Telegram's last name.
    pub last_name: Option<String>,
    /// Without `@`.
    pub username: Option<String>,
    /// Open or closed.
    pub open: bool,
    /// Messages from the person that nobody has read.
    pub unread: i64,
    /// The person has blocked the bot.
    pub bot_blocked: bool,
    /// Since when the person waits for an answer.
    pub waiting_since: Option<Timestamp>,
    /// A reply failed or its outcome is unknown.
    pub delivery_trouble: bool,
    /// Who answers.
    pub assignee: Option<String>,
    /// The person is not heard.
    pub banned: bool,
    /// What a search has found in a message, and the message.
    pub hit: Option<(String, String)>,
    /// The newest message.
    pub last: Option<LastLine>,
}

impl ChatRow {
    /// What to call the person: names, else username, else the id.
    pub(crate) fn name(&self) -> String {
        full_name(self.user_id, &self.first_name, self.last_name.as_deref(), self.username.as_deref())
    }

    pub(crate) fn letter(&self) -> String {
        letter(&self.name())
    }

    pub(crate) fn hue(&self) -> i64 {
        self.user_id.rem_euclid(8)
    }

    pub(crate) fn last_text(&self, layout: &Layout) -> String {
        if let Some((text, _)) = &self.hit {
            return text.clone();
        }
        self.last
            .as_ref()
            .map(|last| match last.text.as_deref() {
                Some(text) if !text.is_empty() => text.chars().take(120).collect(),
                _ => layout.t(last.kind.text_key()),
            })
            .unwrap_or_default()
    }

    /// The message that was found, as a place in the page.
    pub(crate) fn hit_anchor(&self) -> String {
        self.hit.as_ref().map(|(_, id)| format!("#m{id}")).unwrap_or_default()
    }

    pub(crate) fn is_last_ours(&self) -> bool {
        self.hit.is_none() && self.last.as_ref().is_some_and(|last| last.direction == Direction::Out)
    }

    pub(crate) fn last_at(&self) -> Option<&Timestamp> {
        self.last.as_ref().map(|last| &last.at)
    }
}

pub(crate) fn full_name(user_id: i64, first: &str, last: Option<&str>, username: Option<&str>) -> String {
    let name = [first.trim(), last.unwrap_or_default().trim()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    match username {
        _ if !name.is_empty() => name,
        Some(username) if !username.is_empty() => format!("@{username}"),
        _ => user_id.to_string(),
    }
}

/// The first letter or digit of a name; emoji and punctuation make poor avatars.
pub(crate) fn letter(name: &str) -> String {
    name.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "•".to_owned(), |c| c.to_uppercase().collect())
}

impl DeskPage {
    /// The list's own state, carried along by links to chats: `?status=closed&search=…`.
    fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if self.list.filter != ChatFilter::Open {
            query.append_pair("status", self.list.filter.name());
        }
        if !self.list.search.is_empty() {
            query.append_pair("search", &self.list.search);
        }
        match query.finish() {
            query if query.is_empty() => query,
            query => format!("?{query}"),
        }
    }

    fn next_url(&self) -> Option<String> {
        let cursor = self.list.next_cursor.as_deref()?;
        let cursor: String = url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
        let query = self.query();
        let glue = if query.is_empty() { '?' } else { '&' };
        Some(format!("/dashboard/operator-chats{query}{glue}cursor={cursor}"))
    }

    fn is_filter(&self, name: &str) -> bool {
        self.list.filter.name() == name
    }

    fn filters() -> [(&'static str, &'static str); 4] {
        ChatFilter::ALL.map(|(filter, key)| (filter.name(), key))
    }

    fn delivery_reasons() -> &'static [(&'static str, &'static str)] {
        super::reasons::deliveries()
    }

    fn is_current(&self, row: &ChatRow) -> bool {
        self.conversation.as_ref().is_some_and(|chat| chat.person.user_id == row.user_id)
    }

    /// What the desk's scripts say by themselves.
    fn words() -> [&'static str; 67] {
        [
            "kind-text",
            "kind-photo",
            "kind-video",
            "kind-voice",
            "kind-audio",
            "kind-video-note",
            "kind-document",
            "kind-sticker",
            "kind-animation",
            "kind-location",
            "kind-contact",
            "kind-poll",
            "kind-dice",
            "kind-unsupported",
            "delivery-queued",
            "delivery-sending",
            "delivery-sent",
            "delivery-failed",
            "delivery-unknown",
            "attachment-file",
            "album-place",
            "unit-b",
            "unit-kb",
            "unit-mb",
            "live-lost",
            "chat-open",
            "chat-closed",
            "chat-close",
            "chat-reopen",
            "desk-typing",
            "desk-older-loading",
            "desk-older-failed",
            "desk-announce",
            "composer-too-long",
            "composer-failed",
            "composer-offline",
            "reply-newer-exists",
            "person-blocked",
            "fact-forward",
            "fact-quote",
            "fact-place",
            "fact-contact",
            "fact-own-contact",
            "fact-poll",
            "fact-closed-poll",
            "fact-option",
            "fact-dice",
            "fact-start",
            "change-edit-queued",
            "change-edit-failed",
            "change-delete-queued",
            "change-delete-failed",
            "message-before",
            "delivery-in",
            "composer-blocked",
            "composer-banned",
            "composer-not-found",
            "composer-too-many",
            "composer-too-large",
            "composer-editing",
            "composer-answering",
            "desk-notify-on",
            "desk-notify-off",
            "desk-notify-denied",
            "desk-none-mine",
            "confirm-delete",
            "action-failed",
        ]
    }

    fn blank_row(&self) -> ChatRow {
        ChatRow::default()
    }
}
