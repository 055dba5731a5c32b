//! The nouns of a customer's pages.

use jiff::Timestamp;

use super::{Layout, reasons};

/// Money of a user, in kopecks.
#[derive(Debug, Clone, Copy, Default)]
pub struct BalanceView {
    /// Free to spend.
    pub available: i64,
    /// Held by open orders.
    pub held: i64,
}

/// The state of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStatus {
    /// Requested, not decided yet.
    Pending,
    /// Accepted; its amount is held.
    Open,
    /// Refused, with a reason.
    Rejected,
    /// Called off by the customer.
    Cancelled,
    /// Its deadline passed.
    Expired,
}

impl OrderStatus {
    /// Every state, in the order of the filter.
    pub const ALL: [Self; 5] = [Self::Open, Self::Pending, Self::Expired, Self::Cancelled, Self::Rejected];

    /// Those that an order in the table can have.
    pub(crate) const DECIDED: [Self; 4] = [Self::Open, Self::Expired, Self::Cancelled, Self::Rejected];

    /// As in the API: `pending`, `open`, …
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Open => "open",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The state of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    pub(crate) fn text_key(self) -> &'static str {
        match self {
            Self::Pending => "status-pending",
            Self::Open => "status-open",
            Self::Rejected => "status-rejected",
            Self::Cancelled => "status-cancelled",
            Self::Expired => "status-expired",
        }
    }

    /// The filter speaks of several: «Открытые».
    pub(crate) fn filter_key(self) -> &'static str {
        match self {
            Self::Pending => "filter-pending",
            Self::Open => "filter-open",
            Self::Rejected => "filter-rejected",
            Self::Cancelled => "filter-cancelled",
            Self::Expired => "filter-expired",
        }
    }

    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Pending => "hourglass",
            Self::Open => "circle-check",
            Self::Rejected => "circle-x",
            Self::Cancelled => "ban",
            Self::Expired => "clock",
        }
    }
}

/// A place to advertise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Instagram.
    Instagram,
    /// Telegram.
    Telegram,
    /// VK.
    Vk,
    /// YouTube.
    Youtube,
    /// TikTok.
    Tiktok,
    /// Anything else.
    Other,
}

impl Platform {
    /// Every platform, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Instagram, Self::Telegram, Self::Vk, Self::Youtube, Self::Tiktok, Self::Other];

    /// As in the API: `instagram`, …; also its icon's name, but for `other`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Instagram => "instagram",
            Self::Telegram => "telegram",
            Self::Vk => "vk",
            Self::Youtube => "youtube",
            Self::Tiktok => "tiktok",
            Self::Other => "other",
        }
    }

    /// The platform of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|platform| platform.name() == name)
    }

    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Other => "megaphone",
            named => named.name(),
        }
    }

    pub(crate) fn text_key(self) -> &'static str {
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

/// An order's picture. Addresses are `None` until the picture is rendered.
#[derive(Debug, Clone, Default)]
pub struct PictureView {
    /// UUID.
    pub image_id: String,
    /// `/media/{id}/processed`.
    pub processed_url: Option<String>,
    /// `/media/{id}/thumbnail`.
    pub thumbnail_url: Option<String>,
    /// What to know of it, in words.
    pub notes: Vec<String>,
    /// Why it could not be rendered, in words.
    pub failure: Option<String>,
    /// `/media/{id}/failed`: what was rendered and could not be read, for administrators.
    pub failed_url: Option<String>,
}

/// An order's QR code by itself.
#[derive(Debug, Clone)]
pub struct QrView {
    /// `/api/orders/{id}/qr`, without `.png` or `.svg`.
    pub path: String,
    /// What a download is called, without `.png` or `.svg`.
    pub file: String,
}

/// An order.
#[derive(Debug, Clone)]
pub struct OrderView {
    /// UUID.
    pub id: String,
    /// 1–200 characters.
    pub title: String,
    /// 1–5,000 characters.
    pub description: String,
    /// http or https.
    pub target_url: String,
    /// `/q/<code>`, when the QR code carries a short link.
    pub short_path: Option<String>,
    /// Its QR code, if it has one to give away.
    pub qr: Option<QrView>,
    /// In kopecks.
    pub amount: i64,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// As typed.
    pub region: Option<String>,
    /// As typed.
    pub city: Option<String>,
    /// When it expires.
    pub deadline: Timestamp,
    /// One or more.
    pub platforms: Vec<Platform>,
    /// The state.
    pub status: OrderStatus,
    /// Grows with each change.
    pub version: u64,
    /// The picture, if one was given.
    pub picture: Option<PictureView>,
    /// When it was requested.
    pub created_at: Timestamp,
    /// Why it was rejected: the code, or words.
    pub rejection: Option<String>,
}

impl OrderView {
    pub(crate) fn place(&self, layout: &Layout) -> String {
        let country = crate::texts::geo::countries(layout.lang)
            .into_iter()
            .find(|country| country.code == self.country)
            .map_or(self.country.as_str(), |country| country.name);
        [self.city.as_deref(), self.region.as_deref(), Some(country)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) fn thumbnail(&self) -> Option<&str> {
        self.picture.as_ref()?.thumbnail_url.as_deref()
    }

    pub(crate) fn rejection_text(&self, layout: &Layout) -> String {
        self.rejection.as_deref().map_or_else(String::new, |reason| reasons::text(layout, reason))
    }

    pub(crate) fn image_id(&self) -> &str {
        self.picture.as_ref().map_or("", |picture| picture.image_id.as_str())
    }

    pub(crate) fn picture_title(&self) -> &'static str {
        if self.picture.is_none() && self.qr.is_some() { "order-qr" } else { "order-picture" }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.status == OrderStatus::Open
    }

    /// An order without anything, from which the row for scripts to clone is rendered.
    pub(crate) fn blank() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            description: String::new(),
            target_url: String::new(),
            short_path: None,
            qr: None,
            amount: 0,
            country: String::new(),
            region: None,
            city: None,
            deadline: Timestamp::UNIX_EPOCH,
            platforms: Vec::new(),
            status: OrderStatus::Pending,
            version: 0,
            picture: None,
            created_at: Timestamp::UNIX_EPOCH,
            rejection: None,
        }
    }
}
