//! What PostgreSQL can keep: text and JSON without NUL. What holds one must not be lost for it.

use serde::Serialize;
use serde_json::Value;

pub(crate) fn storable(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text.to_owned() }
}

/// As [`storable`], of every text in it. Written JSON is no place to look for a NUL: `\u0000` in it may be what
/// somebody has typed, letter by letter, behind a backslash.
pub(crate) fn storable_json<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<String> {
    let text = serde_json::to_string(value)?;
    if !text.contains("\\u0000") {
        return Ok(text);
    }
    let mut value = serde_json::from_str(&text)?;
    strip(&mut value);
    serde_json::to_string(&value)
}

fn strip(value: &mut Value) {
    match value {
        Value::String(text) => *text = storable(text),
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Object(fields) => fields.values_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
