//! Places to choose from in the order form. Sources are named in the files themselves.

use super::Lang;

const COUNTRIES: &str = include_str!("../../texts/geo/countries.tsv");
const RUSSIAN_REGIONS: &str = include_str!("../../texts/geo/regions-ru.tsv");
const RUSSIAN_CITIES: &str = include_str!("../../texts/geo/cities-ru.tsv");
const RUSSIAN_ZONES: &str = include_str!("../../texts/geo/zones-ru.tsv");

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

/// The larger cities of a Russian region, named in either language or by its ISO 3166-2 code; the capital of every
/// region when there is no such one. To suggest while one is typed.
pub fn cities(lang: Lang, region: &str) -> Vec<&'static str> {
    let region = region.trim();
    let known = Lang::ALL
        .into_iter()
        .flat_map(|lang| rows(RUSSIAN_REGIONS, lang))
        .find(|(code, name)| *code == region || name.to_lowercase() == region.to_lowercase());
    let all = rows(RUSSIAN_CITIES, lang);
    match known {
        Some((code, _)) => all.filter(|(of, _)| *of == code).map(|(_, name)| name).collect(),
        None => {
            let mut last = "";
            let first = |(of, _): &(&'static str, &'static str)| std::mem::replace(&mut last, of) != *of;
            all.filter(first).map(|(_, name)| name).collect()
        }
    }
}

/// A time zone to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// IANA name, `Asia/Vladivostok`.
    pub id: String,
    /// «Владивосток, UTC+10».
    pub name: String,
}

/// Russia's zones from west to east, then `own` if it is none of them.
pub fn zones(lang: Lang, own: Option<&str>, now: jiff::Timestamp) -> Vec<Zone> {
    let named = |id: &str, name: &str| {
        let zone = jiff::tz::TimeZone::get(id).ok()?;
        let minutes = zone.to_offset(now).seconds() / 60;
        let sign = if minutes < 0 { '−' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        let rest = if rest == 0 { String::new() } else { format!(":{rest:02}") };
        Some(Zone { id: id.to_owned(), name: format!("{name}, UTC{sign}{hours}{rest}") })
    };
    let mut zones: Vec<Zone> = rows(RUSSIAN_ZONES, lang).filter_map(|(id, name)| named(id, name)).collect();
    if let Some(own) = own.filter(|own| zones.iter().all(|zone| zone.id != *own)) {
        zones.extend(named(own, &own.replace('_', " ")));
    }
    zones
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

    #[test]
    fn every_region_has_cities_and_every_city_a_region() {
        for lang in Lang::ALL {
            for region in regions(lang) {
                assert!(!cities(lang, region).is_empty(), "{region}");
            }
            assert_eq!(cities(lang, "").len(), 83, "a capital for each");
        }
        assert_eq!(cities(Lang::Ru, "приморский край")[0], "Владивосток");
        assert_eq!(cities(Lang::En, "RU-PRI")[0], "Vladivostok");
        let codes: Vec<_> = rows(RUSSIAN_REGIONS, Lang::Ru).map(|(code, _)| code).collect();
        assert!(rows(RUSSIAN_CITIES, Lang::Ru).all(|(code, _)| codes.contains(&code)));
    }

    #[test]
    fn zones_say_how_far_they_are_from_utc() {
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        let ru = zones(Lang::Ru, Some("Asia/Kolkata"), now);
        assert_eq!((ru.len(), ru[1].name.as_str()), (12, "Москва, UTC+3"));
        assert_eq!(ru[11].name, "Asia/Kolkata, UTC+5:30");
        assert_eq!(zones(Lang::En, Some("Europe/Moscow"), now).len(), 11, "known already");
        assert_eq!(zones(Lang::En, Some("Mars/Olympus"), now).len(), 11);
    }
}
