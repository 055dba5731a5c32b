//! The order form.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::{BalanceView, FieldErrors, Layout, Platform, field_words};
use crate::texts::geo;

/// The form as it was typed: what a draft keeps, what `POST /dashboard/customer/create-order`
/// sends and what the page shows again. Names are those of the form's fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// IANA zone of the browser; empty without script: the layout's zone is meant.
    pub time_zone: String,
    /// API names of platforms; the field repeats.
    pub platforms: Vec<String>,
    /// UUID of the uploaded picture.
    pub image_id: String,
    /// `/media/{id}/processed`.
    pub processed_image_url: String,
    /// `/media/{id}/qr.png`.
    pub qr_code_url: String,
}

/// An order that looks like this one was created a moment ago.
#[derive(Debug, Clone)]
pub struct PossibleDuplicate {
    /// That order's id.
    pub order_id: String,
}

/// `/dashboard/customer/create-order`. Posts multipart to itself: the fields of [`OrderForm`],
/// the file `picture`, `confirmDuplicate=true` after the question, and `action`, which is
/// `create` or `clear` (removes the draft).
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
    /// When the draft shown was saved.
    pub draft_saved_at: Option<jiff::Timestamp>,
}

impl CreateOrderPage {
    fn countries(&self) -> Vec<geo::Country> {
        geo::countries(self.layout.lang)
    }

    fn regions(&self) -> Vec<&'static str> {
        geo::regions(self.layout.lang)
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
        self.form.country == code || (self.form.country.is_empty() && code == "RU")
    }

    fn is_on(&self, platform: &Platform) -> bool {
        self.form.platforms.iter().any(|name| name == platform.name())
    }

    fn has_picture(&self) -> bool {
        !self.form.processed_image_url.is_empty()
    }

    /// The amount as far as it can be read, in kopecks.
    fn amount(&self) -> i64 {
        let plain: String = self
            .form
            .total_amount
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| if c == ',' { '.' } else { c })
            .collect();
        let (rubles, kopecks) = plain.split_once('.').unwrap_or((&plain, ""));
        let kopecks = format!("{kopecks:0<2}");
        let parse = |digits: &str| digits.parse::<i64>().ok().filter(|n| *n >= 0);
        match (parse(rubles), kopecks.get(..2).and_then(parse)) {
            (Some(rubles), Some(kopecks)) => rubles.saturating_mul(100).saturating_add(kopecks),
            _ => 0,
        }
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
