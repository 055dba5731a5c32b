//! The contract as OpenAPI, made from the handlers of both listeners.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa::openapi::{
    Components, InfoBuilder, OpenApi, OpenApiBuilder,
    security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{backoffice, edge::Site, public};

/// The whole contract.
pub(crate) fn openapi() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Vestnik")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The public site (tags identity, orders, images) and the back office (tags desk, admin, and \
             identity with a session of its own). chat-message is on both. Errors are RFC 9457 problems.",
        ))
        .build();
    let mut components = Components::new();
    let cookie = |name| SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name)));
    components.add_security_scheme("session", cookie("vestnik_session"));
    components.add_security_scheme("staffSession", cookie("vestnik_staff"));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let base = OpenApiBuilder::new().info(info).components(Some(components)).build();
    let routes: OpenApiRouter<Site> = OpenApiRouter::with_openapi(base);
    routes.merge(public::api()).merge_documented(backoffice::api())
}

trait MergeDocumented {
    fn merge_documented(self, other: Self) -> OpenApi;
}

impl MergeDocumented for OpenApiRouter<Site> {
    /// The routers themselves share routes and cannot be merged; their documents can.
    fn merge_documented(self, other: Self) -> OpenApi {
        let mut document = self.into_openapi();
        document.merge(other.into_openapi());
        document
    }
}

/// `/api/openapi.json`
pub(crate) async fn show_openapi() -> Response {
    static JSON: LazyLock<String> = LazyLock::new(|| openapi().to_pretty_json().unwrap_or_default());
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], JSON.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");

    /// The routes of the HTTP contract.
    const CONTRACT: [(&str, &str); 47] = [
        ("post", "/api/auth/register"),
        ("post", "/api/auth/signin"),
        ("post", "/api/auth/signout"),
        ("get", "/api/auth/session"),
        ("post", "/api/orders"),
        ("get", "/api/orders"),
        ("get", "/api/orders/{id}"),
        ("get", "/api/orders/{id}/events"),
        ("post", "/api/orders/{id}/cancel"),
        ("get", "/api/orders/live"),
        ("get", "/api/orders/draft"),
        ("put", "/api/orders/draft"),
        ("delete", "/api/orders/draft"),
        ("get", "/api/balance"),
        ("post", "/api/images"),
        ("post", "/api/images/process"),
        ("get", "/media/{imageId}/{what}"),
        ("post", "/api/chat-message"),
        ("get", "/api/operator-chats"),
        ("patch", "/api/operator-chats"),
        ("get", "/api/operator-chats/live"),
        ("get", "/api/users/{userId}/operator-chat"),
        ("post", "/api/users/{userId}/operator-chat"),
        ("post", "/api/users/{userId}/operator-chat/{messageId}/retry"),
        ("post", "/api/users/{userId}/operator-chat/read"),
        ("post", "/api/users/{userId}/operator-chat/typing"),
        ("get", "/files/{id}"),
        ("post", "/api/admin/users/{id}/credit"),
        ("get", "/api/auth/sessions"),
        ("delete", "/api/auth/sessions"),
        ("delete", "/api/auth/sessions/{id}"),
        ("post", "/api/auth/password"),
        ("get", "/api/admin/users"),
        ("get", "/api/admin/users/{id}"),
        ("post", "/api/admin/users/{id}/disable"),
        ("post", "/api/admin/users/{id}/enable"),
        ("post", "/api/admin/users/{id}/role"),
        ("get", "/api/admin/orders"),
        ("get", "/api/admin/orders/{id}"),
        ("get", "/api/admin/dead-letters"),
        ("get", "/api/admin/dead-letters/{id}"),
        ("post", "/api/admin/dead-letters/{id}/redrive"),
        ("post", "/api/admin/dead-letters/{id}/discard"),
        ("get", "/api/admin/bots"),
        ("get", "/api/admin/bots/live"),
        ("put", "/api/admin/bots/{id}/settings"),
        ("get", "/api/openapi.json"),
    ];
    /// The document itself.
    const LEFT_OUT: [&str; 1] = ["/api/openapi.json"];

    #[test]
    fn every_route_of_the_contract_is_documented() {
        let document = serde_json::to_value(openapi()).unwrap();
        for (method, path) in CONTRACT {
            let documented = !document["paths"][path][method].is_null();
            assert_eq!(documented, !LEFT_OUT.contains(&path), "{method} {path}");
        }
    }

    /// `UPDATE_OPENAPI=1 cargo test -p http-edge openapi` writes it anew.
    #[test]
    fn the_committed_document_is_what_the_handlers_say() {
        let document = openapi().to_pretty_json().unwrap() + "\n";
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(FILE, &document).unwrap();
        }
        let committed = std::fs::read_to_string(FILE).unwrap_or_default();
        assert!(committed == document, "openapi.json is out of date: run with UPDATE_OPENAPI=1");
    }
}
