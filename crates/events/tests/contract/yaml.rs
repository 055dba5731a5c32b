//! JSON as YAML 1.2: block style, keys sorted, every string in double quotes, so that no value can be
//! taken for something else.

use serde_json::{Map, Value};

pub(crate) fn write(value: &Value) -> String {
    let mut text = String::new();
    below(value, 0, &mut text);
    text
}

fn below(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, field) in sorted(fields) {
                text.push_str(&format!("{indent}{}:", key(name)));
                after(field, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                text.push_str(&format!("{indent}-"));
                after(item, depth, text);
            }
        }
        scalar => text.push_str(&format!("{indent}{scalar}\n")),
    }
}

fn after(value: &Value, depth: usize, text: &mut String) {
    let nested = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if nested {
        text.push('\n');
        below(value, depth + 1, text);
    } else {
        text.push_str(&format!(" {value}\n"));
    }
}

/// Whether the map keeps the order of insertion depends on the features of whatever else is built.
fn sorted(fields: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let mut fields: Vec<_> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    fields
}

fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        && !["null", "true", "false", "yes", "no", "on", "off", "y", "n"].contains(&name);
    if plain { name.to_owned() } else { Value::from(name).to_string() }
}
