use super::Problem;
use crate::texts::{self, Lang};

impl Problem {
    /// One sentence for a form that stays on the page.
    pub(crate) fn text(&self, lang: Lang) -> String {
        words(self, lang).unwrap_or_else(|| match lang {
            Lang::Ru => self.error.to_string(),
            Lang::En => self.status.canonical_reason().unwrap_or("Error").to_owned(),
        })
    }
}

/// What a page says about a problem: words of its own, or none where the status says it all.
pub(super) fn words(problem: &Problem, lang: Lang) -> Option<String> {
    if let Some(key) = key(problem.code) {
        return Some(texts::get(lang, key));
    }
    // Russian readers are told what happened in the contract's words; for others the status has some.
    let by_status = matches!(
        problem.code,
        "not_found"
            | "unauthorized"
            | "bad_request"
            | "internal"
            | "unavailable"
            | "too_large"
            | "too_many_requests"
    );
    (lang == Lang::Ru && !by_status).then(|| problem.error.to_string())
}

/// The problems that a page can meet, and that its status does not explain.
fn key(code: &str) -> Option<&'static str> {
    Some(match code {
        "not_a_customer" => "problem-not-a-customer",
        "not_an_operator" => "problem-not-an-operator",
        "not_an_admin" => "problem-not-an-admin",
        "not_staff" => "problem-not-staff",
        "account_disabled" => "problem-account-disabled",
        "cross_origin" => "problem-cross-origin",
        "user_not_found" => "problem-user-not-found",
        "missing_fields" | "invalid_fields" => "problem-fields",
        "oneself" => "problem-oneself",
        "last_admin" => "problem-last-admin",
        "already_settled" => "problem-already-settled",
        "not_redrivable" => "problem-not-redrivable",
        "idempotency_mismatch" | "idempotency_key_required" => "problem-idempotency",
        "phone_taken" => "problem-phone-taken",
        "not_open" => "problem-not-open",
        "insufficient_balance" => "problem-insufficient-balance",
        "image_not_available" => "problem-image-not-available",
        "possible_duplicate" => "problem-possible-duplicate",
        "draft_changed" => "problem-draft-changed",
        "unsupported_image" => "problem-unsupported-image",
        "invalid_image" => "problem-invalid-image",
        "too_many_pixels" => "problem-too-many-pixels",
        "side_too_long" => "problem-side-too-long",
        "busy" => "problem-busy",
        "too_many_renderings" => "problem-too-many-renderings",
        "too_slow" => "problem-too-slow",
        "method_not_allowed" | "unsupported_media_type" => "problem-method",
        _ => return None,
    })
}
