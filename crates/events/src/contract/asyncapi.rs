//! The contract as an AsyncAPI 3.0 document, made from the event types.
//! Source: <https://www.asyncapi.com/docs/reference/specification/v3.0.0>

use serde_json::{Map, Value, json};

use super::{EventInfo, LogEvent, Service};
use crate::subjects::DURABLE_CONSUMERS;

/// The whole contract: a channel per subject, an operation per publisher and per durable consumer, a
/// message per event version with its headers and schema. `x-personal` lists the fields that tell
/// something about a person, as JSON pointers into the body.
#[must_use]
pub fn document() -> Value {
    let infos = LogEvent::infos();
    let mut channels = Map::new();
    let mut operations = Map::new();
    let mut messages = Map::new();
    let mut schemas = Map::new();
    for info in &infos {
        channels.insert(info.name.into(), channel(info));
        for service in info.publishers {
            operations.insert(format!("{service}.publishes.{}", info.name), operation("send", info));
        }
        for consumer in DURABLE_CONSUMERS {
            let mut filters = consumer.lanes().into_iter().flat_map(|lane| lane.filters);
            if filters.any(|filter| matches(&filter, info.subject)) {
                let name = format!("{}.consumes.{}", consumer.name, info.name);
                operations.insert(name, operation("receive", info));
            }
        }
        messages.insert(info.versioned_name(), message(info));
        add_schema(info, &mut schemas);
    }
    json!({
        "asyncapi": "3.0.0",
        "id": "urn:vestnik:events",
        "info": {
            "title": "Vestnik events",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every action is an event in one append-only log: the JetStream stream EVENTS. \
                Attributes are CloudEvents 1.0 in binary mode, the body is JSON.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages,
            "messageTraits": {"cloudEvents": {"headers": headers()}},
            "schemas": schemas,
        },
    })
}

fn channel(info: &EventInfo) -> Value {
    let entity = match info.subject.split('.').next() {
        Some("chats") => "Telegram's id of the user",
        Some("letters") => "the name of a durable consumer",
        Some("desk") if info.name.starts_with("desk.bot") => "Telegram's id of the bot",
        _ => "a UUID",
    };
    json!({
        "address": info.subject.replacen('*', "{entity}", 1),
        "parameters": {"entity": {"description": entity}},
        "messages": {info.versioned_name(): {"$ref": format!("#/components/messages/{}", info.versioned_name())}},
    })
}

fn operation(action: &str, info: &EventInfo) -> Value {
    let channel = format!("#/channels/{}", info.name);
    let message = format!("{channel}/messages/{}", info.versioned_name());
    json!({"action": action, "channel": {"$ref": channel}, "messages": [{"$ref": message}]})
}

fn message(info: &EventInfo) -> Value {
    json!({
        "name": info.ce_type(),
        "traits": [{"$ref": "#/components/messageTraits/cloudEvents"}],
        "payload": {"$ref": format!("#/components/schemas/{}", info.versioned_name())},
        "examples": [{"payload": (info.sample)()}],
        "x-publishers": info.publishers.iter().map(|service| service.name()).collect::<Vec<_>>(),
        "x-personal": info.personal,
    })
}

/// What [`Meta`](super::Meta) writes and reads.
fn headers() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let uuid = |description: &str| json!({"type": "string", "format": "uuid", "description": description});
    json!({
        "type": "object",
        "properties": {
            "Nats-Msg-Id": uuid("equals ce-id"),
            "ce-specversion": {"type": "string", "const": "1.0"},
            "ce-id": uuid("the event's id; a repetition has the same"),
            "ce-source": {
                "type": "string",
                "description": "the service that published it",
                "enum": Service::ALL.map(Service::name),
            },
            "ce-type": text("vestnik.<name>.v<version>"),
            "ce-time": {"type": "string", "format": "date-time", "description": "when it happened"},
            "ce-subject": text("the entity: the second token of the subject"),
            "ce-datacontenttype": {"type": "string", "const": "application/json"},
            "ce-dataschema": text("urn:vestnik:schema:<name>.v<version>"),
            "ce-correlationid": uuid("the request that began it all"),
            "ce-causationid": uuid("the event that led to this one"),
            "ce-authid": text("who acted: a user's id, telegram:<id>, or the service itself"),
            "ce-sequence": text("the entity's version after this fact, a decimal number"),
            "traceparent": text("W3C trace context"),
        },
        "required": [
            "Nats-Msg-Id", "ce-specversion", "ce-id", "ce-source", "ce-type", "ce-time", "ce-subject",
            "ce-datacontenttype", "ce-dataschema", "ce-correlationid", "ce-authid",
        ],
    })
}

/// Adds the event's schema, and beside it the definitions that it shares with others.
fn add_schema(info: &EventInfo, schemas: &mut Map<String, Value>) {
    let mut schema = (info.schema)().to_value();
    refer_to_components(&mut schema);
    if let Value::Object(fields) = &mut schema {
        fields.remove("$schema");
        if let Some(Value::Object(definitions)) = fields.remove("$defs") {
            schemas.extend(definitions);
        }
    }
    schemas.insert(info.versioned_name(), schema);
}

fn refer_to_components(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref") {
                *reference = reference.replacen("#/$defs/", "#/components/schemas/", 1);
            }
            fields.values_mut().for_each(refer_to_components);
        }
        Value::Array(items) => items.iter_mut().for_each(refer_to_components),
        _ => {}
    }
}

/// Whether a consumer with this filter reads the event's subject, whatever the entity.
fn matches(filter: &str, subject: &str) -> bool {
    let mut tokens = subject.split('.');
    for wanted in filter.split('.') {
        match (wanted, tokens.next()) {
            (">", Some(_)) => return true,
            ("*", Some(_)) | (_, Some("*")) => {}
            (wanted, Some(token)) if wanted == token => {}
            _ => return false,
        }
    }
    tokens.next().is_none()
}
