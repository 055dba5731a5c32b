use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::{
    super::{Location, Platform},
    *,
};

fn now() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn good() -> OrderContent {
    OrderContent { deadline: now() + 240.hours(), ..OrderContent::sample() }
}

fn faults(content: &OrderContent) -> Vec<(String, String)> {
    check(content, now()).into_iter().map(|invalid| (invalid.field, invalid.code)).collect()
}

#[test]
fn a_good_order_breaks_no_rule() {
    assert_eq!(faults(&normalise(good())), []);
}

#[test]
fn each_field_is_named_with_its_fault() {
    let bad = OrderContent {
        title: " \u{0}\n ".into(),
        description: "д".repeat(5_001),
        target_url: "javascript:alert(1)".into(),
        amount: 9_999,
        location: Location { country: "ZZ".into(), region: Some("р".repeat(101)), city: Some("  ".into()) },
        deadline: now(),
        platforms: vec![Platform::Vk, Platform::Telegram, Platform::Vk],
        image_id: None,
        source_image_id: None,
        track_link: false,
    };
    let expected = [
        ("title", "required"),
        ("description", "too_long"),
        ("targetUrl", "invalid"),
        ("totalAmount", "too_small"),
        ("location.country", "invalid"),
        ("location.region", "too_long"),
        ("deadline", "in_the_past"),
        ("platforms", "repeated"),
    ];
    assert_eq!(faults(&normalise(bad)), expected.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[test]
fn amounts_are_exact() {
    for (text, kopecks) in [
        ("1500", 150_000),
        ("99.90", 9_990),
        ("99.9", 9_990),
        ("100.10", 10_010),
        ("0.01", 1),
        ("-5", -500),
        ("1e9", 100_000_000_000),
        ("1.5e3", 150_000),
        ("15000e-1", 150_000),
        ("1 500,00", 150_000),
        ("1\u{a0}500\u{202f}000,5", 150_000_050),
        (" 100 ", 10_000),
        ("0e99999999999999999999", 0),
        ("92233720368547758.07", i64::MAX),
    ] {
        assert_eq!(parse_amount(text), Ok(kopecks), "{text}");
    }
    for text in [
        "99.999", "100.100", "1,500", "1 50", "1 5000", "abc", "NaN", "1e", "1e+", ".5", "5.", "+5", "--5",
        "1.2.3", "0x10", "١٠٠", "1e-9", "1 500 .5",
    ] {
        assert_eq!(parse_amount(text), Err(Fault::Invalid), "{text}");
    }
    assert_eq!(parse_amount(" "), Err(Fault::Required));
    for text in ["92233720368547758.08", "1e99", "99999999999999999999999999", "1e999999999999999999999"] {
        assert_eq!(parse_amount(text), Err(Fault::TooLarge), "{text}");
    }
    assert_eq!(read_amount("100"), Ok(MIN_AMOUNT));
    assert_eq!(read_amount("99.99"), Err(Fault::TooSmall));
    assert_eq!(read_amount("-100"), Err(Fault::TooSmall));
    assert_eq!(read_amount("100000000"), Ok(MAX_AMOUNT));
    assert_eq!(read_amount("100000000.01"), Err(Fault::TooLarge));
}

#[test]
fn links_lead_to_a_host_on_the_web() {
    for link in [
        "https://example.org",
        "http://127.0.0.1:8080/a?b=c#d",
        "HTTPS://EXAMPLE.ORG/",
        "https://пример.рф/путь",
        " https://example.org/ ",
    ] {
        assert_eq!(target_url(link).as_deref(), Ok(link.trim()));
    }
    for link in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org",
        "data:text/html,x",
        "example.org",
        "//example.org",
        "https:example.org",
        "https://",
        "https:///path",
        "http://?q",
        "https://exa mple.org",
        "https://example.org/a b",
        "https:\\\\example.org",
        "https://user@example.org",
        "https://user:password@example.org",
        "https://example.org:99999",
        "https://[::1",
        "тест",
    ] {
        assert_eq!(target_url(link), Err(Fault::Invalid), "{link}");
    }
    let longest = format!("https://example.org/{}", "a".repeat(MAX_URL - 20));
    assert!(target_url(&longest).is_ok());
    assert_eq!(target_url(&format!("{longest}a")), Err(Fault::TooLong));
}

#[test]
fn a_deadline_is_in_the_future_and_within_five_years() {
    let second = 1.second();
    assert_eq!(deadline(now(), now()), Err(Fault::InThePast));
    assert!(deadline(now() + second, now()).is_ok());
    let latest: Timestamp = "2031-11-21T12:00:00Z".parse().unwrap();
    assert!(deadline(latest, now()).is_ok());
    assert_eq!(deadline(latest + second, now()), Err(Fault::TooFar));
}

#[test]
fn lines_of_a_description_stay_apart_and_those_of_a_title_do_not() {
    assert_eq!(lines("раз\r\nдва\rтри\tчетыре\u{7}"), "раз\nдва\nтри четыре");
    assert_eq!(line("раз\r\nдва"), "раз  два");
    // "й" as a letter and a breve is the letter "й".
    assert_eq!(line("и\u{306}"), "й");
    assert_eq!(line("\u{202e}abc"), "abc");
}

#[test]
fn countries_are_those_of_the_standard() {
    assert_eq!(country(" ru ").as_deref(), Ok("RU"));
    for code in ["", "R", "RUS", "XX", "ру", "A "] {
        assert!(country(code).is_err(), "{code}");
    }
}

proptest! {
    #[test]
    fn every_whole_number_of_kopecks_is_read_as_itself(kopecks in any::<i64>()) {
        let sign = if kopecks < 0 { "-" } else { "" };
        let (rubles, rest) = (kopecks.unsigned_abs() / 100, kopecks.unsigned_abs() % 100);
        prop_assume!(kopecks != i64::MIN);
        prop_assert_eq!(parse_amount(&format!("{sign}{rubles}.{rest:02}")), Ok(kopecks));
        prop_assert_eq!(parse_amount(&format!("{sign}{rubles},{rest:02}")), Ok(kopecks));
    }

    #[test]
    fn no_text_makes_the_rules_panic(text in any::<String>()) {
        let _ = parse_amount(&text);
        let _ = target_url(&text);
        let _ = country(&text);
        let _ = title(&text);
    }

    #[test]
    fn a_digit_soup_never_panics(text in "[-+0-9 ,.eE]{0,30}") {
        let _ = parse_amount(&text);
    }

    #[test]
    fn normalising_twice_changes_nothing_more(title in any::<String>(), description in any::<String>(), city in any::<Option<String>>()) {
        let once = normalise(OrderContent {
            title, description, location: Location { country: "ru".into(), region: None, city }, ..good()
        });
        prop_assert_eq!(normalise(once.clone()), once.clone());
        prop_assert_eq!(once.hash(), normalise(once).hash());
    }

    #[test]
    fn what_is_kept_has_no_control_characters(text in any::<String>()) {
        prop_assert!(!line(&text).chars().any(char::is_control));
        prop_assert!(!lines(&text).chars().any(|character| character.is_control() && character != '\n'));
    }

    #[test]
    fn what_passes_fits_the_table(title in any::<String>(), description in any::<String>(), url in any::<String>(), amount in any::<i64>()) {
        let content = normalise(OrderContent { title, description, target_url: url, amount, ..good() });
        if check(&content, now()).is_empty() {
            prop_assert!((1..=200).contains(&content.title.chars().count()));
            prop_assert!((1..=5_000).contains(&content.description.chars().count()));
            prop_assert!(content.target_url.chars().count() <= 2_048);
            prop_assert!((10_000..=10_000_000_000).contains(&content.amount));
        }
    }
}
