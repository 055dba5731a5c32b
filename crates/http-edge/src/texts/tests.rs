//! Every text exists in both languages, and every text is used.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

const RU: &str = include_str!("../../texts/ru.ftl");
const EN: &str = include_str!("../../texts/en.ftl");

fn keys(source: &str) -> BTreeSet<&str> {
    phrases::keys(source).unwrap()
}

/// Every string literal in templates and sources that looks like a key, and what calls for one.
fn literals() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut all, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut left = vec![root.join("templates"), root.join("src")];
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.ends_with("texts/tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let pieces: Vec<_> = text.split('"').collect();
        for pair in pieces.windows(2) {
            all.insert(pair[1].to_owned());
            let calls = ["layout.t(", "layout.tv(", "self.t(", "self.tv(", "word(layout, "];
            if calls.iter().any(|call| pair[0].ends_with(call)) && pair[1].contains('-') {
                wanted.insert(pair[1].to_owned());
            }
        }
    }
    (all, wanted)
}

#[test]
fn both_languages_parse_and_have_the_same_keys() {
    assert_eq!(keys(RU).symmetric_difference(&keys(EN)).collect::<Vec<_>>(), Vec::<&&str>::new());
}

#[test]
fn every_text_is_used_and_every_used_text_exists() {
    let (all, wanted) = literals();
    let known = keys(RU);
    let unused: Vec<_> = known.iter().filter(|key| !all.contains(**key)).collect();
    assert!(unused.is_empty(), "nobody uses {unused:?}");
    let missing: Vec<_> = wanted.iter().filter(|key| !known.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "no text for {missing:?}");
    assert!(wanted.len() > 100, "the search for keys finds nothing any more");
}

#[test]
fn both_languages_use_the_same_variables() {
    for key in keys(RU) {
        let holes = |lang| {
            let names = ["time", "amount", "name", "n", "limit", "status", "percent", "reason", "type"];
            let text = with(lang, key, &names.map(|name| (name, FluentValue::from(format!("<{name}>")))));
            names.into_iter().filter(|name| text.contains(&format!("<{name}>"))).collect::<Vec<_>>()
        };
        assert_eq!(holes(Lang::Ru), holes(Lang::En), "{key}");
    }
}

#[test]
fn plurals_are_right_in_both() {
    let days = |lang, n: i64| with(lang, "time-in-days", &[("n", FluentValue::from(n))]);
    assert_eq!(days(Lang::Ru, 1), "через 1 день");
    assert_eq!(days(Lang::Ru, 3), "через 3 дня");
    assert_eq!(days(Lang::Ru, 11), "через 11 дней");
    assert_eq!(days(Lang::Ru, 21), "через 21 день");
    assert_eq!(days(Lang::En, 1), "in 1 day");
    assert_eq!(days(Lang::En, 21), "in 21 days");
}

#[test]
fn an_unknown_key_shows_itself() {
    assert_eq!(get(Lang::Ru, "no-such-text"), "no-such-text");
    assert!(has(Lang::Ru, "sign-in") && !has(Lang::En, "no-such-text"));
}

#[test]
fn times_are_said_as_people_say_them() {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let now = at("2026-11-21T09:41:07Z");
    let zone = time::zone(Some("Europe/Moscow"));
    assert_eq!(time::relative(Lang::Ru, now, at("2026-11-24T10:00:00Z")), "через 3 дня");
    assert_eq!(time::relative(Lang::Ru, now, at("2026-11-21T09:40:50Z")), "только что");
    assert_eq!(time::relative(Lang::En, now, at("2026-11-21T07:00:00Z")), "2 hours ago");
    assert_eq!(time::exact(Lang::Ru, &zone, now), "21 ноября 2026, 12:41:07 UTC+03:00");
    assert_eq!(time::day(Lang::Ru, &zone, now, at("2026-11-20T21:30:00Z")), "Сегодня");
    assert_eq!(time::day(Lang::En, &zone, now, at("2025-03-01T09:00:00Z")), "1 March 2025");
    assert_eq!(time::brief(&zone, now, at("2026-11-19T09:00:00Z")), "19.11");
    assert_eq!(time::waiting(Lang::Ru, now, at("2026-11-21T09:41:00Z")), "1 мин");
    assert_eq!(time::zone(Some("no/such")), time::zone(None));
}
