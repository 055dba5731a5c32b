//! What somebody may have typed to find a person.

use store::users::Asked;
use uuid::Uuid;

use crate::auth::read_phone;

/// Characters that are looked at.
const MOST: usize = 100;
/// So few digits are in too many phones.
const FEWEST_DIGITS: usize = 3;

/// A name, a phone in any notation or a part of one, an id: whatever it can be.
pub(super) fn people(text: &str) -> Asked {
    let text = clean(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = !text.chars().any(char::is_alphabetic) && digits.len() >= FEWEST_DIGITS;
    Asked {
        id: text.parse::<Uuid>().ok(),
        phone: read_phone(&text),
        digits: is_number.then_some(digits),
        name: text,
        ..Asked::default()
    }
}

/// PostgreSQL takes no NUL.
pub(super) fn clean(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_a_part_of_one_an_id_and_a_name() {
        assert_eq!(people(" 8 (924) 124-24-17 ").phone.as_deref(), Some("+79241242417"));
        let part = people("124-24");
        assert_eq!((part.phone, part.digits.as_deref()), (None, Some("12424")));
        assert_eq!(people("Анна 2").digits, None);
        assert_eq!(people("12").digits, None);
        assert_eq!(people(&Uuid::from_u128(7).to_string()).id, Some(Uuid::from_u128(7)));
        assert_eq!(people("а\0нна").name, "анна");
    }
}
