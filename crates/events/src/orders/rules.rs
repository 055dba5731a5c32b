//! The rules of an order: the one definition, for the edge (field by field, from raw input) and for the
//! order worker (all of them again). Pure: the present enters as an argument.
//!
//! Each field has a function that takes it as it was sent and returns it as it is kept. What breaks a
//! rule is told as a [`Fault`]; the words for it are the edge's business.

mod account;
mod amount;
mod country;
mod deadline;
mod fault;
mod platforms;
mod target_url;
mod text;

use jiff::Timestamp;

use super::{InvalidField, OrderContent};

pub use account::admit;
pub use amount::{MAX_AMOUNT, MIN_AMOUNT, amount, parse_amount, read_amount};
pub use country::country;
pub use deadline::{MAX_YEARS, deadline};
pub use fault::Fault;
pub use platforms::platforms;
pub use target_url::{MAX_URL, target_url};
pub use text::{MAX_DESCRIPTION, MAX_PLACE, MAX_TITLE, description, line, lines, place, title};

/// The content as it is kept: text in NFC, trimmed and without control characters, the country in upper
/// case, the deadline to the microsecond. Whatever breaks a rule stays, for [`check`] to find.
/// Normalising twice changes nothing more.
#[must_use]
pub fn normalise(content: OrderContent) -> OrderContent {
    let place = |text: Option<String>| text.map(|text| line(&text)).filter(|text| !text.is_empty());
    OrderContent {
        title: line(&content.title),
        description: lines(&content.description),
        target_url: line(&content.target_url),
        amount: content.amount,
        location: super::Location {
            country: country::upper(&content.location.country),
            region: place(content.location.region),
            city: place(content.location.city),
        },
        deadline: deadline::to_microsecond(content.deadline),
        platforms: content.platforms,
        image_id: content.image_id,
        source_image_id: content.source_image_id,
        track_link: content.track_link,
    }
}

/// Every field that breaks a rule, in the order of the form, under its name in the HTTP contract.
/// Empty means that the content, once normalised, is an order's.
#[must_use]
pub fn check(content: &OrderContent, now: Timestamp) -> Vec<InvalidField> {
    let location = &content.location;
    [
        ("title", title(&content.title).err()),
        ("description", description(&content.description).err()),
        ("targetUrl", target_url(&content.target_url).err()),
        ("totalAmount", amount(content.amount).err()),
        ("location.country", country(&location.country).err()),
        ("location.region", location.region.as_deref().and_then(|text| place(text).err())),
        ("location.city", location.city.as_deref().and_then(|text| place(text).err())),
        ("deadline", deadline(content.deadline, now).err()),
        ("platforms", platforms(&content.platforms).err()),
    ]
    .into_iter()
    .filter_map(|(field, fault)| fault.map(|fault| fault.in_field(field)))
    .collect()
}

#[cfg(test)]
mod tests;
