//! What an operator types for a text with formatting: `**bold**`, `_italic_`, `` `code` ``, `||spoiler||`,
//! `[text](https://…)`. A backslash makes the sign after it stand for itself.

use events::chats::TextEntity;

/// The text as Telegram is told, and its entities. A sign without its fellow stands for itself.
#[must_use]
pub(crate) fn parse(typed: &str) -> (String, Vec<TextEntity>) {
    let chars: Vec<char> = typed.chars().collect();
    let mut parsed = Parsed::default();
    parsed.read(&chars);
    parsed.entities.sort_by_key(|entity| (entity.offset, std::cmp::Reverse(entity.length)));
    (parsed.text, parsed.entities)
}

/// Text as it has to be typed so that [`parse`] gives it back, for changing what was sent.
#[must_use]
pub(crate) fn typed(text: &str, entities: &[TextEntity]) -> String {
    super::segments(text, entities)
        .iter()
        .map(|segment| {
            let mut said = if segment.marks.contains(&"code") || segment.marks.contains(&"pre") {
                format!("`{}`", segment.text)
            } else {
                escaped(&segment.text)
            };
            for (mark, sign) in [("italic", "_"), ("bold", "**"), ("spoiler", "||")] {
                if segment.marks.contains(&mark) {
                    said = format!("{sign}{said}{sign}");
                }
            }
            match &segment.href {
                // An address that stands in the text is found by Telegram itself.
                Some(href) if super::link(&segment.text).as_ref() != Some(href) => {
                    format!("[{said}]({href})")
                }
                _ => said,
            }
        })
        .reduce(|all, one| all + &one)
        .unwrap_or_else(|| escaped(text))
}

fn escaped(text: &str) -> String {
    let mut typed = String::with_capacity(text.len());
    for c in text.chars() {
        if SIGNS.contains(&c) {
            typed.push('\\');
        }
        typed.push(c);
    }
    typed
}

const SIGNS: [char; 6] = ['\\', '*', '_', '`', '|', '['];

#[derive(Default)]
struct Parsed {
    text: String,
    /// UTF-16 units of it.
    units: u32,
    entities: Vec<TextEntity>,
}

impl Parsed {
    fn read(&mut self, chars: &[char]) {
        let mut at = 0;
        while at < chars.len() {
            at += self.step(chars, at);
        }
    }

    /// Reads what begins at `at` and says how many characters it was.
    fn step(&mut self, chars: &[char], at: usize) -> usize {
        let here = &chars[at..];
        match here {
            ['\\', sign, ..] if sign.is_ascii_punctuation() => {
                self.push(*sign);
                2
            }
            ['*', '*', ..] => self.around(here, "**", "bold"),
            ['|', '|', ..] => self.around(here, "||", "spoiler"),
            // Inside a word it is part of a name: `snake_case`.
            ['_', ..] if at == 0 || !chars[at - 1].is_alphanumeric() => self.around(here, "_", "italic"),
            ['`', rest @ ..] => match rest.iter().position(|c| *c == '`') {
                Some(length) if length > 0 => {
                    let from = self.units;
                    rest[..length].iter().for_each(|c| self.push(*c));
                    self.mark(TextEntity::plain("code", from, self.units - from));
                    length + 2
                }
                _ => self.literal(here, 1),
            },
            ['[', ..] => self.link(here),
            [c, ..] => {
                self.push(*c);
                1
            }
            [] => 1,
        }
    }

    fn around(&mut self, here: &[char], sign: &str, kind: &str) -> usize {
        let width = sign.len();
        let Some(length) = closing(&here[width..], sign) else { return self.literal(here, width) };
        let from = self.units;
        self.read(&here[width..width + length]);
        self.mark(TextEntity::plain(kind, from, self.units - from));
        length + 2 * width
    }

    fn link(&mut self, here: &[char]) -> usize {
        let parts = closing(&here[1..], "]").and_then(|label| {
            let rest = here.get(label + 2..)?;
            let address = rest.strip_prefix(&['('])?;
            let length = address.iter().position(|c| *c == ')' || c.is_whitespace())?;
            let url: String = address[..length].iter().collect();
            (address[length] == ')').then_some(())?;
            Some((label, length, super::link(&url)?))
        });
        let Some((label, length, url)) = parts else { return self.literal(here, 1) };
        let from = self.units;
        self.read(&here[1..=label]);
        self.mark(TextEntity { url: Some(url), ..TextEntity::plain("text_link", from, self.units - from) });
        label + length + 4
    }

    fn literal(&mut self, here: &[char], width: usize) -> usize {
        here[..width].iter().for_each(|c| self.push(*c));
        width
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units += u32::try_from(c.len_utf16()).unwrap_or(2);
    }

    fn mark(&mut self, entity: TextEntity) {
        if entity.length > 0 {
            self.entities.push(entity);
        }
    }
}

/// How far it is to the sign that closes; nothing may be empty, begin or end with a blank, or be escaped.
fn closing(inside: &[char], sign: &str) -> Option<usize> {
    let sign: Vec<char> = sign.chars().collect();
    if inside.first().is_none_or(|c| c.is_whitespace()) {
        return None;
    }
    let mut at = 0;
    while at < inside.len() {
        if inside[at] == '\\' {
            at += 2;
            continue;
        }
        let closes = inside[at..].starts_with(&sign) && at > 0 && !inside[at - 1].is_whitespace();
        let in_word = sign == ['_'] && inside.get(at + 1).is_some_and(|c| c.is_alphanumeric());
        if closes && !in_word {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use rand::Rng as _;

    use super::*;

    fn read(typed: &str) -> (String, Vec<(String, u32, u32)>) {
        let (text, entities) = parse(typed);
        (text, entities.into_iter().map(|it| (it.kind, it.offset, it.length)).collect())
    }

    #[test]
    fn signs_become_entities_and_are_gone() {
        let one = |kind: &str, from, length| vec![(kind.to_owned(), from, length)];
        assert_eq!(read("🙂 **да**"), ("🙂 да".into(), one("bold", 3, 2)));
        assert_eq!(read("_да_, ||нет||").0, "да, нет");
        assert_eq!(read("`**x**`"), ("**x**".into(), one("code", 0, 5)), "code is as it is typed");
        let (text, both) = read("**a _b_ c**");
        assert_eq!((text.as_str(), both), ("a b c", vec![("bold".into(), 0, 5), ("italic".into(), 2, 1)]));
        let (text, link) = parse("смотрите [сюда](https://example.org/a) же");
        assert_eq!(
            (text.as_str(), link[0].url.as_deref()),
            ("смотрите сюда же", Some("https://example.org/a"))
        );
    }

    #[test]
    fn what_is_no_formatting_stays_as_it_was_typed() {
        for plain in [
            "2 ** 3 ** 4",
            "snake_case_name",
            "**",
            "****",
            "_",
            "a | b || c",
            "[x](javascript:alert(1))",
            "[x](y z)",
            "[x]",
            "`",
            "``",
            "C:\\dir",
        ] {
            assert_eq!(read(plain), (plain.to_owned(), vec![]), "{plain}");
        }
        assert_eq!(read(r"\*\*нет\*\* \\"), (r"**нет** \".to_owned(), vec![]));
    }

    #[test]
    fn whatever_is_typed_is_read_and_given_back_for_a_change() {
        let mut rng = rand::rng();
        let signs = ['*', '_', '`', '|', '[', ']', '(', ')', '\\', 'a', 'я', '🙂', ' ', '\n'];
        for _ in 0..5_000 {
            let random: String =
                (0..rng.random_range(0..16)).map(|_| signs[rng.random_range(0..signs.len())]).collect();
            let (text, entities) = parse(&random);
            let units = text.encode_utf16().count();
            assert!(entities.iter().all(|it| (it.offset + it.length) as usize <= units), "{random:?}");
            assert_eq!(parse(&typed(&text, &[])), (text, vec![]), "{random:?}");
        }
        let (text, entities) = parse("**a** _b_ ||c|| [d](https://example.org/)");
        assert_eq!(parse(&typed(&text, &entities)), (text, entities));
    }
}
