use std::time::Duration;

use frankenstein::{Error, response::ErrorResponse};

use crate::telegram::{Sent, reason};

/// What a call has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Telegram has it.
    Sent { telegram_message_id: i64 },
    /// Telegram refused it for good.
    Failed { code: &'static str, reason: String, blocked: bool },
    /// Nobody can tell whether Telegram has it.
    Unknown { reason: String },
    /// Telegram wants it later (429).
    Busy { retry_after: Duration },
    /// It never left: there was no connection.
    NotSent { reason: String },
}

/// Reads the answer of a call for what it surely says.
///
/// A 5xx is `Unknown`: it comes from whatever stands between here and Telegram's own decision, and the
/// message may have been delivered behind it. So is an answer that cannot be read.
pub(crate) fn judge(answer: Result<Sent, Error>) -> Verdict {
    let error = match answer {
        Ok(sent) => return Verdict::Sent { telegram_message_id: sent.message_id },
        Err(error) => error,
    };
    match &error {
        Error::Api(refusal) => refused(refusal),
        Error::HttpReqwest(http) if http.is_connect() => Verdict::NotSent { reason: reason(&error) },
        _ => Verdict::Unknown { reason: reason(&error) },
    }
}

fn refused(refusal: &ErrorResponse) -> Verdict {
    let reason = refusal.description.clone();
    let says = |words: &str| reason.to_lowercase().contains(words);
    let (code, blocked) = match refusal.error_code {
        429 => return Verdict::Busy { retry_after: retry_after(refusal) },
        500.. => return Verdict::Unknown { reason },
        // Nothing can be sent to somebody who has blocked the bot or is no longer there.
        403 if says("blocked") || says("deactivated") => ("bot_blocked", true),
        401 | 404 => ("unauthorized", false),
        400 if says("chat not found") => ("chat_not_found", false),
        400 if says("too long") => ("message_too_long", false),
        _ => ("rejected", false),
    };
    Verdict::Failed { code, reason, blocked }
}

/// Telegram says it in a parameter, and in words.
fn retry_after(refusal: &ErrorResponse) -> Duration {
    let in_words = || refusal.description.rsplit(' ').next().and_then(|word| word.parse().ok());
    let seconds = refusal.parameters.and_then(|parameters| parameters.retry_after).or_else(in_words);
    Duration::from_secs(u64::from(seconds.unwrap_or(1).max(1)))
}

#[cfg(test)]
mod tests {
    use frankenstein::response::ResponseParameters;

    use super::*;

    fn answer(code: u64, description: &str, retry_after: Option<u16>) -> Verdict {
        judge(Err(Error::Api(ErrorResponse {
            ok: false,
            description: description.into(),
            error_code: code,
            parameters: retry_after
                .map(|seconds| ResponseParameters { migrate_to_chat_id: None, retry_after: Some(seconds) }),
        })))
    }

    #[test]
    fn what_telegram_refuses_has_failed_with_its_words() {
        for (code, description, expected, blocked) in [
            (403, "Forbidden: bot was blocked by the user", "bot_blocked", true),
            (403, "Forbidden: user is deactivated", "bot_blocked", true),
            (403, "Forbidden: bot can't initiate conversation with a user", "rejected", false),
            (400, "Bad Request: chat not found", "chat_not_found", false),
            (400, "Bad Request: message is too long", "message_too_long", false),
            (400, "Bad Request: message text is empty", "rejected", false),
            (401, "Unauthorized", "unauthorized", false),
            (404, "Not Found", "unauthorized", false),
        ] {
            let failed = Verdict::Failed { code: expected, reason: description.into(), blocked };
            assert_eq!(answer(code, description, None), failed);
        }
    }

    #[test]
    fn whatever_may_have_been_delivered_is_unknown() {
        assert!(matches!(answer(500, "Internal Server Error", None), Verdict::Unknown { .. }));
        assert!(matches!(answer(502, "Bad Gateway", None), Verdict::Unknown { .. }));
        let source = serde_json::from_str::<u8>("<html>").unwrap_err();
        let html = Error::JsonDecode { source, input: "<html>".into() };
        assert!(matches!(judge(Err(html)), Verdict::Unknown { .. }));
    }

    #[test]
    fn too_many_requests_is_later_by_the_parameter_or_by_the_words() {
        let later = |seconds| Verdict::Busy { retry_after: Duration::from_secs(seconds) };
        assert_eq!(answer(429, "Too Many Requests: retry after 9", Some(7)), later(7));
        assert_eq!(answer(429, "Too Many Requests: retry after 9", None), later(9));
        assert_eq!(answer(429, "Too Many Requests", None), later(1));
    }
}
