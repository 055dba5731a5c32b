use serde_json::{Map, Value, json};

/// What somebody is about to send.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) text: Option<String>,
    pub(crate) reply_to: Option<i32>,
    /// Other members of the Bot API's `Message`.
    pub(crate) content: Map<String, Value>,
}

impl Draft {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &str, value: Value) -> Self {
        self.content.insert(name.into(), value);
        self
    }

    pub(crate) fn replying_to(mut self, message_id: Option<i32>) -> Self {
        self.reply_to = message_id;
        self
    }

    /// Telegram marks commands and links itself in what people type.
    pub(crate) fn mark_entities(&mut self) {
        let Some(text) = &self.text else { return };
        let found = entities(text);
        if !found.is_empty() && !self.content.contains_key("entities") {
            self.content.insert("entities".into(), Value::Array(found));
        }
    }
}

/// `MessageEntity` values; offsets and lengths are in UTF-16 code units.
fn entities(text: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let length = utf16_len(bare);
        let is_link = bare.starts_with("https://") || bare.starts_with("http://");
        let is_command =
            bare.strip_prefix('/').is_some_and(|name| !name.is_empty() && name.chars().all(is_command_char));
        if is_link {
            found.push(json!({"offset": offset, "length": length, "type": "url"}));
        } else if is_command {
            found.push(json!({"offset": offset, "length": length, "type": "bot_command"}));
        }
        offset += utf16_len(word);
    }
    found
}

fn is_command_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '@'
}

pub(crate) fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_utf16_units() {
        let mut draft = Draft::text("😀 /start https://example.org/ё a/b /");
        draft.mark_entities();
        assert_eq!(
            draft.content["entities"],
            json!([
                {"offset": 3, "length": 6, "type": "bot_command"},
                {"offset": 10, "length": 21, "type": "url"},
            ])
        );
    }

    #[test]
    fn plain_words_have_none() {
        let mut draft = Draft::text("привет");
        draft.mark_entities();
        assert!(draft.content.is_empty());
    }
}
