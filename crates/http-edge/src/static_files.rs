use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};

use crate::{assets, etag, problem::Problem};

/// `/assets/{version}/{*path}`
pub(crate) async fn show_asset(
    Path((version, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = assets::find(&version, &path).ok_or_else(Problem::not_found)?;
    let known = etag::is_known(&headers, &asset.etag);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.mime)], asset.bytes).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(asset.cache_control));
    if let Ok(etag) = HeaderValue::try_from(asset.etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

/// `/favicon.ico`, which browsers ask for unasked.
pub(crate) async fn show_favicon() -> Redirect {
    Redirect::permanent(&assets::url("favicon.svg"))
}
