//! The words of the interface, one Fluent file per language under `texts/`.
//!
//! Russian is the first language; English is equally complete, which a test holds.
//! A text is named by a literal key, in templates as `layout.t("key")`, so that the same test
//! can say which keys nobody uses.

use std::sync::LazyLock;

use fluent_bundle::FluentValue;
use phrases::Catalogue;

pub use phrases::{Lang, format};

pub mod geo;
pub mod time;

static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("../texts/ru.ftl"), include_str!("../texts/en.ftl")));

/// The text of `key`, or the key itself when it is unknown.
pub fn get(lang: Lang, key: &str) -> String {
    with(lang, key, &[])
}

/// The text of `key` with its variables filled in.
pub fn with(lang: Lang, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
    TEXTS.text(lang, key, variables)
}

/// Whether `key` has a text in `lang`.
pub fn has(lang: Lang, key: &str) -> bool {
    TEXTS.has(lang, key)
}

#[cfg(test)]
mod tests;
