//! One line per event: for people, or as CloudEvents in structured mode.

use events::{LogEvent, bus::LogMessage};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

/// What stands in the place of a personal field.
const HIDDEN: &str = "…";
/// Characters of a summary.
const SUMMARY: usize = 120;

/// Sequence, time, subject, who acted, and what the event says in short. Without `reveal` the fields that
/// the event type declares as personal are hidden.
#[must_use]
pub fn line(message: &LogMessage, reveal: bool) -> String {
    let (who, time, text) = match &message.meta {
        Ok(meta) => {
            let text = body(message, reveal)
                .map_or_else(|reason| format!("? {reason}"), |body| summary(&body, &meta.entity));
            (meta.auth.as_str(), meta.time, text)
        }
        Err(reason) => ("?", message.stored, format!("? {reason}")),
    };
    let time = time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S%.3fZ");
    format!("{:>8}  {time}  {}  {who}  {text}", message.sequence, message.subject)
}

/// CloudEvents 1.0 in structured mode: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>.
/// `position` is the sequence in the log. A message that is no event has `error` instead of its attributes.
#[must_use]
pub fn cloud_event(message: &LogMessage, reveal: bool) -> Value {
    let Ok(meta) = &message.meta else {
        return json!({
            "position": message.sequence,
            "natssubject": message.subject,
            "error": message.meta.as_ref().err(),
        });
    };
    let mut event = Map::new();
    // CloudEvents allows no attribute without a value.
    for (name, values) in meta.to_headers().iter() {
        let name = name.to_string();
        let attribute = if name == "traceparent" { Some(name.as_str()) } else { name.strip_prefix("ce-") };
        if let (Some(attribute), Some(value)) = (attribute, values.first()) {
            event.insert(attribute.to_owned(), Value::from(value.as_str()));
        }
    }
    event.insert("position".to_owned(), Value::from(message.sequence));
    event.insert("natssubject".to_owned(), Value::from(message.subject.as_str()));
    match body(message, reveal) {
        Ok(body) => event.insert("data".to_owned(), body),
        Err(reason) => event.insert("error".to_owned(), Value::from(reason)),
    };
    Value::Object(event)
}

/// The body, without what is personal. What cannot be told apart is not shown at all.
fn body(message: &LogMessage, reveal: bool) -> Result<Value, String> {
    let ce_type = message.meta.as_ref().map(|meta| meta.ce_type.as_str()).unwrap_or_default();
    let mut body: Value = serde_json::from_slice(&message.body).map_err(|error| error.to_string())?;
    if reveal {
        return Ok(body);
    }
    let infos = LogEvent::infos();
    let Some(info) = infos.iter().find(|info| info.ce_type() == ce_type) else {
        return Err(format!("the event type {ce_type:?} is not known to this version"));
    };
    for pointer in info.personal {
        if let Some(field) = body.pointer_mut(pointer) {
            *field = Value::from(HIDDEN);
        }
    }
    Ok(body)
}

/// The simple fields of a body, but for the entity, which the subject tells.
fn summary(body: &Value, entity: &str) -> String {
    let Value::Object(fields) = body else { return String::new() };
    let mut parts = Vec::new();
    for (name, value) in fields {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(kopecks) if matches!(name.as_str(), "amount" | "available" | "held") => {
                rubles(kopecks.as_i64().unwrap_or_default())
            }
            Value::Number(number) => number.to_string(),
            Value::Bool(yes) => yes.to_string(),
            _ => continue,
        };
        if text == entity {
            continue;
        }
        parts.push(format!("{name}={}", text.replace(char::is_control, " ")));
    }
    let text = parts.join(" ");
    if text.chars().count() <= SUMMARY {
        return text;
    }
    text.chars().take(SUMMARY - 1).chain(['…']).collect()
}

fn rubles(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}₽", kopecks.unsigned_abs() / 100, kopecks.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use events::{Event as _, Outgoing, Service, chats::MessageReceived, users::UserRegistered};
    use jiff::Timestamp;

    use super::*;

    fn message<E: events::Event>(event: E) -> LogMessage {
        let outgoing = Outgoing::request(Service::HttpEdge, "somebody", event);
        LogMessage {
            sequence: 7,
            pending: 0,
            stored: Timestamp::UNIX_EPOCH,
            subject: outgoing.subject,
            meta: Ok(outgoing.meta),
            body: outgoing.body.into(),
        }
    }

    #[test]
    fn what_is_personal_is_shown_only_when_asked_for() {
        let registered = message(UserRegistered::sample());
        for text in [line(&registered, false), cloud_event(&registered, false).to_string()] {
            assert!(
                !text.contains("79241242417") && !text.contains("Анна") && text.contains(HIDDEN),
                "{text}"
            );
        }
        for text in [line(&registered, true), cloud_event(&registered, true).to_string()] {
            assert!(text.contains("79241242417") && text.contains("Анна"), "{text}");
        }
        let received = message(MessageReceived::sample());
        let hidden = cloud_event(&received, false);
        for field in ["messageText", "from", "attachment", "raw"] {
            assert_eq!(hidden["data"][field], HIDDEN, "{field}");
        }
    }

    #[test]
    fn a_structured_event_has_its_attributes_and_its_position() {
        let event = cloud_event(&message(UserRegistered::sample()), true);
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["type"], "vestnik.user.registered.v1");
        assert_eq!(event["source"], "http-edge");
        assert_eq!(event["position"], 7);
        assert_eq!(event["data"]["role"], "CUSTOMER");
        assert!(event.get("causationid").is_none());
    }

    #[test]
    fn a_body_of_an_unknown_type_is_not_shown() {
        let mut unknown = message(UserRegistered::sample());
        if let Ok(meta) = &mut unknown.meta {
            meta.ce_type = "vestnik.user.registered.v9".into();
        }
        assert!(!line(&unknown, false).contains("Анна"));
        assert!(!cloud_event(&unknown, false).to_string().contains("Анна"));
    }

    #[test]
    fn money_is_told_in_rubles() {
        assert_eq!(rubles(150_005), "1500.05₽");
        assert_eq!(rubles(-5), "-0.05₽");
    }
}
