use events::chats::Details;
use serde::Serialize;
use utoipa::ToSchema;

use crate::rich::link;

/// Something that a message says beside its text: the page words it by its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fact {
    /// `forward`, `quote`, `place`, `contact`, `own-contact`, `poll`, `closed-poll`, `option`, `dice`, `start`.
    pub(crate) kind: &'static str,
    pub(crate) value: String,
    /// Where it leads: a map, a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) href: Option<String>,
}

/// What a message says beside its text and its file, in the order in which it is shown.
pub(crate) fn facts(details: &Details) -> Vec<Fact> {
    let plain = |kind, value: &str| Fact { kind, value: value.to_owned(), href: None };
    let mut facts = Vec::new();
    facts.extend(details.forward.as_ref().map(|forward| plain("forward", &forward.name)));
    facts.extend(details.quote.as_deref().map(|quote| plain("quote", quote)));
    facts.extend(details.place.as_ref().map(|place| {
        let (latitude, longitude) = (place.latitude, place.longitude);
        let named = [&place.name, &place.address].map(|part| part.as_deref().unwrap_or_default());
        let named: Vec<&str> = named.into_iter().filter(|part| !part.is_empty()).collect();
        Fact {
            kind: "place",
            value: if named.is_empty() { format!("{latitude:.5}, {longitude:.5}") } else { named.join(", ") },
            href: Some(format!(
                "https://www.openstreetmap.org/?mlat={latitude:.5}&mlon={longitude:.5}#map=16/{latitude:.5}/{longitude:.5}"
            )),
        }
    }));
    facts.extend(details.contact.as_ref().map(|contact| Fact {
        kind: if contact.own { "own-contact" } else { "contact" },
        value: format!("{} {}", contact.name, contact.phone).trim().to_owned(),
        href: link(&format!("tel:{}", contact.phone)),
    }));
    if let Some(poll) = &details.poll {
        facts.push(plain(if poll.closed { "closed-poll" } else { "poll" }, &poll.question));
        facts.extend(poll.options.iter().map(|option| plain("option", option)));
    }
    facts.extend(details.dice.as_ref().map(|dice| plain("dice", &format!("{} {}", dice.emoji, dice.value))));
    facts.extend(details.start.as_deref().map(|start| plain("start", start)));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_said_is_shown_and_a_place_leads_to_its_map() {
        let facts = facts(&Details::sample());
        let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind).collect();
        assert_eq!(
            kinds,
            ["forward", "quote", "place", "own-contact", "closed-poll", "option", "dice", "start"]
        );
        assert_eq!(facts[2].value, "Вокзал, Алеутская, 2");
        assert!(facts[2].href.as_deref().unwrap().contains("mlat=43.11550&mlon=131.88550"));
        assert_eq!(facts[3].href.as_deref(), Some("tel:+79241242417"));
    }
}
