use std::time::Duration;

use crate::telegram::{CallError, Refusal};

/// What Telegram says of what it has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    /// What it calls the messages that the call became; none of a change.
    pub(crate) telegram_message_ids: Vec<i64>,
    pub(crate) files: Vec<Remembered>,
}

/// What Telegram calls a file that it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    pub(crate) sha256: String,
    /// As what it was sent.
    pub(crate) kind: &'static str,
    pub(crate) telegram_file_id: String,
}

/// What a call has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Telegram has it, or it was so already.
    Sent(Answer),
    /// Telegram refused it for good.
    Failed { code: &'static str, reason: String, blocked: bool },
    /// Telegram refused it as it was, and so has sent nothing: it may go another way.
    Refused { instead: Instead, reason: String },
    /// Nobody can tell whether Telegram has it.
    Unknown { reason: String },
    /// Telegram wants it later (429).
    Busy { retry_after: Duration },
    /// It never left: there was no connection.
    NotSent { reason: String },
    /// It never left, for a reason of its own: its file cannot be read at the moment.
    Later { reason: String },
}

/// Another way for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instead {
    Plain,
    Document,
    Upload,
}

/// There is nothing at Telegram that could be changed.
pub(crate) fn not_sent(reason: &str) -> Verdict {
    Verdict::Failed { code: "not_sent", reason: reason.into(), blocked: false }
}

/// Reads the answer of a call for what it surely says.
///
/// A 5xx is `Unknown`: it comes from whatever stands between here and Telegram's own decision, and the
/// message may have been delivered behind it. So is an answer that cannot be read.
pub(crate) fn judge(answer: Result<Answer, CallError>) -> Verdict {
    match answer {
        Ok(answer) => Verdict::Sent(answer),
        Err(CallError::Refused(refusal)) => refused(refusal),
        Err(CallError::NoConnection(reason)) => Verdict::NotSent { reason },
        Err(CallError::Lost(reason)) => Verdict::Unknown { reason },
    }
}

/// Telegram's words for entities that do not fit their text.
const ENTITIES: [&str; 2] = ["parse entities", "entity_"];
/// Pictures that Telegram does not take as pictures.
const PICTURE: [&str; 5] = [
    "photo_invalid_dimensions",
    "too big for a photo",
    "image_process_failed",
    "photo_ext_invalid",
    "photo_save",
];
/// Files that it does not know any more, or not as this.
const FILE_ID: [&str; 5] =
    ["file identifier", "file of type", "file_reference", "file_id_invalid", "invalid file_id"];

fn refused(refusal: Refusal) -> Verdict {
    let words = refusal.description.to_lowercase();
    let says = |what: &str| words.contains(what);
    let says_any = |what: &[&str]| what.iter().any(|what| words.contains(what));
    let instead = match refusal.error_code {
        429 => return Verdict::Busy { retry_after: retry_after(&refusal) },
        500.. => return Verdict::Unknown { reason: refusal.description },
        // As after the first time, had its answer come.
        400 if says("message is not modified") || says("message to delete not found") => {
            return Verdict::Sent(Answer::default());
        }
        400 if says_any(&ENTITIES) => Some(Instead::Plain),
        400 if says_any(&PICTURE) => Some(Instead::Document),
        400 if says_any(&FILE_ID) => Some(Instead::Upload),
        _ => None,
    };
    let reason = refusal.description;
    if let Some(instead) = instead {
        return Verdict::Refused { instead, reason };
    }
    let (code, blocked) = match refusal.error_code {
        // Nothing can be sent to somebody who has blocked the bot or is no longer there.
        403 if says("blocked") || says("deactivated") => ("bot_blocked", true),
        401 | 404 => ("unauthorized", false),
        413 => ("too_large", false),
        400 if says("chat not found") => ("chat_not_found", false),
        400 if says("too long") || says("too_long") => ("message_too_long", false),
        400 if says("too big") || says("too large") => ("too_large", false),
        400 if says("message to edit not found") || says("message_id_invalid") => ("message_gone", false),
        400 if says("can't be deleted") => ("too_late", false),
        _ => ("rejected", false),
    };
    Verdict::Failed { code, reason, blocked }
}

/// Telegram says it in a parameter, and in words.
fn retry_after(refusal: &Refusal) -> Duration {
    let in_words = || refusal.description.rsplit(' ').next().and_then(|word| word.parse().ok());
    let seconds: Option<u64> = refusal.retry_after.or_else(in_words);
    Duration::from_secs(seconds.unwrap_or(1).clamp(1, LONGEST))
}

/// Longer than any that is meant, and short enough for every clock here: a year.
const LONGEST: u64 = 366 * 24 * 3_600;

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(error_code: u64, description: &str, retry_after: Option<u64>) -> Verdict {
        judge(Err(CallError::Refused(Refusal { error_code, description: description.into(), retry_after })))
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
            (400, "Bad Request: message to edit not found", "message_gone", false),
            (400, "Bad Request: message can't be edited", "rejected", false),
            (400, "Bad Request: message can't be deleted for everyone", "too_late", false),
            (400, "Bad Request: file is too big", "too_large", false),
            (413, "Request Entity Too Large", "too_large", false),
            (401, "Unauthorized", "unauthorized", false),
            (404, "Not Found", "unauthorized", false),
        ] {
            let failed = Verdict::Failed { code: expected, reason: description.into(), blocked };
            assert_eq!(answer(code, description, None), failed);
        }
    }

    #[test]
    fn what_telegram_refuses_as_it_was_may_go_another_way() {
        for (description, expected) in [
            ("Bad Request: can't parse entities: character at offset 3", Instead::Plain),
            ("Bad Request: ENTITY_BOUNDS_INVALID", Instead::Plain),
            ("Bad Request: PHOTO_INVALID_DIMENSIONS", Instead::Document),
            (
                "Bad Request: file of size 11000000 bytes is too big for a photo; the maximum",
                Instead::Document,
            ),
            ("Bad Request: wrong file identifier/HTTP URL specified", Instead::Upload),
            ("Bad Request: can't use file of type Document as Photo", Instead::Upload),
        ] {
            let Verdict::Refused { instead, reason } = answer(400, description, None) else {
                panic!("{description}");
            };
            assert_eq!((instead, reason.as_str()), (expected, description));
        }
        assert!(matches!(answer(500, "Bad Request: ENTITY_BOUNDS_INVALID", None), Verdict::Unknown { .. }));
    }

    #[test]
    fn what_is_so_already_is_done() {
        let done = Verdict::Sent(Answer::default());
        assert_eq!(answer(400, "Bad Request: message is not modified: specified new", None), done);
        assert_eq!(answer(400, "Bad Request: message to delete not found", None), done);
    }

    #[test]
    fn whatever_may_have_been_delivered_is_unknown() {
        assert!(matches!(answer(500, "Internal Server Error", None), Verdict::Unknown { .. }));
        assert!(matches!(answer(502, "Bad Gateway", None), Verdict::Unknown { .. }));
        assert!(matches!(judge(Err(CallError::Lost("html".into()))), Verdict::Unknown { .. }));
    }

    #[test]
    fn too_many_requests_is_later_by_the_parameter_or_by_the_words() {
        let later = |seconds| Verdict::Busy { retry_after: Duration::from_secs(seconds) };
        assert_eq!(answer(429, "Too Many Requests: retry after 9", Some(7)), later(7));
        assert_eq!(answer(429, "Too Many Requests: retry after 90000", None), later(90_000));
        assert_eq!(answer(429, "Too Many Requests", None), later(1));
        assert_eq!(answer(429, "Too Many Requests", Some(u64::MAX)), later(LONGEST));
    }
}
