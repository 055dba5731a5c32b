//! `asyncapi.yaml` is what the types say.

use std::{collections::BTreeSet, fs, path::Path};

use events::{LogEvent, contract::asyncapi::document};
use serde_json::Value;

use crate::yaml;

#[test]
fn the_committed_document_is_what_the_types_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("asyncapi.yaml");
    let header =
        "# Made from the event types; VESTNIK_SEAL=1 cargo test -p events --test contract writes it.\n";
    let today = format!("{header}{}", yaml::write(&document()));
    if std::env::var_os("VESTNIK_SEAL").is_some() {
        fs::write(&path, &today).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap();
    assert!(committed == today, "asyncapi.yaml is not what the types say: run the command in its first line");
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                into.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| references(field, into));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, into)),
            _ => {}
        }
    }
    let document = document();
    let mut all = BTreeSet::new();
    references(&document, &mut all);
    assert!(all.len() > LogEvent::infos().len());
    for reference in all {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn the_document_names_publishers_consumers_and_personal_fields() {
    let document = document();
    let operations = &document["operations"];
    assert_eq!(operations["http-edge.publishes.order.requested"]["action"], "send");
    assert_eq!(operations["order-worker.consumes.order.requested"]["action"], "receive");
    assert_eq!(operations["chat-worker.consumes.chat.opened"]["action"], "receive");
    assert!(operations["order-worker.consumes.order.accepted"].is_null());
    let message = &document["components"]["messages"]["user.registered.v1"];
    assert_eq!(message["x-personal"], serde_json::json!(["/phone", "/name"]));
}
