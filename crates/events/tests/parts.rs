//! A reply is cut where a reader would cut it, and nothing of it is lost.

use events::chats::{
    LARGEST_ALBUM, LONGEST_CAPTION, LONGEST_TEXT, MessageType, ReplyFile, ReplyPart, TextEntity, plan,
};
use proptest::prelude::*;

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn file(kind: MessageType) -> ReplyFile {
    ReplyFile { kind, ..ReplyFile::sample() }
}

fn texts(text: &str, entities: &[TextEntity], files: &[ReplyFile]) -> Vec<String> {
    plan(text, entities, files).iter().map(|part| part.text(text)).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn what_fits_is_one_part() {
    assert_eq!(texts(&"я".repeat(4_096), &[], &[]), ["я".repeat(4_096)]);
    assert_eq!(texts("  привет \n", &[], &[]), ["привет"]);
    assert!(plan(" \n ", &[], &[]).is_empty());
}

#[test]
fn a_text_is_cut_between_paragraphs_before_lines_before_words() {
    let (long, short) = ("слово ".repeat(400), "слово ".repeat(150));
    let text = format!("{long}\n\n{short}\n{short}");
    assert_eq!(texts(&text, &[], &[]), [long.trim(), format!("{short}\n{short}").trim()]);
    let text = format!("{long}\n{short} {short}");
    assert_eq!(texts(&text, &[], &[]), [long.trim(), format!("{short} {short}").trim()]);
    let words = texts(&"слово ".repeat(1_000), &[], &[]);
    assert_eq!(words.len(), 2);
    assert!(words.iter().all(|part| part.split(' ').all(|word| word == "слово")), "no word is cut");
}

#[test]
fn emoji_count_as_telegram_counts_them_and_stay_whole() {
    let family = "👨‍👩‍👧‍👦";
    let parts = texts(&family.repeat(400), &[], &[]);
    assert_eq!(units(family), 11);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts.concat(), family.repeat(400));
    assert!(parts.iter().all(|part| units(part) <= 4_096 && units(part).is_multiple_of(11)));
}

#[test]
fn a_link_is_not_cut_unless_it_alone_is_too_long() {
    let text = format!("{} {}", "а".repeat(4_000), "ссылка из слов ".repeat(20));
    let link = TextEntity::plain("bold", 4_001, 299);
    let parts = plan(&text, std::slice::from_ref(&link), &[]);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[1].entities(std::slice::from_ref(&link))[0].length, 299);
    assert!(parts[0].entities(&[link]).is_empty());

    let text = "слово ".repeat(1_000);
    let all = TextEntity::plain("bold", 0, 6_000);
    let parts = plan(&text, std::slice::from_ref(&all), &[]);
    assert_eq!(parts.len(), 2);
    for part in parts {
        let bold = &part.entities(std::slice::from_ref(&all))[0];
        assert_eq!((bold.offset, bold.length), (0, part.length), "each part is bold throughout");
    }
}

#[test]
fn a_caption_is_shorter_and_what_is_left_of_it_follows() {
    let photo = [file(MessageType::Photo)];
    assert_eq!(plan("", &[], &photo), [ReplyPart { offset: 0, length: 0, files: vec![0] }]);
    let text = "слово ".repeat(1_000);
    let parts = plan(&text, &[], &photo);
    assert!(parts[0].length <= LONGEST_CAPTION && parts[0].length > LONGEST_CAPTION / 2);
    assert!(parts[1..].iter().all(|part| part.files.is_empty()));
    assert_eq!(parts.len(), 3);
}

#[test]
fn what_may_share_a_message_is_an_album() {
    use MessageType::{Animation, Audio, Document, Photo, Video};
    let of = |kinds: &[MessageType]| -> Vec<Vec<u32>> {
        let files: Vec<ReplyFile> = kinds.iter().copied().map(file).collect();
        plan("", &[], &files).into_iter().map(|part| part.files).collect()
    };
    assert_eq!(of(&[Photo, Video, Photo]), [vec![0, 1, 2]]);
    assert_eq!(of(&[Photo, Document, Document, Audio]), [vec![0], vec![1, 2], vec![3]]);
    assert_eq!(of(&[Animation, Animation]), [vec![0], vec![1]]);
    let many = of(&[Photo; 23]);
    assert_eq!(many.iter().map(Vec::len).collect::<Vec<_>>(), [LARGEST_ALBUM, LARGEST_ALBUM, 3]);
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[а-яa-z]{1,14}",
        6 => Just(" ".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("\n\n".to_owned()),
        1 => Just("👩🏽‍🚀".to_owned()),
        1 => "[а-я]{900,1500}",
        1 => "e\u{301}{1,3}",
    ];
    prop::collection::vec(piece, 0..500).prop_map(|pieces| pieces.concat())
}

fn entities() -> impl Strategy<Value = Vec<TextEntity>> {
    let one = (0_u32..12_000, 1_u32..6_000).prop_map(|(at, length)| TextEntity::plain("bold", at, length));
    prop::collection::vec(one, 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn nothing_but_white_space_is_lost_and_nothing_is_too_long(
        text in text(), entities in entities(), pictures in 0_usize..3,
    ) {
        let files = vec![file(MessageType::Photo); pictures];
        let parts = plan(&text, &entities, &files);
        let said: String = parts.iter().map(|part| part.text(&text)).collect();
        prop_assert_eq!(bare(&said), bare(&text));
        let mut end = 0;
        for part in &parts {
            let longest = if part.files.is_empty() { LONGEST_TEXT } else { LONGEST_CAPTION };
            prop_assert!(part.length <= longest);
            prop_assert!(part.length > 0 || !part.files.is_empty(), "an empty message");
            prop_assert!(part.length == 0 || part.offset >= end, "out of order");
            end = end.max(part.offset + part.length);
            let said = part.text(&text);
            prop_assert!(!said.contains('\u{fffd}'), "a character is cut");
            prop_assert!(!said.starts_with('\u{200d}') && !said.starts_with('\u{301}'), "a sign is cut");
            for entity in part.entities(&entities) {
                prop_assert!(entity.length > 0 && entity.offset + entity.length <= part.length);
            }
        }
    }
}
