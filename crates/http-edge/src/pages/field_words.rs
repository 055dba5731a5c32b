//! Fields that were not accepted, and the words for it.

/// A field that was not accepted.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// The field's name in the form and in the API, `totalAmount`.
    pub field: String,
    /// For programs and for wording, `too_small`.
    pub code: String,
    /// The server's own words, used when there are none here for the code.
    pub message: String,
}

/// The fields that were not accepted, in the order of the form.
pub type FieldErrors = Vec<FieldError>;

/// The words for a field's error code. The first row for a field and a code counts; a code
/// without a row is worded by the server.
const WORDS: &[(&str, &str, &str)] = &[
    ("title", "required", "error-title-required"),
    ("title", "too_long", "error-title-too-long"),
    ("description", "required", "error-description-required"),
    ("description", "too_long", "error-description-too-long"),
    ("targetUrl", "required", "error-target-url-required"),
    ("targetUrl", "invalid", "error-target-url-invalid"),
    ("targetUrl", "too_long", "error-target-url-too-long"),
    ("totalAmount", "required", "error-total-amount-required"),
    ("totalAmount", "invalid", "error-total-amount-invalid"),
    ("totalAmount", "too_small", "error-total-amount-too-small"),
    ("totalAmount", "too_large", "error-total-amount-too-large"),
    ("country", "required", "error-country-required"),
    ("country", "invalid", "error-country-required"),
    ("region", "too_long", "error-place-too-long"),
    ("city", "too_long", "error-place-too-long"),
    ("deadline", "required", "error-deadline-required"),
    ("deadline", "invalid", "error-deadline-required"),
    ("deadline", "in_the_past", "error-deadline-in-past"),
    ("deadline", "too_far", "error-deadline-too-far"),
    ("platforms", "required", "error-platforms-required"),
    ("platforms", "invalid", "error-platforms-required"),
    ("platforms", "repeated", "error-platforms-repeated"),
    ("imageId", "invalid", "error-picture-invalid"),
    ("imageId", "not_available", "error-picture-not-available"),
    ("trackLink", "invalid", "error-track-link-invalid"),
    ("picture", "too_large", "error-picture-too-large"),
    ("picture", "unsupported", "error-picture-unsupported"),
    ("picture", "invalid", "error-picture-invalid"),
    ("phone", "required", "error-phone-required"),
    ("phone", "invalid", "error-phone-invalid"),
    ("phone", "taken", "error-phone-taken"),
    ("name", "required", "error-name-required"),
    ("name", "too_long", "error-name-too-long"),
    ("password", "required", "error-password-too-short"),
    ("password", "too_short", "error-password-too-short"),
    ("password", "too_long", "error-password-too-long"),
    ("password", "too_common", "error-password-too-common"),
    ("currentPassword", "required", "error-current-password"),
    ("currentPassword", "wrong", "error-current-password"),
    ("newPassword", "required", "error-password-too-short"),
    ("newPassword", "too_short", "error-password-too-short"),
    ("newPassword", "too_long", "error-password-too-long"),
    ("newPassword", "too_common", "error-password-too-common"),
    ("amount", "required", "error-total-amount-required"),
    ("amount", "invalid", "error-total-amount-invalid"),
    ("amount", "too_small", "error-credit-too-small"),
    ("amount", "too_large", "error-credit-too-large"),
    ("reason", "required", "error-reason"),
    ("reason", "too_long", "error-reason"),
    ("disableReason", "required", "error-reason"),
    ("disableReason", "too_long", "error-reason"),
    ("welcome", "too_long", "error-bot-text-too-long"),
    ("away", "too_long", "error-bot-text-too-long"),
    ("hours", "required", "error-bot-hours-required"),
    ("hours", "invalid", "error-bot-hours-required"),
    ("zone", "invalid", "error-bot-zone"),
    ("day1", "invalid", "error-bot-day"),
    ("day2", "invalid", "error-bot-day"),
    ("day3", "invalid", "error-bot-day"),
    ("day4", "invalid", "error-bot-day"),
    ("day5", "invalid", "error-bot-day"),
    ("day6", "invalid", "error-bot-day"),
    ("day7", "invalid", "error-bot-day"),
    ("role", "required", "error-role-required"),
    ("role", "invalid", "error-role-required"),
];

/// The form's control for a field of the API: a picture has an id there, and a file here.
pub(crate) fn control(field: &str) -> &str {
    match field {
        "imageId" => "picture",
        other => other,
    }
}

pub(crate) fn key(field: &str, code: &str) -> Option<&'static str> {
    WORDS.iter().find(|row| row.0 == field && row.1 == code).map(|row| row.2)
}

/// Every word for the order form's fields, named `field.code`, for scripts.
pub(crate) fn of_order_form() -> impl Iterator<Item = (String, &'static str)> {
    const ELSEWHERE: [&str; 20] = [
        "phone",
        "name",
        "password",
        "role",
        "currentPassword",
        "newPassword",
        "amount",
        "reason",
        "disableReason",
        "welcome",
        "away",
        "hours",
        "zone",
        "day1",
        "day2",
        "day3",
        "day4",
        "day5",
        "day6",
        "day7",
    ];
    WORDS.iter().filter(|row| !ELSEWHERE.contains(&row.0)).map(|row| (format!("{}.{}", row.0, row.1), row.2))
}

#[cfg(test)]
mod tests {
    use events::orders::{OrderContent, Platform, rules};
    use jiff::{SignedDuration, Timestamp};

    use super::*;

    fn worded(content: &OrderContent, now: Timestamp) -> usize {
        let faults = rules::check(content, now);
        for fault in &faults {
            let name = fault.field.rsplit('.').next().unwrap();
            assert!(key(name, &fault.code).is_some(), "no words for {} {}", fault.field, fault.code);
        }
        faults.len()
    }

    #[test]
    fn every_fault_that_the_rules_find_has_words() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24);
        let mut missing = OrderContent::sample();
        missing.title.clear();
        missing.description.clear();
        missing.target_url.clear();
        missing.amount = 1;
        missing.location.country.clear();
        missing.deadline = now;
        missing.platforms.clear();
        assert_eq!(worded(&missing, now), 7);
        let long = "x".repeat(6_000);
        let mut excessive = OrderContent::sample();
        excessive.title.clone_from(&long);
        excessive.description.clone_from(&long);
        excessive.target_url = format!("https://example.org/{long}");
        excessive.amount = i64::MAX;
        excessive.location.country = "ZZ".into();
        excessive.location.region = Some(long.clone());
        excessive.location.city = Some(long);
        excessive.deadline = now + SignedDuration::from_hours(24 * 366 * 6);
        excessive.platforms = vec![Platform::Vk, Platform::Vk];
        assert_eq!(worded(&excessive, now), 9);
        excessive.target_url = "ftp://example.org".into();
        assert!(rules::parse_amount("many").is_err_and(|fault| key("totalAmount", fault.code()).is_some()));
        worded(&excessive, now);
    }
}
