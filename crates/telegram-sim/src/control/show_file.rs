use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::answer::Problem;
use super::of_bot::OfBot;

/// Types a browser may show in place; none of them can carry script.
const SHOWN: [&str; 9] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "video/mp4",
    "video/webm",
    "audio/mpeg",
    "audio/ogg",
    "application/pdf",
];

/// The bytes of a file, for the phone page.
pub(super) async fn show_file(OfBot(world): OfBot, Path(file_id): Path<String>) -> Result<Response, Problem> {
    let file = world.state().files.by_id(&file_id).ok_or_else(|| Problem::not_found("no such file"))?;
    let shown = SHOWN.contains(&file.mime.as_str());
    let (mime, disposition) =
        if shown { (file.mime.as_str(), "inline") } else { ("application/octet-stream", "attachment") };
    let headers = [
        (CONTENT_TYPE, mime),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (CACHE_CONTROL, "private, max-age=86400, immutable"),
    ];
    Ok((headers, file.bytes.clone()).into_response())
}
