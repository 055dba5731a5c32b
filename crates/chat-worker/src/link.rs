use std::collections::{BTreeSet, HashMap};

use events::chats::{Direction, MessageReceived, MessageType};
use jiff::Timestamp;
use store::{Conn, users};
use uuid::Uuid;

use crate::{command::Command, heard::Heard};

/// What became of somebody's wish to link their account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    /// It is theirs.
    Granted(Uuid),
    /// Nobody has registered with their phone.
    NoAccount,
    /// The word is unknown, used, or too old.
    WordIsOver,
}

/// The accounts that the batch's phones and words stand for.
#[derive(Debug, Default)]
pub(crate) struct Links {
    phones: HashMap<String, Uuid>,
    /// By the SHA-256 of the word, with the time until which it is good.
    words: HashMap<Vec<u8>, (Uuid, Timestamp)>,
}

impl Links {
    /// Looks the accounts up. A word is used up by whoever says it first, whether they are in time or not.
    pub(crate) async fn find(conn: &mut Conn, heard: &[Heard<'_>]) -> anyhow::Result<Self> {
        let may = heard.iter().filter(|one| !one.person.banned);
        let mut links = Self::default();
        let (mut phones, mut words) = (BTreeSet::new(), BTreeSet::new());
        for one in may {
            phones.extend(own_phone(one.message));
            words.extend(word(one.message));
        }
        for phone in phones {
            if let Some(account) = users::by_phone(conn, &phone).await? {
                links.phones.insert(phone, account.id);
            }
        }
        let words: Vec<Vec<u8>> = words.into_iter().collect();
        links.words = users::take_link_words(conn, &words).await?;
        Ok(links)
    }

    /// What becomes of the message if it is such a wish.
    pub(crate) fn take(&mut self, heard: &Heard<'_>) -> Option<Wish> {
        if heard.person.banned {
            return None;
        }
        if let Some(phone) = own_phone(heard.message) {
            return Some(self.phones.get(&phone).map_or(Wish::NoAccount, |account| Wish::Granted(*account)));
        }
        let word = word(heard.message)?;
        Some(match self.words.remove(&word) {
            // What counts is when it was said, however late it is heard.
            Some((account, until)) if heard.message.sent_at < until => Wish::Granted(account),
            _ => Wish::WordIsOver,
        })
    }
}

/// The phone in E.164 when the message is a contact that its sender shares of themselves: Telegram
/// vouches for the number only if the contact is the sender (Bot API, `Contact.user_id`).
fn own_phone(message: &MessageReceived) -> Option<String> {
    if !message.verified || message.direction != Direction::In || message.message_type != MessageType::Contact
    {
        return None;
    }
    let phone = match message.details.as_ref().and_then(|details| details.contact.as_ref()) {
        Some(contact) => contact.own.then_some(contact.phone.as_str())?,
        // As the log had it before contacts were told apart.
        None => {
            let contact = message.raw.as_ref()?.pointer("/message/contact")?;
            let own = contact.get("user_id")?.as_i64()? == message.user_id;
            contact.get("phone_number")?.as_str().filter(|_| own)?
        }
    };
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

/// The SHA-256 of the one-time word that a deep link brought along. The log never has the word itself: the
/// bridge has put this in its place.
fn word(message: &MessageReceived) -> Option<Vec<u8>> {
    if Command::of(message) != Some(Command::Start) {
        return None;
    }
    let given = message.details.as_ref().and_then(|details| details.start.as_deref());
    let given = given.or_else(|| message.message_text.split_whitespace().nth(1))?;
    hex::decode(given.strip_prefix("link_")?).ok().filter(|hash| hash.len() == 32)
}

#[cfg(test)]
mod tests {
    use events::{
        Event as _,
        chats::{Contact, Details},
    };
    use serde_json::json;

    use super::*;

    fn contact(user_id: i64, phone: &str, verified: bool) -> MessageReceived {
        MessageReceived {
            user_id: 7,
            message_type: MessageType::Contact,
            verified,
            details: None,
            raw: Some(json!({"message": {"contact": {"user_id": user_id, "phone_number": phone}}})),
            ..MessageReceived::sample()
        }
    }

    #[test]
    fn only_a_contact_of_the_sender_that_telegram_vouches_for_counts() {
        assert_eq!(own_phone(&contact(7, "79241242417", true)).as_deref(), Some("+79241242417"));
        assert_eq!(own_phone(&contact(7, "+7 924 124-24-17", true)).as_deref(), Some("+79241242417"));
        assert_eq!(own_phone(&contact(8, "79241242417", true)), None, "somebody else's");
        assert_eq!(own_phone(&contact(7, "79241242417", false)), None, "nobody vouches");
        assert_eq!(own_phone(&contact(7, "12", true)), None, "no phone");
        assert_eq!(own_phone(&MessageReceived { user_id: 7, ..MessageReceived::sample() }), None);
        let told = |own| {
            let contact = Contact { phone: "+79241242417".into(), name: "Анна".into(), own };
            let details = Some(Details { contact: Some(contact), ..Details::default() });
            MessageReceived { details, ..self::contact(8, "79990000000", true) }
        };
        assert_eq!(own_phone(&told(true)).as_deref(), Some("+79241242417"));
        assert_eq!(own_phone(&told(false)), None);
    }

    #[test]
    fn a_word_is_known_by_its_hash_alone() {
        let said = |text: &str, start: Option<&str>| MessageReceived {
            message_type: MessageType::Text,
            message_text: text.into(),
            details: Some(Details { start: start.map(str::to_owned), ..Details::default() }),
            ..MessageReceived::sample()
        };
        let hash = "ab".repeat(32);
        let payload = format!("link_{hash}");
        assert_eq!(word(&said("/start", Some(&payload))), Some(vec![0xab; 32]));
        assert_eq!(word(&said(&format!("/start {payload}"), None)), Some(vec![0xab; 32]));
        for (text, start) in [
            ("/start", None),
            ("/start link_secret", None),
            ("/start", Some("offer-7")),
            (payload.as_str(), None),
            ("/help", Some(payload.as_str())),
        ] {
            assert_eq!(word(&said(text, start)), None, "{text} {start:?}");
        }
    }
}
