//! The nouns of a customer's pages.

use events::orders::{OrderStatus, Platform};
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
