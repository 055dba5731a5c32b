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

const REJECTED: &str = "delivery-reason-rejected";

/// Codes of `ReplyFailed`, `ReplyUnknown`, `EditFailed` and `DeleteFailed`, and the words for them.
const DELIVERY: &[(&str, &str)] = &[
    ("bot_blocked", "delivery-reason-bot-blocked"),
    ("chat_not_found", "delivery-reason-chat-not-found"),
    ("message_too_long", "delivery-reason-too-long"),
    ("too_large", "delivery-reason-too-large"),
    ("file_missing", "delivery-reason-file-missing"),
    ("rejected", REJECTED),
    ("never_wrote", "delivery-reason-never-wrote"),
    ("not_editable", "delivery-reason-not-editable"),
    ("empty", "delivery-reason-empty"),
    ("bot_gone", "delivery-reason-bot-gone"),
    ("unauthorized", "delivery-reason-unauthorized"),
    ("banned", "delivery-reason-banned"),
    ("timed_out", "delivery-reason-timed-out"),
    ("interrupted", "delivery-reason-interrupted"),
    ("not_sent", "delivery-reason-not-sent"),
    ("message_gone", "delivery-reason-message-gone"),
    ("too_late", "delivery-reason-too-late"),
];

/// The key of the words for why something did not go out. Of what is not known, Telegram's own words are beside it.
pub(crate) fn of_delivery(code: &str) -> &'static str {
    DELIVERY.iter().find(|row| row.0 == code).map_or(REJECTED, |row| row.1)
}

/// Every such code and the key of its words, for scripts.
pub(crate) fn deliveries() -> &'static [(&'static str, &'static str)] {
    DELIVERY
}
