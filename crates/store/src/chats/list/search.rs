//! What is searched for, as the queries want it.

/// A pattern that finds the text anywhere; what LIKE takes for wildcards stands for itself.
pub(super) fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        if c != '\0' {
            pattern.push(c);
        }
    }
    pattern.push('%');
    pattern
}

/// Whether the index over texts has anything to look up. It knows words of letters and digits, with two blanks before
/// each and one behind it; a word at an end of what is searched for may go on. Without one every message would be read.
pub(super) fn has_trigram(search: &str) -> bool {
    let mut words = search.split(|c: char| !c.is_alphanumeric()).peekable();
    let mut padding = 0;
    while let Some(word) = words.next() {
        let behind = usize::from(words.peek().is_some());
        if !word.is_empty() && padding + word.chars().count() + behind >= 3 {
            return true;
        }
        padding = 2;
    }
    false
}

/// What to look for in phones, which are stored with their country: nobody types that in Russia.
pub(super) fn phone(search: &str) -> Option<String> {
    if search.chars().any(|c| !(c.is_ascii_digit() || "+-() ".contains(c))) {
        return None;
    }
    let digits: String = search.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.len() == 11 { digits.strip_prefix('8').unwrap_or(&digits) } else { &digits };
    (digits.len() >= 4).then(|| format!("%{digits}%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_is_found_as_it_is_typed() {
        assert_eq!(phone("8 (924) 124-24-17").as_deref(), Some("%9241242417%"));
        assert_eq!(phone("+7924").as_deref(), Some("%7924%"));
        assert_eq!([phone("24-1"), phone("Иван"), phone("a12345")], [None, None, None]);
    }

    #[test]
    fn texts_are_searched_only_by_what_their_index_knows() {
        for known in ["заказ", "abc", "№ 7", "a, b", "100%", "  да, я"] {
            assert!(has_trigram(known), "{known}");
        }
        for unknown in ["", "да", "!!!", "______", "%%%", "???????", "😀😀😀", "a!", "—…—"] {
            assert!(!has_trigram(unknown), "{unknown}");
        }
    }

    #[test]
    fn what_is_searched_for_stands_for_itself() {
        assert_eq!(contains("100%_\\"), r"%100\%\_\\%");
    }
}
