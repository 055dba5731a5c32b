use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use events::orders::{Scan, is_short_code};
use jiff::Timestamp;
use store::orders::scans;

use super::{device::device, links::Link, referrer::referrer};
use crate::{edge::Site, layout, pages::LinkOverPage, problem::Problem};

/// `/q/{code}`: what a QR code leads to. No session is looked at, no cookie is set, and no address is kept.
pub(crate) async fn follow_link(
    State(site): State<Site>,
    method: Method,
    Path(code): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    if !is_short_code(&code) {
        return Err(Problem::not_found());
    }
    let link = find(&site, &code).await?.ok_or_else(Problem::not_found)?;
    let now = events::now();
    let Some(target) = link.target(now) else {
        let page = LinkOverPage { layout: layout::plain(site.listener, &method, &headers, &uri) };
        return Ok((StatusCode::GONE, layout::html(&page)?).into_response());
    };
    // Whoever asks for the head alone only looks where it would lead.
    if method == Method::GET {
        site.recorder.note(link.order_id, link.customer_id, scan(now, &headers));
    }
    let answer = [
        (header::LOCATION, target.clone()),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    Ok((StatusCode::FOUND, answer).into_response())
}

async fn find(site: &Site, code: &str) -> Result<Option<Arc<Link>>, Problem> {
    if let Some(known) = site.links.get(code) {
        return Ok(known);
    }
    let link = scans::link(&mut *site.conn().await?, code).await?;
    let link = link.map(|link| Arc::new(Link::from(link)));
    site.links.put(code, link.clone());
    Ok(link)
}

fn scan(now: Timestamp, headers: &HeaderMap) -> Scan {
    let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
    Scan { at, device: device(headers), referrer: referrer(headers) }
}
