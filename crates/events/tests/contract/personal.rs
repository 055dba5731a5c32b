//! Fields that tell something about a person are declared, so that logs and exports can leave them out.

use events::{EventInfo, LogEvent};
use serde_json::Value;

/// Field names that are personal wherever they stand.
const NAMES: [&str; 14] = [
    "phone",
    "firstName",
    "lastName",
    "username",
    "languageCode",
    "messageText",
    "raw",
    "fileName",
    "telegramUserId",
    "title",
    "description",
    "targetUrl",
    "city",
    "region",
];

fn leaves(value: &Value, at: String, into: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                leaves(field, format!("{at}/{name}"), into);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, format!("{at}/{index}"), into);
            }
        }
        leaf => into.push((at, leaf.clone())),
    }
}

fn declared(info: &EventInfo, pointer: &str) -> bool {
    info.personal.iter().any(|one| pointer == *one || pointer.starts_with(&format!("{one}/")))
}

#[test]
fn what_is_declared_is_there() {
    for info in LogEvent::infos() {
        for pointer in info.personal {
            assert!((info.sample)().pointer(pointer).is_some(), "{} has no {pointer}", info.name);
        }
    }
}

#[test]
fn what_is_obviously_personal_is_declared() {
    for info in LogEvent::infos() {
        let mut all = Vec::new();
        leaves(&(info.sample)(), String::new(), &mut all);
        for (pointer, _) in all {
            let personal = pointer == "/name" || pointer.split('/').any(|name| NAMES.contains(&name));
            assert!(!personal || declared(&info, &pointer), "{} does not declare {pointer}", info.name);
        }
    }
}

/// Subjects are logged, and stand in permissions, metrics and dead letters.
#[test]
fn nothing_personal_is_in_a_subject() {
    for info in LogEvent::infos() {
        let sample = (info.sample)();
        let event = LogEvent::decode_type(&info.ce_type(), sample.to_string().as_bytes()).unwrap();
        let subject = event.subject();
        let mut all = Vec::new();
        leaves(&sample, String::new(), &mut all);
        for (pointer, value) in all.iter().filter(|(pointer, _)| declared(&info, pointer)) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            assert!(!subject.split('.').any(|token| token == text), "{subject} tells {pointer}");
        }
    }
}
