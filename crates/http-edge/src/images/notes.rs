use crate::texts::{self, Lang};

/// What to know of a rendered picture, in words, by the codes of `ImageRendered`; one that is newer than this
/// program is passed over.
pub(crate) fn words(lang: Lang, notes: &[String]) -> Vec<String> {
    notes.iter().filter_map(|note| key(note)).map(|key| texts::get(lang, key)).collect()
}

/// Every code and the key of its words, for scripts.
pub(crate) const ALL: [(&str, &str); 4] = [
    ("first_frame", "note-first-frame"),
    ("scaled_up", "note-scaled-up"),
    ("converted_from_cmyk", "note-converted-from-cmyk"),
    ("reduced_to_8_bits", "note-reduced-to-8-bits"),
];

fn key(note: &str) -> Option<&'static str> {
    ALL.iter().find(|(code, _)| *code == note).map(|(_, key)| *key)
}
