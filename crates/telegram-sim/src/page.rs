//! The phone: one page, its script and its style.

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::routing::get;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::world::World;

/// Nothing inline, nothing from elsewhere, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ASSETS: [(&str, &str, &str); 13] = [
    ("/", "text/html; charset=utf-8", include_str!("../assets/phone.html")),
    ("/phone.css", "text/css; charset=utf-8", include_str!("../assets/phone.css")),
    ("/icons.svg", "image/svg+xml", include_str!("../assets/icons.svg")),
    ("/icon.svg", "image/svg+xml", include_str!("../assets/icon.svg")),
    ("/phone.js", "text/javascript; charset=utf-8", include_str!("../assets/phone.js")),
    ("/bubbles.js", "text/javascript; charset=utf-8", include_str!("../assets/bubbles.js")),
    ("/bots.js", "text/javascript; charset=utf-8", include_str!("../assets/bots.js")),
    ("/rich.js", "text/javascript; charset=utf-8", include_str!("../assets/rich.js")),
    ("/commands.js", "text/javascript; charset=utf-8", include_str!("../assets/commands.js")),
    ("/people.js", "text/javascript; charset=utf-8", include_str!("../assets/people.js")),
    ("/faults.js", "text/javascript; charset=utf-8", include_str!("../assets/faults.js")),
    ("/page.js", "text/javascript; charset=utf-8", include_str!("../assets/page.js")),
    ("/texts.js", "text/javascript; charset=utf-8", include_str!("../assets/texts.js")),
];

pub(crate) fn routes() -> Router<World> {
    let mut routes = Router::new();
    for (path, content_type, body) in ASSETS {
        let asset = move || async move { ([(CONTENT_TYPE, content_type)], body) };
        routes = routes.route(path, get(asset));
    }
    let header = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    routes
        .layer(header(CONTENT_SECURITY_POLICY, POLICY))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
}
