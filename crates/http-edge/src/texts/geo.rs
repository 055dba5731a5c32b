//! Places to choose from in the order form. Sources are named in the files themselves.

use super::Lang;

const COUNTRIES: &str = include_str!("../../texts/geo/countries.tsv");
const RUSSIAN_REGIONS: &str = include_str!("../../texts/geo/regions-ru.tsv");

/// A country of ISO 3166-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// Alpha-2 code, `RU`.
    pub code: &'static str,
    /// Its name in the reader's language.
    pub name: &'static str,
}

/// Every country, Russia first, then in the order of the names.
pub fn countries(lang: Lang) -> Vec<Country> {
    let mut all: Vec<_> = rows(COUNTRIES, lang).map(|(code, name)| Country { code, name }).collect();
    all.sort_by_key(|country| (country.code != "RU", order(country.name)));
    all
}

/// The names of Russia's regions, to suggest while one is typed.
pub fn regions(lang: Lang) -> Vec<&'static str> {
    rows(RUSSIAN_REGIONS, lang).map(|(_, name)| name).collect()
}

fn rows(table: &'static str, lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(move |line| {
        let mut columns = line.split('\t');
        let (code, ru, en) = (columns.next()?, columns.next()?, columns.next()?);
        Some((code, if lang == Lang::Ru { ru } else { en }))
    })
}

/// Å and Ё stand after Z and Я by code point; neither alphabet wants them there.
fn order(name: &str) -> String {
    name.replace('Å', "A").replace('Ё', "Е").replace('ё', "е")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russia_comes_first_and_every_row_has_three_columns() {
        for lang in Lang::ALL {
            let countries = countries(lang);
            assert_eq!(countries[0].code, "RU");
            assert_eq!(countries.len(), 249);
            assert!(countries.iter().all(|country| country.code.len() == 2));
            assert_eq!(regions(lang).len(), 83);
        }
    }
}
