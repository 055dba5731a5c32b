use events::chats::TextEntity;
use serde_json::Value;

use super::{small, text as string};

/// The entities that can be read and lie within the text.
pub(super) fn entities(text: &str, listed: Option<&Value>) -> Vec<TextEntity> {
    let length = text.encode_utf16().count() as u64;
    let listed = listed.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let inside = |entity: &TextEntity| {
        u64::from(entity.offset) + u64::from(entity.length) <= length && entity.length > 0
    };
    listed.iter().filter_map(entity).filter(inside).collect()
}

/// `MessageEntity` of the Bot API. What it says beyond this (`custom_emoji_id`) is in the raw update.
fn entity(value: &Value) -> Option<TextEntity> {
    Some(TextEntity {
        kind: string(value, "type")?,
        offset: small(value, "offset")?,
        length: small(value, "length")?,
        url: string(value, "url"),
        user_id: value.pointer("/user/id").and_then(Value::as_i64),
        language: string(value, "language"),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_lie_within_the_text_is_left_out() {
        let listed = json!([
            {"type": "bold", "offset": 0, "length": 3},
            {"type": "bold", "offset": 1, "length": 3},
            {"type": "bold", "offset": 4_294_967_295_u32, "length": 4_294_967_295_u32},
            {"type": "bold", "offset": 0, "length": 0},
            {"type": "bold", "offset": -1, "length": 1},
            {"offset": 0, "length": 1},
            "bold",
        ]);
        // Three UTF-16 units, of which two are one emoji.
        assert_eq!(entities("😀a", Some(&listed)), [TextEntity::plain("bold", 0, 3)]);
        assert_eq!(entities("😀a", Some(&json!({}))), []);
    }
}
