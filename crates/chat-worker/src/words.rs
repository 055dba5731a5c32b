//! What the bot says by itself, in `texts/`.

use std::sync::LazyLock;

use phrases::{Catalogue, FluentValue, Lang};

const RU: &str = include_str!("../texts/ru.ftl");
const EN: &str = include_str!("../texts/en.ftl");

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(RU, EN));

/// The language of a person whose Telegram has this one; Russian when it is neither.
pub(crate) fn language(code: Option<&str>) -> Lang {
    code.and_then(Lang::from_tag).unwrap_or_default()
}

pub(crate) fn text(lang: Lang, key: &str) -> String {
    with(lang, key, &[])
}

pub(crate) fn with(lang: Lang, key: &str, variables: &[(&str, &str)]) -> String {
    let variables: Vec<_> =
        variables.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
    TEXTS.text(lang, key, &variables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_exists_in_both_languages_and_is_used() {
        let (ru, en) = (phrases::keys(RU).unwrap(), phrases::keys(EN).unwrap());
        assert_eq!(ru, en);
        let sources = [include_str!("answer.rs"), include_str!("tell/words.rs")].concat();
        for key in ru {
            assert!(sources.contains(&format!("\"{key}\"")), "nobody says {key}");
            let holes = |lang| {
                let text = with(lang, key, &["title", "amount", "reason"].map(|name| (name, "<hole>")));
                text.matches("<hole>").count()
            };
            assert_eq!(holes(Lang::Ru), holes(Lang::En), "{key}");
            assert!(!text(Lang::Ru, key).is_empty() && !text(Lang::En, key).is_empty());
        }
    }

    #[test]
    fn languages_are_those_of_the_site() {
        assert_eq!(language(Some("en-GB")), Lang::En);
        for other in [Some("ru"), Some("de"), None] {
            assert_eq!(language(other), Lang::Ru);
        }
    }
}
