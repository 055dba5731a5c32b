use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The commands that the bot offers, by the language of who reads them; scopes are not told apart.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Menus(BTreeMap<String, Value>);

impl Menus {
    /// `language` has two letters; it is empty for everybody who has no list of their own.
    pub(crate) fn set(&mut self, language: &str, commands: Value) {
        if commands.as_array().is_none_or(Vec::is_empty) {
            self.0.remove(language);
        } else {
            self.0.insert(language.to_owned(), commands);
        }
    }

    /// The list of exactly this language.
    pub(crate) fn of(&self, language: &str) -> Value {
        self.0.get(language).cloned().unwrap_or_else(|| Value::Array(Vec::new()))
    }
}
