use events::orders::{InvalidField, Location, OrderContent, Platform, rules};
use jiff::{Timestamp, civil::DateTime};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    extract::{Field, NumberText},
    texts,
};

/// An order as it was sent: each field may be missing or of a wrong type.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct OrderInput {
    pub(crate) title: Field<String>,
    pub(crate) description: Field<String>,
    pub(crate) target_url: Field<String>,
    pub(crate) total_amount: Field<NumberText>,
    pub(crate) location: Field<PlaceInput>,
    pub(crate) deadline: Field<String>,
    pub(crate) time_zone: Field<String>,
    pub(crate) platforms: Field<Vec<String>>,
    pub(crate) image_id: Field<Uuid>,
    pub(crate) processed_image_url: Field<String>,
    pub(crate) track_link: Field<bool>,
    pub(crate) customer_id: Field<String>,
    pub(crate) confirm_duplicate: Field<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlaceInput {
    pub(crate) country: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) city: Option<String>,
}

/// The body of `POST /api/orders`, for the documentation alone: [`OrderInput`] reads it leniently.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewOrder {
    /// 1 to 200 characters.
    #[schema(max_length = 200)]
    title: String,
    /// 1 to 5,000 characters.
    #[schema(max_length = 5000)]
    description: String,
    /// http or https.
    #[schema(max_length = 2048)]
    target_url: String,
    /// Rubles: 100 to 100,000,000, at most two decimals.
    total_amount: f64,
    location: NewPlace,
    /// In the future, at most five years away. Without an offset it is meant in `timeZone`.
    #[schema(value_type = String, format = DateTime)]
    deadline: Timestamp,
    /// IANA name, for a deadline without an offset; Moscow when missing.
    time_zone: Option<String>,
    /// One or more of `instagram`, `telegram`, `vk`, `youtube`, `tiktok`, `other`.
    platforms: Vec<String>,
    image_id: Option<Uuid>,
    /// As answered by `POST /api/images/process`; stands for the picture when `imageId` is missing.
    processed_image_url: Option<String>,
    qr_code_url: Option<String>,
    /// The QR code carries a short link of this site, which leads to `targetUrl` and counts who comes. True when
    /// missing, unless the picture carries `targetUrl` itself already.
    track_link: Option<bool>,
    /// Must be the caller's own id.
    customer_id: Option<Uuid>,
    /// The same order was created a moment ago, and this one is meant too.
    confirm_duplicate: Option<bool>,
}

#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewPlace {
    /// ISO 3166-1 alpha-2.
    country: String,
    #[schema(max_length = 100)]
    region: Option<String>,
    #[schema(max_length = 100)]
    city: Option<String>,
}

/// An order that was read: normalised, but not yet held against the rules.
#[derive(Debug)]
pub(crate) struct ReadOrder {
    /// What could not be read has a placeholder here.
    pub(crate) content: OrderContent,
    /// Whether the code is to carry a short link; `None` when nothing was said.
    pub(crate) track_link: Option<bool>,
    unread: Vec<InvalidField>,
}

const ORDER_OF_THE_FORM: [&str; 10] = [
    "title",
    "description",
    "targetUrl",
    "totalAmount",
    "location.country",
    "location.region",
    "location.city",
    "deadline",
    "platforms",
    "imageId",
];

impl OrderInput {
    pub(crate) fn read(self) -> ReadOrder {
        let mut unread = Vec::new();
        let mut wrong = |field: &str, code: &str| {
            unread.push(InvalidField { field: field.to_owned(), code: code.to_owned() });
        };
        let mut text = |field: &str, value: Field<String>| {
            value.required().unwrap_or_else(|code| {
                wrong(field, code);
                String::new()
            })
        };
        let title = text("title", self.title);
        let description = text("description", self.description);
        let target_url = text("targetUrl", self.target_url);
        let amount = self
            .total_amount
            .required()
            .map_err(str::to_owned)
            .and_then(|number| rules::parse_amount(&number.0).map_err(|fault| fault.code().to_owned()));
        let amount = amount.unwrap_or_else(|code| {
            wrong("totalAmount", &code);
            0
        });
        let place = self.location.required().unwrap_or_else(|code| {
            wrong("location.country", code);
            PlaceInput::default()
        });
        let zone = self.time_zone.given();
        let deadline = self.deadline.required().and_then(|text| read_deadline(&text, zone.as_deref()));
        let deadline = deadline.unwrap_or_else(|code| {
            wrong("deadline", code);
            Timestamp::UNIX_EPOCH
        });
        let platforms = self
            .platforms
            .required()
            .and_then(|names| names.iter().map(|name| Platform::from_name(name).ok_or("invalid")).collect());
        let platforms: Vec<Platform> = platforms.unwrap_or_else(|code| {
            wrong("platforms", code);
            Vec::new()
        });
        let image_id = image(self.image_id, self.processed_image_url).unwrap_or_else(|code| {
            wrong("imageId", code);
            None
        });
        let track_link = self.track_link.optional().unwrap_or_else(|code| {
            wrong("trackLink", code);
            None
        });
        let content = rules::normalise(OrderContent {
            title,
            description,
            target_url,
            amount,
            location: Location {
                country: place.country.unwrap_or_default(),
                region: place.region,
                city: place.city,
            },
            deadline,
            platforms,
            image_id,
            source_image_id: None,
            track_link: false,
        });
        ReadOrder { content, track_link, unread }
    }
}

impl ReadOrder {
    /// Everything was there and of its type.
    pub(crate) fn is_whole(&self) -> bool {
        self.unread.is_empty()
    }

    /// Kopecks, as far as they could be read.
    pub(crate) fn amount(&self) -> Option<i64> {
        let unread = self.unread.iter().any(|error| error.field == "totalAmount");
        (!unread).then_some(self.content.amount)
    }

    /// The content if it keeps the rules, else every field that does not, in the order of the form.
    pub(crate) fn check(self, now: Timestamp) -> Result<OrderContent, Vec<InvalidField>> {
        let mut errors = self.unread;
        for error in rules::check(&self.content, now) {
            if errors.iter().all(|known| known.field != error.field) {
                errors.push(error);
            }
        }
        if errors.is_empty() {
            return Ok(self.content);
        }
        errors.sort_by_key(|error| ORDER_OF_THE_FORM.iter().position(|field| *field == error.field));
        Err(errors)
    }
}

/// RFC 3339, or a local time (`2026-11-24T18:00`) in a zone: the given one if there is one of its name, else
/// Moscow's.
fn read_deadline(text: &str, zone: Option<&str>) -> Result<Timestamp, &'static str> {
    let text = text.trim();
    if text.is_empty() {
        return Err("required");
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let zone = texts::time::zone(zone.filter(|zone| !zone.is_empty()));
    let local = text.parse::<DateTime>().and_then(|local| local.to_zoned(zone));
    local.map(|zoned| zoned.timestamp()).map_err(|_| "invalid")
}

fn image(id: Field<Uuid>, processed_url: Field<String>) -> Result<Option<Uuid>, &'static str> {
    if let Some(id) = id.optional()? {
        return Ok(Some(id));
    }
    match processed_url.optional()?.filter(|url| !url.is_empty()) {
        Some(url) => crate::images::image_of_url(&url).map(Some).ok_or("invalid"),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(body: &str) -> Vec<(String, String)> {
        let now: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let input: OrderInput = serde_json::from_str(body).unwrap();
        match input.read().check(now) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        }
    }

    #[test]
    fn every_wrong_field_is_told_once_and_in_the_order_of_the_form() {
        let told = errors(
            r#"{"title": 5, "description": " ", "targetUrl": "ftp://x", "totalAmount": 99.999,
                "deadline": "tomorrow", "platforms": ["vk", "myspace"], "location": {"country": "ZZ"}}"#,
        );
        let told: Vec<(&str, &str)> =
            told.iter().map(|(field, code)| (field.as_str(), code.as_str())).collect();
        assert_eq!(
            told,
            [
                ("title", "invalid"),
                ("description", "required"),
                ("targetUrl", "invalid"),
                ("totalAmount", "invalid"),
                ("location.country", "invalid"),
                ("deadline", "invalid"),
                ("platforms", "invalid"),
            ]
        );
    }

    #[test]
    fn a_deadline_is_meant_in_its_zone() {
        let read = |text: &str, zone| read_deadline(text, zone).map(|time| time.to_string());
        let utc = |text: &str| Ok(text.to_owned());
        assert_eq!(read("2026-11-24T18:00", Some("Asia/Vladivostok")), utc("2026-11-24T08:00:00Z"));
        assert_eq!(read("2026-11-24T18:00", None), utc("2026-11-24T15:00:00Z"));
        assert_eq!(read("2026-11-24T18:00", Some("Mars/Olympus")), utc("2026-11-24T15:00:00Z"));
        assert_eq!(read("2026-11-24T18:00+10:00", Some("Europe/Moscow")), utc("2026-11-24T08:00:00Z"));
        assert_eq!(read("soon", None), Err("invalid"));
        assert_eq!(read(" ", None), Err("required"));
    }

    #[test]
    fn an_order_is_read_whole() {
        let body = r#"{"title": " A ", "description": "b", "targetUrl": "https://example.org/",
            "totalAmount": 99.90, "deadline": "2026-12-01T00:00:00+03:00", "platforms": ["vk"],
            "location": {"country": "ru"}, "unknown": {"is": "ignored"}}"#;
        assert_eq!(errors(body), [("totalAmount".to_owned(), "too_small".to_owned())]);
        let input: OrderInput = serde_json::from_str(body).unwrap();
        let read = input.read();
        assert!(read.is_whole());
        assert_eq!((read.content.title.as_str(), read.content.amount), ("A", 9_990));
        assert_eq!(read.content.location.country, "RU");
    }
}
