//! Why something was refused, in the reader's language where the code is known.

use super::Layout;

/// Codes of rejections and refusals, and the words for them. Anything else is shown as it came.
const WORDS: &[(&str, &str)] = &[
    ("insufficient_balance", "reason-insufficient-balance"),
    ("not_a_customer", "reason-not-a-customer"),
    ("image_not_available", "reason-image-not-available"),
    ("cancelled", "reason-cancelled"),
    ("expired", "reason-expired"),
    ("rejected", "reason-rejected"),
    ("not_open", "reason-not-open"),
];

/// The words for a reason: a code of the list, else the text itself.
pub(crate) fn text(layout: &Layout, reason: &str) -> String {
    WORDS.iter().find(|row| row.0 == reason).map_or_else(|| reason.to_owned(), |row| layout.t(row.1))
}

/// Every code and its words, for scripts.
pub(crate) fn all(layout: &Layout) -> Vec<(&'static str, String)> {
    WORDS.iter().map(|row| (row.0, layout.t(row.1))).collect()
}
