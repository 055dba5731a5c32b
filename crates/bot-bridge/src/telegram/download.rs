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
}

impl Telegram {
    /// The bytes of a file of Telegram's.
    pub(crate) async fn download(&self, file_id: &str) -> Result<Bytes, DownloadError> {
        let file = self.file(file_id).await.map_err(|error| refused(&error))?;
        let path = file.file_path.ok_or_else(|| DownloadError::Refused {
            code: "not_found",
            reason: "Telegram names no path for the file".into(),
        })?;
        let unavailable = |error: reqwest::Error| DownloadError::Unavailable(super::without_url(&error));
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

fn refused(error: &Error) -> DownloadError {
    let Error::Api(refusal) = error else { return DownloadError::Unavailable(reason(error)) };
    match refusal.error_code {
        429 | 500.. => DownloadError::Unavailable(reason(error)),
        _ if refusal.description.contains("too big") => too_large(reason(error)),
        _ => DownloadError::Refused { code: "not_found", reason: reason(error) },
    }
}
