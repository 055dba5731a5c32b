use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::Fault;

/// Unicode characters, as PostgreSQL counts them.
pub const MAX_TITLE: usize = 200;
/// Unicode characters.
pub const MAX_DESCRIPTION: usize = 5_000;
/// Unicode characters of a region or a city.
pub const MAX_PLACE: usize = 100;

/// 1 to 200 characters in one line.
pub fn title(raw: &str) -> Result<String, Fault> {
    within(line(raw), MAX_TITLE)
}

/// 1 to 5,000 characters; lines are kept apart.
pub fn description(raw: &str) -> Result<String, Fault> {
    within(lines(raw), MAX_DESCRIPTION)
}

/// A region or a city: up to 100 characters, `None` when there is nothing but white space.
pub fn place(raw: &str) -> Result<Option<String>, Fault> {
    match within(line(raw), MAX_PLACE) {
        Ok(text) => Ok(Some(text)),
        Err(Fault::Required) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Text of one line: NFC, trimmed, without control characters; breaks and tabs become spaces.
#[must_use]
pub fn line(raw: &str) -> String {
    clean(raw, |character| match character {
        '\n' | '\r' | '\t' => Some(' '),
        _ => None,
    })
}

/// Text of several lines: as [`line`], but line feeds stay, and other line ends become line feeds.
#[must_use]
pub fn lines(raw: &str) -> String {
    if raw.contains('\r') {
        return lines(&raw.replace("\r\n", "\n").replace('\r', "\n"));
    }
    clean(raw, |character| match character {
        '\n' => Some('\n'),
        '\t' => Some(' '),
        _ => None,
    })
}

fn clean(raw: &str, spare: impl Fn(char) -> Option<char>) -> String {
    let kept = raw.chars().any(is_control).then(|| {
        raw.chars()
            .filter_map(|character| spare(character).or((!is_control(character)).then_some(character)))
            .collect::<String>()
    });
    let kept = kept.as_deref().unwrap_or(raw);
    if is_nfc(kept) { kept.trim().to_owned() } else { kept.nfc().collect::<String>().trim().to_owned() }
}

/// What is never shown but changes what is: control characters, and the overrides of the writing
/// direction that make a text read otherwise than it is stored (Unicode Technical Report 36, 2.10).
fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn within(text: String, most: usize) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::Required);
    }
    // Bytes are at least as many as characters: most texts need no counting.
    if text.len() > most && text.chars().count() > most {
        return Err(Fault::TooLong);
    }
    Ok(text)
}
