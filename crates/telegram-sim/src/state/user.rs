use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A person in the simulated Telegram. Names as in the Bot API's `User`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub id: i64,
    pub first_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// IETF language tag, such as `ru`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// Digits only. The bot learns it when the person shares it, not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
}

impl User {
    /// Somebody with nothing but an id and a name made from it.
    pub fn numbered(id: i64) -> Self {
        Self {
            id,
            first_name: format!("User {id}"),
            last_name: None,
            username: None,
            language_code: Some("ru".into()),
            phone_number: None,
        }
    }

    /// `User` of the Bot API.
    pub(crate) fn as_sender(&self) -> Value {
        let mut sender = json!({"id": self.id, "is_bot": false, "first_name": self.first_name});
        self.add_names(&mut sender);
        if let Some(language) = &self.language_code {
            sender["language_code"] = language.as_str().into();
        }
        sender
    }

    /// `Chat` of the Bot API: the private chat, whose id is the person's.
    pub(crate) fn as_chat(&self) -> Value {
        let mut chat = json!({"id": self.id, "first_name": self.first_name});
        self.add_names(&mut chat);
        chat["type"] = "private".into();
        chat
    }

    /// Whether `words`, in lower case, are part of a name, the username or the id.
    pub(crate) fn is_called(&self, words: &str) -> bool {
        let last_name = self.last_name.as_deref().unwrap_or_default();
        let username = self.username.as_deref().unwrap_or_default();
        let names = format!("{} {last_name} @{username} {}", self.first_name, self.id);
        names.to_lowercase().contains(words)
    }

    /// `Contact` of the Bot API, when there is a number to share.
    pub(crate) fn contact(&self) -> Option<Value> {
        let number = self.phone_number.as_deref()?;
        let mut contact = json!({
            "phone_number": number,
            "first_name": self.first_name,
            "user_id": self.id,
        });
        if let Some(last_name) = &self.last_name {
            contact["last_name"] = last_name.as_str().into();
        }
        Some(contact)
    }

    fn add_names(&self, value: &mut Value) {
        if let Some(last_name) = &self.last_name {
            value["last_name"] = last_name.as_str().into();
        }
        if let Some(username) = &self.username {
            value["username"] = username.as_str().into();
        }
    }
}

/// The one bot everybody talks to.
#[derive(Clone, Debug)]
pub(crate) struct Bot {
    pub(crate) id: i64,
    pub(crate) first_name: String,
    pub(crate) username: String,
}

impl Bot {
    pub(crate) fn as_sender(&self) -> Value {
        json!({
            "id": self.id,
            "is_bot": true,
            "first_name": self.first_name,
            "username": self.username,
        })
    }
}
