//! The order form.

use askama::Template;
use events::{
    images::{CodeSize, Corner},
    orders::{Platform, rules},
};
use serde::{Deserialize, Serialize};

use super::{
    BalanceView, FieldErrors, Layout, field_words,
    kinds::{Drawn as _, Worded as _},
};
use crate::texts::geo;

/// The form as it was typed: what a draft keeps, what `POST /dashboard/customer/create-order`
/// sends and what the page shows again. Names are those of the form's fields.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderForm {
    /// UUID made when the form was rendered: the order's idempotency key.
    pub order_id: String,
    /// Title.
    pub title: String,
    /// Description.
    pub description: String,
    /// Target link.
    pub target_url: String,
    /// Rubles as typed: `1500`, `1 500,50`.
    pub total_amount: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Region.
    pub region: String,
    /// City.
    pub city: String,
    /// `datetime-local`: `2026-11-24T18:00`, in `time_zone`.
    pub deadline: String,
    /// IANA zone; empty before anything is chosen: the reader's is meant.
    pub time_zone: String,
    /// API names of platforms; the field repeats.
    pub platforms: Vec<String>,
    /// UUID of the uploaded picture.
    pub image_id: String,
    /// `/media/{id}/processed`.
    pub processed_image_url: String,
    /// `/media/{id}/qr.png`.
    pub qr_code_url: String,
    /// Where the QR code stands on the picture, a name of [`Corner`].
    pub corner: String,
    /// How large it is, a name of [`CodeSize`].
    pub size: String,
    /// The QR code carries a short link that counts who comes.
    pub track_link: bool,
}

impl Default for OrderForm {
    /// Blank, in Russia, with a counted link.
    fn default() -> Self {
        Self {
            order_id: String::new(),
            title: String::new(),
            description: String::new(),
            target_url: String::new(),
            total_amount: String::new(),
            country: "RU".to_owned(),
            region: String::new(),
            city: String::new(),
            deadline: String::new(),
            time_zone: String::new(),
            platforms: Vec::new(),
            image_id: String::new(),
            processed_image_url: String::new(),
            qr_code_url: String::new(),
            corner: Corner::default().name().to_owned(),
            size: CodeSize::default().name().to_owned(),
            track_link: true,
        }
    }
}

/// An order that looks like this one was created a moment ago.
#[derive(Debug, Clone)]
pub struct PossibleDuplicate {
    /// That order's id.
    pub order_id: String,
}

/// `/dashboard/customer/create-order`. Posts multipart to itself: the fields of [`OrderForm`],
/// the file `picture`, `confirmDuplicate=true` after the question, and `action`, which is
/// `create`, `save` (keeps the draft) or `clear` (removes it).
#[derive(Debug, Template)]
#[template(path = "create_order.html")]
pub struct CreateOrderPage {
    /// The common part.
    pub layout: Layout,
    /// As typed, restored from the draft, or blank with a fresh `order_id`.
    pub form: OrderForm,
    /// What was not accepted.
    pub errors: FieldErrors,
    /// Something that is wrong with no single field, in words.
    pub problem: Option<String>,
    /// Set when the balance did not cover the amount: what is missing, in kopecks.
    pub shortfall: Option<i64>,
    /// Set when the same order was created a moment ago; asks whether this one is meant too.
    pub possible_duplicate: Option<PossibleDuplicate>,
    /// Of the customer.
    pub balance: BalanceView,
    /// When the draft that the form goes on from was saved.
    pub draft_saved_at: Option<jiff::Timestamp>,
}

impl CreateOrderPage {
    fn countries(&self) -> Vec<geo::Country> {
        geo::countries(self.layout.lang)
    }

    fn regions(&self) -> Vec<&'static str> {
        geo::regions(self.layout.lang)
    }

    fn cities(&self) -> Vec<&'static str> {
        geo::cities(self.layout.lang, &self.form.region)
    }

    /// The zone that the deadline is meant in: the form's, else the reader's.
    fn zone_id(&self) -> &str {
        let own = self.layout.zone.iana_name().unwrap_or("Europe/Moscow");
        if self.form.time_zone.is_empty() { own } else { &self.form.time_zone }
    }

    fn zones(&self) -> Vec<geo::Zone> {
        geo::zones(self.layout.lang, Some(self.zone_id()), self.layout.now)
    }

    fn corners(&self) -> Vec<(&'static str, String)> {
        Corner::ALL
            .into_iter()
            .map(|corner| {
                let key = match corner {
                    Corner::LowerRight => "corner-lower-right",
                    Corner::LowerLeft => "corner-lower-left",
                    Corner::UpperRight => "corner-upper-right",
                    Corner::UpperLeft => "corner-upper-left",
                };
                (corner.name(), self.layout.t(key))
            })
            .collect()
    }

    fn sizes(&self) -> Vec<(&'static str, String)> {
        CodeSize::ALL
            .into_iter()
            .map(|size| {
                let key = match size {
                    CodeSize::Normal => "code-size-normal",
                    CodeSize::Large => "code-size-large",
                    CodeSize::Largest => "code-size-largest",
                };
                (size.name(), self.layout.t(key))
            })
            .collect()
    }

    /// What the draft was saved at, for the next one to go on from.
    /// What is shown is the draft, and not what has just been sent.
    fn is_restored(&self) -> bool {
        self.errors.is_empty() && self.problem.is_none() && self.possible_duplicate.is_none()
    }

    fn draft_version(&self) -> String {
        self.draft_saved_at.map(|at| at.to_string()).unwrap_or_default()
    }

    fn field_words(&self) -> Vec<(String, String)> {
        field_words::of_order_form().map(|(name, key)| (name, self.layout.t(key))).collect()
    }

    /// The summary goes down the form as the eye does.
    fn errors_in_order(&self) -> FieldErrors {
        const ORDER: [&str; 10] = [
            "title",
            "description",
            "platforms",
            "targetUrl",
            "picture",
            "country",
            "region",
            "city",
            "deadline",
            "totalAmount",
        ];
        let mut errors = self.errors.clone();
        errors
            .sort_by_key(|error| ORDER.iter().position(|field| *field == field_words::control(&error.field)));
        errors
    }

    fn is_country(&self, code: &str) -> bool {
        self.form.country == code
    }

    fn is_on(&self, platform: &Platform) -> bool {
        self.form.platforms.iter().any(|name| name == platform.name())
    }

    fn has_picture(&self) -> bool {
        !self.form.processed_image_url.is_empty()
    }

    /// The amount as far as it can be read, in kopecks.
    fn amount(&self) -> i64 {
        rules::parse_amount(&self.form.total_amount).unwrap_or_default().max(0)
    }

    fn balance_after(&self) -> i64 {
        self.balance.available.saturating_sub(self.amount())
    }

    fn missing(&self) -> Option<i64> {
        self.shortfall.or_else(|| (self.balance_after() < 0).then(|| -self.balance_after()))
    }

    fn missing_text(&self) -> String {
        self.missing().map_or_else(String::new, |kopecks| {
            let amount = self.layout.money(kopecks);
            self.layout.tv("summary-short", "amount", amount)
        })
    }
}
