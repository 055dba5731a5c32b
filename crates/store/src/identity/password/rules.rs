//! What a new password may be.

use std::sync::LazyLock;

/// Characters.
const SHORTEST: usize = 8;
/// Nobody types more; a hash of a megabyte would only take time.
const LONGEST: usize = 200;
/// A part of a name that is shorter is in many a good password by chance.
const NAME: usize = 4;
/// What is left of a phone without its country code.
const PHONE: usize = 10;

/// Sorted, which a test holds.
static COMMON: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| include_str!("common.txt").lines().filter(|line| !line.starts_with('#')).collect());

/// Why a password may not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("the password must have at least {SHORTEST} characters")]
    TooShort,
    #[error("the password may have at most {LONGEST} characters")]
    TooLong,
    #[error("the password is among those that are tried first, or tells the account's phone or name")]
    TooCommon,
}

impl PasswordFault {
    /// For programs: `too_short`, `too_long` or `too_common`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::TooCommon => "too_common",
        }
    }
}

/// Whether an account with this phone (E.164) and name may have the password.
pub fn check(password: &str, phone: &str, name: &str) -> Result<(), PasswordFault> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(PasswordFault::TooShort);
    }
    if length > LONGEST {
        return Err(PasswordFault::TooLong);
    }
    let lower = password.to_lowercase();
    if is_common(&lower) || tells_phone(&lower, phone) || tells_name(&lower, name) {
        return Err(PasswordFault::TooCommon);
    }
    Ok(())
}

/// One character over and over is as common as what is on the list.
fn is_common(lower: &str) -> bool {
    COMMON.binary_search(&lower.trim()).is_ok()
        || lower.chars().next().is_some_and(|first| lower.chars().all(|one| one == first))
}

/// However it is spaced.
fn tells_phone(lower: &str, phone: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let phone = digits(phone);
    let own = &phone[phone.len().saturating_sub(PHONE)..];
    !own.is_empty() && digits(lower).contains(own)
}

fn tells_name(lower: &str, name: &str) -> bool {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| word.chars().count() >= NAME && lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<PasswordFault> {
        check(password, "+79241242417", "Анна-Мария Ли").err()
    }

    #[test]
    fn the_list_is_long_lower_case_and_sorted() {
        assert!(COMMON.len() >= 10_000, "{}", COMMON.len());
        assert!(COMMON.is_sorted(), "or the search would miss some");
        assert!(COMMON.iter().all(|one| one.chars().count() >= SHORTEST && one.to_lowercase() == *one));
    }

    #[test]
    fn what_is_tried_first_is_refused_however_it_is_written() {
        for common in
            ["password", "PassWord", "12345678", "qwertyuiop", "iloveyou1", "aaaaaaaaaaaa", "ЯЯЯЯЯЯЯЯЯ"]
        {
            assert_eq!(fault(common), Some(PasswordFault::TooCommon), "{common}");
        }
        for telling in ["+7 924 124-24-17", "8(924)1242417!", "моямария2024", "АННА-мария", "x9241242417"]
        {
            assert_eq!(fault(telling), Some(PasswordFault::TooCommon), "{telling}");
        }
        for good in ["correct horse", "лилия у пруда", "9241242 и дальше", "tr0ub4dor&3x"] {
            assert_eq!(fault(good), None, "{good}");
        }
        assert_eq!(fault("seven77"), Some(PasswordFault::TooShort));
        assert_eq!(fault(&"long ".repeat(41)), Some(PasswordFault::TooLong));
    }
}
