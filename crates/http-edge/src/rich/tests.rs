use rand::Rng as _;

use super::*;

fn entity(kind: &str, offset: u32, length: u32) -> TextEntity {
    TextEntity::plain(kind, offset, length)
}

fn shown(text: &str, entities: &[TextEntity]) -> Vec<(String, Vec<&'static str>, Option<String>)> {
    segments(text, entities).into_iter().map(|it| (it.text, it.marks, it.href)).collect()
}

#[test]
fn overlapping_entities_are_cut_where_the_look_changes() {
    let both = [entity("bold", 0, 4), entity("italic", 2, 4)];
    assert_eq!(
        shown("абвгде!", &both),
        [
            ("аб".to_owned(), vec!["bold"], None),
            ("вг".to_owned(), vec!["bold", "italic"], None),
            ("де".to_owned(), vec!["italic"], None),
            ("!".to_owned(), vec![], None),
        ]
    );
}

#[test]
fn offsets_count_utf16_units_and_never_cut_a_character() {
    assert_eq!(shown("🙂да", &[entity("code", 2, 2)])[1].0, "да");
    assert_eq!(shown("а🙂", &[entity("bold", 2, 1)])[1].0, "🙂", "half a character is a whole one");
}

#[test]
fn plain_text_and_nonsense_have_no_segments() {
    assert!(segments("да", &[]).is_empty());
    for broken in [
        entity("bold", 9, 9),
        entity("bold", 0, 0),
        entity("hologram", 0, 2),
        entity("bold", u32::MAX, u32::MAX),
    ] {
        assert!(segments("да", &[broken]).is_empty());
    }
}

#[test]
fn links_lead_only_where_they_may() {
    let to = |url: &str| {
        let entity = TextEntity { url: Some(url.into()), ..entity("text_link", 0, 4) };
        segments("сюда", &[entity]).into_iter().find_map(|it| it.href)
    };
    assert_eq!(to("https://example.org/a?b"), Some("https://example.org/a?b".into()));
    assert_eq!(to("tg://resolve?domain=x"), Some("tg://resolve?domain=x".into()));
    assert_eq!(to("example.org"), Some("https://example.org/".into()));
    assert_eq!(to("example.org:8080/x"), Some("https://example.org:8080/x".into()));
    for bad in
        ["javascript:alert(1)", " JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "//"]
    {
        assert_eq!(to(bad), None, "{bad}");
    }
    let said = |kind: &str, text: &str| {
        let units = u32::try_from(text.encode_utf16().count()).unwrap();
        segments(text, &[entity(kind, 0, units)]).into_iter().find_map(|it| it.href)
    };
    assert_eq!(said("mention", "@ivan_p"), Some("https://t.me/ivan_p".into()));
    assert_eq!(said("phone_number", "+7 (924) 124-24-17"), Some("tel:+79241242417".into()));
    assert_eq!(said("email", "a@example.org"), Some("mailto:a@example.org".into()));
    assert_eq!(said("url", "javascript:alert(1)"), None);
}

/// Whatever entities say, joined the segments are the text.
#[test]
fn nothing_of_a_text_is_lost_or_doubled() {
    let mut rng = rand::rng();
    let kinds = ["bold", "italic", "spoiler", "pre", "text_link", "url", "mention", "nothing"];
    for _ in 0..2_000 {
        let text: String = (0..rng.random_range(0..12))
            .map(|_| ['a', 'я', '🙂', ' ', '\n', '@', '<', '\u{301}'][rng.random_range(0..8)])
            .collect();
        let entities: Vec<TextEntity> = (0..rng.random_range(0..6))
            .map(|_| TextEntity {
                url: Some("https://example.org".into()),
                ..entity(kinds[rng.random_range(0..8)], rng.random_range(0..30), rng.random_range(0..30))
            })
            .collect();
        let joined: String = segments(&text, &entities).into_iter().map(|it| it.text).collect();
        assert!(joined.is_empty() || joined == text, "{text:?} {entities:?}");
    }
}
