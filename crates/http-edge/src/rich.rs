//! Texts whose stretches mean something: the one rule that turns Telegram's entities into what is shown.

use std::collections::BTreeSet;

use events::chats::TextEntity;
use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

pub(crate) mod markup;

/// A stretch of a text that looks the same throughout. Joined, the segments of a text are the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Segment {
    /// What it says.
    pub text: String,
    /// `bold`, `italic`, `underline`, `strike`, `spoiler`, `code`, `pre`, `quote`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<&'static str>,
    /// Where it leads: http, https, tg, mailto or tel, and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

impl Segment {
    /// What it looks like, as classes.
    pub(crate) fn looks(&self) -> String {
        self.marks.join(" ")
    }

    pub(crate) fn is_hidden(&self) -> bool {
        self.marks.contains(&"spoiler")
    }
}

/// Telegram sends at most 100; whoever sends more is not worth the time.
const MOST: usize = 256;

/// Cuts a text where its look changes. Entities may overlap, reach beyond the text or into the middle of a
/// character; what cannot be understood is plain text. Empty when all of it is plain.
#[must_use]
pub(crate) fn segments(text: &str, entities: &[TextEntity]) -> Vec<Segment> {
    let places = Places::of(text);
    let stretches: Vec<Stretch> =
        entities.iter().take(MOST).filter_map(|entity| Stretch::of(text, &places, entity)).collect();
    if stretches.is_empty() {
        return Vec::new();
    }
    let mut cuts = BTreeSet::from([0, text.len()]);
    cuts.extend(stretches.iter().flat_map(|stretch| [stretch.from, stretch.until]));
    let cuts: Vec<usize> = cuts.into_iter().collect();
    cuts.windows(2)
        .map(|cut| {
            let here: Vec<&Stretch> =
                stretches.iter().filter(|it| it.from <= cut[0] && cut[1] <= it.until).collect();
            let marks: BTreeSet<&'static str> = here.iter().filter_map(|it| it.mark).collect();
            Segment {
                text: text[cut[0]..cut[1]].to_owned(),
                marks: marks.into_iter().collect(),
                href: here.iter().find_map(|it| it.href.clone()),
            }
        })
        .collect()
}

/// An entity that is understood, in bytes of the text.
struct Stretch {
    from: usize,
    until: usize,
    mark: Option<&'static str>,
    href: Option<String>,
}

impl Stretch {
    fn of(text: &str, places: &Places, entity: &TextEntity) -> Option<Self> {
        let from = places.at_or_before(entity.offset);
        let until = places.at_or_after(entity.offset.saturating_add(entity.length));
        if entity.length == 0 || from >= until {
            return None;
        }
        let said = &text[from..until];
        let (mark, href) = match entity.kind.as_str() {
            "bold" => (Some("bold"), None),
            "italic" => (Some("italic"), None),
            "underline" => (Some("underline"), None),
            "strikethrough" => (Some("strike"), None),
            "spoiler" => (Some("spoiler"), None),
            "code" => (Some("code"), None),
            "pre" => (Some("pre"), None),
            "blockquote" | "expandable_blockquote" => (Some("quote"), None),
            "text_link" => (None, entity.url.as_deref().and_then(link)),
            "url" => (None, link(said)),
            "email" => (None, link(&format!("mailto:{said}"))),
            "phone_number" => (None, link(&format!("tel:{}", dialled(said)))),
            "mention" => {
                (None, said.strip_prefix('@').and_then(|name| link(&format!("https://t.me/{name}"))))
            }
            "text_mention" => (None, entity.user_id.map(|id| format!("tg://user?id={id}"))),
            _ => return None,
        };
        (mark.is_some() || href.is_some()).then_some(Self { from, until, mark, href })
    }
}

/// An address that may stand in a page; one without a scheme is taken for a site's.
pub(crate) fn link(address: &str) -> Option<String> {
    let address = address.trim();
    let url = match Url::parse(address) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => Url::parse(&format!("https://{address}")).ok()?,
        Err(_) => return None,
    };
    // `example.org:8080` reads as a scheme and a path.
    let url = match url.scheme() {
        "http" | "https" | "tg" | "mailto" | "tel" => url,
        scheme if scheme.contains('.') => Url::parse(&format!("https://{address}")).ok()?,
        _ => return None,
    };
    Some(url.into())
}

fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// Where the UTF-16 units of a text are in its bytes.
struct Places(Vec<Option<usize>>);

impl Places {
    fn of(text: &str) -> Self {
        let mut places = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            places.push(Some(at));
            // The second half of a pair is no place to cut.
            places.resize(places.len() + c.len_utf16() - 1, None);
        }
        places.push(Some(text.len()));
        Self(places)
    }

    fn at_or_before(&self, unit: u32) -> usize {
        let unit = (unit as usize).min(self.0.len() - 1);
        self.0[..=unit].iter().rev().find_map(|place| *place).unwrap_or_default()
    }

    fn at_or_after(&self, unit: u32) -> usize {
        let unit = (unit as usize).min(self.0.len() - 1);
        self.0[unit..].iter().find_map(|place| *place).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
