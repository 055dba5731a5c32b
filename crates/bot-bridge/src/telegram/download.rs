use bytes::{Bytes, BytesMut};
use frankenstein::Error;

use super::{Telegram, reason};

/// Bots can download files of up to 20 MB (Bot API, getFile).
pub(crate) const LARGEST_DOWNLOAD: u64 = 20 * 1024 * 1024;

/// Why a file was not fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DownloadError {
    /// It never will be; the code for programs, and Telegram's words.
    Refused { code: &'static str, reason: String },
    /// It may be later.
    Unavailable(String),
    /// Telegram cannot be reached at all: no file can be had.
    Away(String),
}

impl Telegram {
    /// The bytes of a file of Telegram's.
    pub(crate) async fn download(&self, file_id: &str) -> Result<Bytes, DownloadError> {
        let file = self.file(file_id).await.map_err(|error| refused(&error))?;
        let path = file.file_path.ok_or_else(|| DownloadError::Refused {
            code: "not_found",
            reason: "Telegram names no path for the file".into(),
        })?;
        let unavailable = |error: reqwest::Error| failed(&error);
        let mut answer =
            self.calls.client.get(format!("{}/{path}", self.files)).send().await.map_err(unavailable)?;
        match answer.status().as_u16() {
            200..=299 => {}
            status @ (429 | 500..) => {
                return Err(DownloadError::Unavailable(format!("HTTP status {status}")));
            }
            status => {
                let reason = format!("HTTP status {status}");
                return Err(DownloadError::Refused { code: "not_found", reason });
            }
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(unavailable)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > LARGEST_DOWNLOAD {
                return Err(too_large("the file turned out to be larger than 20 MB".into()));
            }
        }
        Ok(bytes.freeze())
    }
}

pub(crate) fn too_large(reason: String) -> DownloadError {
    DownloadError::Refused { code: "too_large", reason }
}

fn failed(error: &reqwest::Error) -> DownloadError {
    let reason = super::without_url(error);
    if error.is_connect() { DownloadError::Away(reason) } else { DownloadError::Unavailable(reason) }
}

fn refused(error: &Error) -> DownloadError {
    let refusal = match error {
        Error::Api(refusal) => refusal,
        Error::HttpReqwest(error) => return failed(error),
        _ => return DownloadError::Unavailable(reason(error)),
    };
    match refusal.error_code {
        // About the bot, whose token may be put right, and not about the file; and what says itself that it passes.
        401 | 403 | 404 | 409 | 429 | 500.. => DownloadError::Unavailable(reason(error)),
        _ if refusal.description.contains("temporarily") => DownloadError::Unavailable(reason(error)),
        _ if refusal.description.contains("too big") => too_large(reason(error)),
        _ => DownloadError::Refused { code: "not_found", reason: reason(error) },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use frankenstein::response::ErrorResponse;
    use process::Secret;

    use super::*;

    fn answer(error_code: u64, description: &str) -> DownloadError {
        let description = description.into();
        refused(&Error::Api(ErrorResponse { ok: false, description, error_code, parameters: None }))
    }

    #[test]
    fn only_what_is_wrong_with_the_file_itself_gives_it_up() {
        for (code, description) in [
            (401, "Unauthorized"),
            (404, "Not Found"),
            (429, "Too Many Requests: retry after 5"),
            (502, "Bad Gateway"),
            (400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        ] {
            assert_eq!(answer(code, description), DownloadError::Unavailable(description.into()));
        }
        for (description, expected) in
            [("Bad Request: file is too big", "too_large"), ("Bad Request: invalid file_id", "not_found")]
        {
            let DownloadError::Refused { code, .. } = answer(400, description) else { panic!("refused") };
            assert_eq!(code, expected);
        }
    }

    #[tokio::test]
    async fn no_connection_is_told_from_no_file() {
        let nowhere = format!("http://{}", testkit::free_address());
        let telegram = Telegram::new(&nowhere, &Secret::new("1:x"), 1, Duration::from_secs(1)).unwrap();
        let failed = telegram.download("f").await.unwrap_err();
        assert!(matches!(failed, DownloadError::Away(_)), "{failed:?}");
    }
}
