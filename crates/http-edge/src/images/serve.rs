use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use events::{
    bus::{ObjectError, Objects},
    images::StoredObject,
    users::Role,
};
use store::images;
use uuid::Uuid;

use crate::{
    auth::Caller,
    edge::Site,
    etag,
    problem::{Problem, ProblemBody},
};

/// The bytes of a picture
///
/// `what` is `original`, `processed`, `qr.png`, `qr.svg` or `thumbnail`; for an administrator also `failed`: the
/// rendering whose code could not be read.
#[utoipa::path(
    get, path = "/media/{imageId}/{what}", tag = "images",
    params(("imageId" = Uuid, Path), ("what" = String, Path)),
    responses(
        (status = 200, description = "The bytes; immutable", body = Vec<u8>, content_type = "image/*"),
        (status = 304, description = "The client has them"),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's picture", body = ProblemBody),
    )
)]
pub(crate) async fn show_media(
    State(site): State<Site>,
    caller: Caller,
    Path((id, what)): Path<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let image = images::by_id(&mut *site.conn().await?, id).await.map_err(Problem::internal)?;
    let image = image
        .filter(|image| image.owner_id == caller.id() || caller.user.role.is_staff())
        .ok_or_else(Problem::not_found)?;
    let object = match what.as_str() {
        "original" => Some(image.original),
        "processed" => image.processed,
        "qr.png" => image.qr_png,
        "qr.svg" => image.qr_svg,
        "thumbnail" => image.thumbnail,
        "failed" if caller.user.role == Role::Admin => image.candidate,
        _ => None,
    };
    let object = object.ok_or_else(Problem::not_found)?;
    bytes(&site.media, &object, &headers, None).await
}

/// The bytes of an object. What stands under an address never changes, so a client may keep it for good;
/// nobody else may, as it is the owner's.
pub(crate) async fn bytes(
    bucket: &Objects,
    object: &StoredObject,
    headers: &HeaderMap,
    file_name: Option<&str>,
) -> Result<Response, Problem> {
    let tag = format!("\"{}\"", object.sha256);
    let known = etag::is_known(headers, &tag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        body(bucket, object).await.map_err(|error| match error {
            ObjectError::NotFound { .. } => Problem::not_found(),
            error => error.into(),
        })?
    };
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    let content_type = HeaderValue::try_from(&object.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, content_type);
    headers.insert(header::CONTENT_DISPOSITION, disposition(&object.content_type, file_name));
    // Whatever is in the bytes, opened by itself it runs nothing and reaches nobody.
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    Ok(response)
}

/// Up to this many bytes an object is read before it is answered, so that what is wrong with it can be said.
const WHOLE: u64 = 1024 * 1024;

/// A large object goes out as it is read: a chat's page may show many, and a reader may be slow. One that is not what
/// was stored never arrives whole.
async fn body(bucket: &Objects, object: &StoredObject) -> Result<Response, ObjectError> {
    if object.size <= WHOLE {
        return Ok(bucket.get(object).await?.into_response());
    }
    let mut response = Body::from_stream(bucket.read(object).await?).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, object.size.into());
    Ok(response)
}

/// Pictures, sound and video open in place; all else is saved.
fn disposition(content_type: &str, file_name: Option<&str>) -> HeaderValue {
    let shown = ["image/", "audio/", "video/"].iter().any(|kind| content_type.starts_with(kind));
    let kind = if shown { "inline" } else { "attachment" };
    let name = file_name.map(|name| {
        let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        // RFC 6266 wants %20 where a form has a plus.
        format!("; filename*=UTF-8''{}", encoded.replace('+', "%20"))
    });
    HeaderValue::try_from(format!("{kind}{}", name.unwrap_or_default()))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_media_opens_in_place_and_names_cannot_break_the_header() {
        assert_eq!(disposition("image/png", None), "inline");
        assert_eq!(disposition("text/html", None), "attachment");
        assert_eq!(
            disposition("application/pdf", Some("счёт 1\"\r\n.pdf")),
            "attachment; filename*=UTF-8''%D1%81%D1%87%D1%91%D1%82%201%22%0D%0A.pdf"
        );
    }
}
