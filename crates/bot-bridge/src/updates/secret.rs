//! Words that open something, out of updates before they go anywhere: whoever reads the log cannot use them.
//!
//! The account page gives a customer `https://t.me/<bot>?start=link_<secret>`; Telegram turns it into the
//! message `/start link_<secret>`. The secret becomes the lower-case hexadecimal SHA-256 of itself, wherever
//! in the update it stands: an answer to such a message carries it again.

use std::collections::BTreeSet;

use serde_json::{Value, map::Map};
use sha2::{Digest as _, Sha256};

const MARK: &str = "link_";
/// A word of at most 64 such characters may follow `start=` (Bot API, deep linking); more are taken just as well.
const BEFORE: [&str; 2] = ["start=", "startapp="];

/// Texts with the lists that point into them by offsets.
const TEXTS: [(&str, &str); 3] =
    [("text", "entities"), ("caption", "caption_entities"), ("question", "question_entities")];

/// A shorter one is looked for only behind its mark: alone it may be any part of any word.
const CERTAIN: usize = 16;

/// Puts hashes in the place of all secrets.
pub(super) fn hide(update: &mut Value) {
    let mut secrets = BTreeSet::new();
    collect(update, &mut secrets);
    if !secrets.is_empty() {
        replace(update, &secrets);
    }
}

fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn collect(value: &Value, secrets: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => find(text, secrets),
        Value::Array(items) => items.iter().for_each(|item| collect(item, secrets)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            find(name, secrets);
            collect(value, secrets);
        }),
        _ => {}
    }
}

/// What follows `link_` in `/start link_…` and in `…start=link_…`.
fn find(text: &str, secrets: &mut BTreeSet<String>) {
    for (at, _) in text.match_indices(MARK) {
        let (before, after) = (&text[..at], &text[at + MARK.len()..]);
        let secret = word(after);
        if !secret.is_empty() && (is_command(before) || BEFORE.iter().any(|mark| before.ends_with(mark))) {
            secrets.insert(secret.to_owned());
        }
    }
}

fn word(text: &str) -> &str {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-');
    text.split(ends).next().unwrap_or_default()
}

/// Whether the text ends in `/start ` or `/start@bot `.
fn is_command(before: &str) -> bool {
    let trimmed = before.trim_end();
    let last = trimmed.rsplit(char::is_whitespace).next().unwrap_or_default();
    trimmed.len() < before.len() && (last.ends_with("/start") || last.contains("/start@"))
}

fn replace(value: &mut Value, secrets: &BTreeSet<String>) {
    match value {
        Value::String(text) if first(text, secrets).is_some() => *text = replaced(text, secrets),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, secrets)),
        Value::Object(members) => {
            for (text, entities) in TEXTS {
                cut_entities(members, text, entities, secrets);
            }
            // Nothing of Telegram's is called by a secret; what is, goes.
            members.retain(|name, _| first(name, secrets).is_none());
            members.values_mut().for_each(|value| replace(value, secrets));
        }
        _ => {}
    }
}

/// Where the first secret of a text is.
fn first(text: &str, secrets: &BTreeSet<String>) -> Option<usize> {
    let marked = text.match_indices(MARK).map(|(at, _)| at + MARK.len());
    let marked = marked.filter(|at| secrets.contains(word(&text[*at..]))).min();
    let alone = secrets
        .iter()
        .filter(|secret| secret.len() >= CERTAIN)
        .filter_map(|secret| text.find(secret.as_str()));
    marked.into_iter().chain(alone).min()
}

fn replaced(text: &str, secrets: &BTreeSet<String>) -> String {
    let mut whole = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = first(rest, secrets) {
        let secret = secrets
            .iter()
            .filter(|secret| rest[at..].starts_with(secret.as_str()))
            .max_by_key(|secret| secret.len());
        let Some(secret) = secret else { break };
        whole.push_str(&rest[..at]);
        whole.push_str(&hash(secret));
        rest = &rest[at + secret.len()..];
    }
    whole + rest
}

/// Entities from the first secret on would point elsewhere once it is replaced.
fn cut_entities(members: &mut Map<String, Value>, text: &str, entities: &str, secrets: &BTreeSet<String>) {
    let Some(text) = members.get(text).and_then(Value::as_str) else { return };
    let Some(at) = first(text, secrets) else { return };
    let units = text[..at].encode_utf16().count() as u64;
    let number = |entity: &Value, field: &str| entity.get(field).and_then(Value::as_u64).unwrap_or(u64::MAX);
    if let Some(entities) = members.get_mut(entities).and_then(Value::as_array_mut) {
        entities.retain(|entity| number(entity, "offset").saturating_add(number(entity, "length")) <= units);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SECRET: &str = "Zm9vYmFy-_0123456789abcdef";

    fn hidden(mut update: Value) -> Value {
        hide(&mut update);
        assert!(!update.to_string().contains(SECRET), "{update}");
        update
    }

    #[test]
    fn the_secret_is_hashed_wherever_it_stands() {
        let start = format!("/start link_{SECRET}");
        let update = hidden(json!({"message": {
            "text": start, "entities": [{"type": "bot_command", "offset": 0, "length": 6},
                                        {"type": "bold", "offset": 7, "length": 31}],
            "reply_to_message": {"text": start}, "quote": {"text": SECRET}, SECRET: 1,
        }}));
        let hashed = format!("/start link_{}", hash(SECRET));
        assert_eq!(update["message"]["text"], hashed);
        assert_eq!(update["message"]["reply_to_message"]["text"], hashed);
        assert_eq!(update["message"]["quote"]["text"], hash(SECRET));
        assert_eq!(update["message"]["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    }

    #[test]
    fn every_way_to_write_it_is_known() {
        for text in [
            format!("/start@our_bot link_{SECRET}"),
            format!("  /start \n link_{SECRET} и ещё"),
            format!("«/start link_{SECRET}»"),
            format!("https://t.me/our_bot?start=link_{SECRET}&x=1"),
            format!("tg://resolve?domain=our_bot&start=link_{SECRET}"),
        ] {
            let hidden = hidden(json!({"caption": text}));
            assert!(hidden["caption"].as_str().unwrap().contains(&hash(SECRET)), "{hidden}");
        }
    }

    #[test]
    fn a_short_one_changes_nothing_but_itself() {
        let update = json!({"type": "private", "text": "/start link_a", "x": "link_ab a link_a"});
        let mut hidden = update.clone();
        hide(&mut hidden);
        let hashed = format!("link_{}", hash("a"));
        assert_eq!(hidden["text"], format!("/start {hashed}"));
        assert_eq!(
            (&hidden["type"], &hidden["x"]),
            (&json!("private"), &json!(format!("link_ab a {hashed}")))
        );
    }

    #[test]
    fn other_words_stay() {
        for text in ["/start offer-7", "link_to_the_report.pdf", "/start link_", "/starting link_abc"] {
            let update = json!({"text": text});
            assert_eq!(hidden(update.clone()), update);
        }
    }
}
