use unicode_segmentation::UnicodeSegmentation as _;

use crate::chats::TextEntity;

/// A place where the text may be cut.
#[derive(Clone, Copy)]
struct Boundary {
    /// UTF-16 units before it.
    at: u32,
    kind: Kind,
}

/// How good a place it is; the greater the better.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Character,
    Word,
    Space,
    Line,
    Paragraph,
}

/// The stretches of a text, each an offset and a length in UTF-16 units: the first of at most `first` units,
/// the others of at most `other`. White space where the text is cut belongs to no stretch.
pub(super) fn stretches(text: &str, entities: &[TextEntity], first: u32, other: u32) -> Vec<(u32, u32)> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let boundaries = boundaries(text);
    let mut stretches = Vec::new();
    let mut rest = (0, to_u32(units.len()));
    let mut most = first;
    loop {
        rest = trimmed(&units, rest);
        let (from, end) = rest;
        if from == end {
            return stretches;
        }
        if end - from <= most {
            stretches.push((from, end - from));
            return stretches;
        }
        let at = best(&boundaries, entities, from, from + most);
        let (start, stop) = trimmed(&units, (from, at));
        if start < stop {
            stretches.push((start, stop - start));
        }
        rest = (at, end);
        most = other;
    }
}

/// The best place in the last part of what is allowed, outside entities if there is one; the last one of
/// several that are as good.
fn best(boundaries: &[Boundary], entities: &[TextEntity], from: u32, limit: u32) -> u32 {
    // A cut much before the limit would make many small messages of one long one.
    let early = from + (limit - from) / 2;
    let until = boundaries.partition_point(|boundary| boundary.at <= limit);
    let since = boundaries.partition_point(|boundary| boundary.at <= from);
    let allowed = &boundaries[since..until];
    let inside = |at: u32| {
        entities.iter().any(|entity| entity.offset < at && at < entity.offset.saturating_add(entity.length))
    };
    let rank = |boundary: &&Boundary| (boundary.kind, boundary.at);
    let late = || allowed.iter().filter(|boundary| boundary.at > early);
    late()
        .filter(|boundary| boundary.kind > Kind::Character && !inside(boundary.at))
        .max_by_key(rank)
        // An entity that takes up the whole half: before it, if that is anywhere.
        .or_else(|| {
            let outside = |boundary: &&Boundary| boundary.kind > Kind::Character && !inside(boundary.at);
            allowed.iter().filter(outside).max_by_key(|boundary| boundary.at)
        })
        .or_else(|| late().filter(|boundary| boundary.kind > Kind::Character).max_by_key(rank))
        .or_else(|| allowed.last())
        // A single character longer than a message: a letter under thousands of marks.
        .map_or(limit, |boundary| boundary.at)
}

/// Every end of a character as a person sees it, in order.
fn boundaries(text: &str) -> Vec<Boundary> {
    let mut words = text.split_word_bound_indices().map(|(at, _)| at).peekable();
    let mut boundaries = Vec::with_capacity(text.len() / 2);
    let mut units = 0;
    let mut before = "";
    let mut two_before = "";
    for (at, character) in text.grapheme_indices(true) {
        while words.peek().is_some_and(|word| *word < at) {
            words.next();
        }
        let is_line = |character: &str| character == "\n" || character == "\r\n";
        let kind = if is_line(before) && is_line(two_before) {
            Kind::Paragraph
        } else if is_line(before) {
            Kind::Line
        } else if before.chars().all(char::is_whitespace) && !before.is_empty() {
            Kind::Space
        } else if words.peek() == Some(&at) {
            Kind::Word
        } else {
            Kind::Character
        };
        boundaries.push(Boundary { at: units, kind });
        units += to_u32(character.encode_utf16().count());
        (two_before, before) = (before, character);
    }
    boundaries
}

/// Without white space at either end. All white space is of one unit.
fn trimmed(units: &[u16], (from, end): (u32, u32)) -> (u32, u32) {
    let is_space = |unit: &u16| char::from_u32(u32::from(*unit)).is_some_and(char::is_whitespace);
    let stretch = &units[from as usize..end as usize];
    let leading = stretch.iter().take_while(|unit| is_space(unit)).count();
    let trailing = stretch[leading..].iter().rev().take_while(|unit| is_space(unit)).count();
    (from + to_u32(leading), end - to_u32(trailing))
}

/// A text that an event can carry is far shorter than 4 GB.
fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
