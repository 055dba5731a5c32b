use std::time::Duration;

use bytes::{Bytes, BytesMut};
use frankenstein::Error;
use tokio::time::timeout;

use super::{Telegram, call::SLOWEST, reason};

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
        // A slow line is given time; one on which nothing comes is not.
        let whole = file.file_size.unwrap_or(LARGEST_DOWNLOAD).min(LARGEST_DOWNLOAD) / SLOWEST;
        let asked = self.calls.client.get(format!("{}/{path}", self.files));
        let asked = asked.timeout(self.timeout + Duration::from_secs(whole)).send();
        let mut answer = self.patiently(asked).await?;
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
        while let Some(chunk) = self.patiently(answer.chunk()).await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > LARGEST_DOWNLOAD {
                return Err(too_large("the file turned out to be larger than 20 MB".into()));
            }
        }
        Ok(bytes.freeze())
    }

    async fn patiently<T>(
        &self,
        step: impl Future<Output = Result<T, reqwest::Error>>,
    ) -> Result<T, DownloadError> {
        match timeout(self.timeout, step).await {
            Ok(done) => done.map_err(|error| failed(&error)),
            Err(_) => Err(DownloadError::Unavailable("nothing more of the file came in time".into())),
        }
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
    use axum::{Json, Router, body::Body, extract::State, routing::any};
    use frankenstein::response::ErrorResponse;
    use futures::stream;
    use process::Secret;
    use serde_json::json;

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

    const CHUNKS: u32 = 4;

    /// A Telegram that has one file, of which a piece comes in each of these.
    async fn slow(pause: Duration) -> Telegram {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let file = json!({"file_id": "f", "file_unique_id": "u", "file_path": "p",
                          "file_size": u64::from(CHUNKS) * SLOWEST});
        let router = Router::new()
            .route("/file/{*path}", any(piece_by_piece))
            .fallback(move || {
                let answer = Json(json!({"ok": true, "result": file}));
                async move { answer }
            })
            .with_state(pause);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Telegram::new(&format!("http://{address}"), &Secret::new("1:x"), 1, Duration::from_secs(1)).unwrap()
    }

    async fn piece_by_piece(State(pause): State<Duration>) -> Body {
        let piece = Bytes::from(vec![7; usize::try_from(SLOWEST).unwrap()]);
        Body::from_stream(stream::unfold(0, move |sent| {
            let piece = piece.clone();
            async move {
                tokio::time::sleep(pause).await;
                (sent < CHUNKS).then(|| (Ok::<_, std::io::Error>(piece), sent + 1))
            }
        }))
    }

    #[tokio::test]
    async fn a_slow_line_brings_the_file_and_a_dead_one_does_not() {
        let telegram = slow(Duration::from_millis(400)).await;
        let bytes = telegram.download("f").await.unwrap();
        assert_eq!(bytes.len() as u64, u64::from(CHUNKS) * SLOWEST, "longer than an answer may take");
        let stuck = slow(Duration::from_secs(60)).await;
        let failed = stuck.download("f").await.unwrap_err();
        assert!(matches!(failed, DownloadError::Unavailable(_)), "{failed:?}");
    }
}
