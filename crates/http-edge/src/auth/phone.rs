use phonenumber::{Mode, country::Id};

/// A phone number as people type it, in E.164: `8 (924) 124-24-17` is `+79241242417`. Numbers without a
/// country code are Russian. `None` when no network could have such a number.
pub fn read_phone(text: &str) -> Option<String> {
    if text.len() > 80 {
        return None;
    }
    // Whatever keyboards and web pages make of a space and a hyphen.
    let plain: String = text
        .chars()
        .map(|c| match c {
            c if c.is_whitespace() => ' ',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            c => c,
        })
        .collect();
    let number = phonenumber::parse(Some(Id::RU), plain.trim()).ok().filter(phonenumber::is_valid)?;
    // An extension cannot be part of an account's phone.
    number.extension().is_none().then(|| number.format().mode(Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_way_to_write_a_number_is_the_same_number() {
        for text in [
            "+79241242417",
            "89241242417",
            "9241242417",
            "79241242417",
            "+7 924 124-24-17",
            "+7 (924) 124-24-17",
            "8 (924) 124 24 17",
            "8-924-124-24-17",
            "+7.924.124.24.17",
            " +7\u{a0}924\u{a0}124-24-17 ",
        ] {
            assert_eq!(read_phone(text).as_deref(), Some("+79241242417"), "{text:?}");
        }
        assert_eq!(read_phone("+44 20 7183 8750").as_deref(), Some("+442071838750"));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "  ", "abc", "+7924", "+7 924 124-24-170", "+70000000000", "12345", "+79241242417 ext. 5"]
        {
            assert_eq!(read_phone(text), None, "{text:?}");
        }
    }
}
