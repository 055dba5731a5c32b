//! The words of the interface, one Fluent file per language under `texts/`.
//!
//! Russian is the first language; English is equally complete, which a test holds.
//! A text is named by a literal key, in templates as `layout.t("key")`, so that the same test
//! can say which keys nobody uses.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

pub mod format;
pub mod geo;
pub mod time;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Russian, the default.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Both languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The BCP 47 tag, as in `<html lang>` and in the `lang` cookie.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `ru`, `en-GB`; `None` for any other language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag().eq_ignore_ascii_case(primary))
    }

    /// The language a browser asks for (RFC 9110, section 12.5.4): the known tag with the
    /// highest weight, the earlier one among equals, Russian when there is none.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best = (0.0_f32, Self::default());
        for range in header.split(',') {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if weight > best.0 {
                best = (weight, lang);
            }
        }
        best.1
    }
}

/// The text of `key`, or the key itself when it is unknown.
pub fn get(lang: Lang, key: &str) -> String {
    with(lang, key, &[])
}

/// The text of `key` with its variables filled in.
pub fn with(lang: Lang, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
    let mut args = FluentArgs::with_capacity(variables.len());
    for (name, value) in variables {
        args.set(*name, value.clone());
    }
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned()
}

/// Whether `key` has a text in `lang`.
pub fn has(lang: Lang, key: &str) -> bool {
    bundle(lang).has_message(key)
}

type Bundle = FluentBundle<FluentResource>;

fn bundle(lang: Lang) -> &'static Bundle {
    static RU: LazyLock<Bundle> = LazyLock::new(|| read(langid!("ru"), include_str!("../texts/ru.ftl")));
    static EN: LazyLock<Bundle> = LazyLock::new(|| read(langid!("en"), include_str!("../texts/en.ftl")));
    match lang {
        Lang::Ru => &RU,
        Lang::En => &EN,
    }
}

fn read(language: LanguageIdentifier, source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Names are isolated by <bdi> in the markup; isolation characters would end up in attributes.
    bundle.set_use_isolating(false);
    // A file with a mistake still gives the texts around it; a test says where the mistake is.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests;
