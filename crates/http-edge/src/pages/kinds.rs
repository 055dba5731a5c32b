//! The kinds and states of the events, as the pages word and draw them.

use events::{
    chats::MessageType,
    orders::{OrderStatus, Platform},
};

/// What has words of its own.
pub(crate) trait Worded {
    /// The key of its text.
    fn text_key(self) -> &'static str;
}

/// What is drawn beside its words.
pub(crate) trait Drawn {
    /// The icon's name.
    fn icon(self) -> &'static str;
}

/// Every state of an order, in the order of the filter.
pub(crate) const STATUSES: [OrderStatus; 5] = [
    OrderStatus::Open,
    OrderStatus::Pending,
    OrderStatus::Expired,
    OrderStatus::Cancelled,
    OrderStatus::Rejected,
];

/// Those that an order in the table can have.
pub(crate) const DECIDED: [OrderStatus; 4] =
    [OrderStatus::Open, OrderStatus::Expired, OrderStatus::Cancelled, OrderStatus::Rejected];

/// The filter speaks of several: «Открытые».
pub(crate) const fn filter_key(status: &OrderStatus) -> &'static str {
    match status {
        OrderStatus::Pending => "filter-pending",
        OrderStatus::Open => "filter-open",
        OrderStatus::Rejected => "filter-rejected",
        OrderStatus::Cancelled => "filter-cancelled",
        OrderStatus::Expired => "filter-expired",
    }
}

impl Worded for OrderStatus {
    fn text_key(self) -> &'static str {
        match self {
            Self::Pending => "status-pending",
            Self::Open => "status-open",
            Self::Rejected => "status-rejected",
            Self::Cancelled => "status-cancelled",
            Self::Expired => "status-expired",
        }
    }
}

impl Drawn for OrderStatus {
    fn icon(self) -> &'static str {
        match self {
            Self::Pending => "hourglass",
            Self::Open => "circle-check",
            Self::Rejected => "circle-x",
            Self::Cancelled => "ban",
            Self::Expired => "clock",
        }
    }
}

impl Worded for Platform {
    fn text_key(self) -> &'static str {
        match self {
            Self::Instagram => "platform-instagram",
            Self::Telegram => "platform-telegram",
            Self::Vk => "platform-vk",
            Self::Youtube => "platform-youtube",
            Self::Tiktok => "platform-tiktok",
            Self::Other => "platform-other",
        }
    }
}

/// A platform's icon has its name.
impl Drawn for Platform {
    fn icon(self) -> &'static str {
        match self {
            Self::Other => "megaphone",
            named => named.name(),
        }
    }
}

impl Worded for MessageType {
    fn text_key(self) -> &'static str {
        match self {
            Self::Text => "kind-text",
            Self::Photo => "kind-photo",
            Self::Video => "kind-video",
            Self::Voice => "kind-voice",
            Self::Audio => "kind-audio",
            Self::VideoNote => "kind-video-note",
            Self::Document => "kind-document",
            Self::Sticker => "kind-sticker",
            Self::Animation => "kind-animation",
            Self::Location => "kind-location",
            Self::Contact => "kind-contact",
            Self::Poll => "kind-poll",
            Self::Dice => "kind-dice",
            Self::Unsupported => "kind-unsupported",
        }
    }
}
