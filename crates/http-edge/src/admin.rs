//! The back office's administration: accounts, orders, dead letters. For administrators alone.

pub(crate) mod access;
pub(crate) mod landing;
pub(crate) mod letter_pages;
pub(crate) mod letters;
pub(crate) mod order_pages;
pub(crate) mod orders;
mod search;
pub(crate) mod settle;
pub(crate) mod user_pages;
pub(crate) mod users;

use events::orders::rules;

use crate::extract::Field;

/// Characters of a reason.
const REASON: usize = 500;

/// Why an administrator does it: one line of 1 to 500 characters.
pub(crate) fn read_reason(given: Field<String>) -> Result<String, &'static str> {
    let reason = rules::line(&given.required()?);
    match reason.chars().count() {
        0 => Err("required"),
        length if length > REASON => Err("too_long"),
        _ => Ok(reason),
    }
}
