//! `/api/docs`: the operations of the contract on one plain page.

use std::fmt::Write as _;

use axum::response::Html;
use serde_json::Value;

use crate::{assets, openapi::openapi};

pub(crate) async fn docs_page() -> Html<String> {
    Html(page(&serde_json::to_value(openapi()).unwrap_or_default()))
}

fn page(document: &Value) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Vestnik API</title>\
         <link rel=\"stylesheet\" href=\"{}\"></head><body><main class=\"page prose\"><h1>Vestnik API</h1>\
         <p>{} <a href=\"/api/openapi.json\">openapi.json</a></p>",
        assets::url("css/site.css"),
        escaped(document["info"]["description"].as_str().unwrap_or_default()),
    );
    for (path, operations) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            operation_to(&mut html, method, path, operation);
        }
    }
    html.push_str("</main></body></html>");
    html
}

fn operation_to(html: &mut String, method: &str, path: &str, operation: &Value) {
    let text = |field: &str| escaped(operation[field].as_str().unwrap_or_default());
    let _ = write!(
        html,
        "<section class=\"card\"><h2><code>{} {}</code></h2><p><b>{}</b> {}</p><ul>",
        method.to_uppercase(),
        escaped(path),
        text("summary"),
        text("description"),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let of = |field: &str| escaped(parameter[field].as_str().unwrap_or_default());
        let _ = write!(html, "<li><code>{}</code> ({}) {}</li>", of("name"), of("in"), of("description"));
    }
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        for (kind, body) in content {
            let schema = body["schema"]["$ref"].as_str().and_then(|name| name.rsplit('/').next());
            let _ = write!(html, "<li>{} <code>{}</code></li>", escaped(kind), escaped(schema.unwrap_or("")));
        }
    }
    for (status, response) in operation["responses"].as_object().into_iter().flatten() {
        let description = response["description"].as_str().unwrap_or_default();
        let _ = write!(html, "<li><b>{}</b> {}</li>", escaped(status), escaped(description));
    }
    html.push_str("</ul></section>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
