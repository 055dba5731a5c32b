use std::collections::BTreeSet;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use crate::Lang;

type Bundle = FluentBundle<FluentResource>;

/// The texts of one place, one Fluent file per language.
pub struct Catalogue {
    ru: Bundle,
    en: Bundle,
}

impl Catalogue {
    /// Reads the two files. One with a mistake still gives the texts around it; a test of whose texts they
    /// are says where the mistake is.
    #[must_use]
    pub fn new(ru: &str, en: &str) -> Self {
        Self { ru: read(langid!("ru"), ru), en: read(langid!("en"), en) }
    }

    /// The text of `key` with its variables filled in, or the key itself when it is unknown.
    #[must_use]
    pub fn text(&self, lang: Lang, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
        let mut args = FluentArgs::with_capacity(variables.len());
        for (name, value) in variables {
            args.set(*name, value.clone());
        }
        let bundle = self.bundle(lang);
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
    }

    /// Whether `key` has a text in `lang`.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundle(lang).has_message(key)
    }

    fn bundle(&self, lang: Lang) -> &Bundle {
        match lang {
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

/// The keys of a Fluent file; for the tests of whose texts they are.
///
/// # Errors
/// What cannot be read in it, and which key stands twice.
pub fn keys(source: &str) -> Result<BTreeSet<&str>, String> {
    if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
        return Err(format!("{errors:?}"));
    }
    let mut keys = BTreeSet::new();
    let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    for (key, _) in lines.filter_map(|line| line.split_once(" =")) {
        if !keys.insert(key) {
            return Err(format!("{key} stands twice"));
        }
    }
    Ok(keys)
}

fn read(language: LanguageIdentifier, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Names are isolated by <bdi> in the markup; isolation characters would end up in attributes.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_variables_and_an_unknown_key_shows_itself() {
        let texts = Catalogue::new("hello = Привет, { $name }", "hello = Hello, { $name }");
        let name = [("name", FluentValue::from("Анна"))];
        assert_eq!(texts.text(Lang::Ru, "hello", &name), "Привет, Анна");
        assert_eq!(texts.text(Lang::En, "hello", &name), "Hello, Анна");
        assert_eq!(texts.text(Lang::En, "no-such", &[]), "no-such");
        assert!(texts.has(Lang::Ru, "hello") && !texts.has(Lang::Ru, "no-such"));
    }

    #[test]
    fn mistakes_in_a_file_are_told() {
        assert!(keys("a = 1\nb = 2").is_ok_and(|keys| keys.len() == 2));
        assert!(keys("a = 1\na = 2").is_err(), "twice");
        assert!(keys("a = { $").is_err(), "cut off");
    }
}
