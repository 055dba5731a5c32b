//! Money and phones as people write them.

/// No-break space: a sum never breaks across lines.
const NBSP: char = '\u{a0}';

/// Kopecks as `1 500,00 ₽`, the same in every language of the interface.
pub fn money(kopecks: i64) -> String {
    let sign = if kopecks < 0 { "−" } else { "" };
    let kopecks = kopecks.unsigned_abs();
    let rubles = grouped(kopecks / 100);
    format!("{sign}{rubles},{:02}{NBSP}₽", kopecks % 100)
}

/// Kopecks as a person would type them into a field: `1500` or `99.90`.
pub fn money_plain(kopecks: i64) -> String {
    let (rubles, rest) = (kopecks / 100, kopecks % 100);
    if rest == 0 { rubles.to_string() } else { format!("{rubles}.{:02}", rest.abs()) }
}

/// A whole number in groups of three: `12 345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(NBSP);
        }
        out.push(digit);
    }
    out
}

/// An E.164 number as `+7 924 124-24-17`; numbers of other countries stay as they are.
pub fn phone(e164: &str) -> String {
    match e164.strip_prefix("+7") {
        Some(rest) if rest.len() == 10 && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("+7{NBSP}{}{NBSP}{}-{}-{}", &rest[..3], &rest[3..6], &rest[6..8], &rest[8..])
        }
        _ => e164.to_owned(),
    }
}

/// A file's size as `512 Б`, `1,2 МБ` with the given unit names for bytes, kilo- and megabytes.
pub fn size(bytes: u64, units: [&str; 3]) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * 1024;
    match bytes {
        0..KIB => format!("{bytes}{NBSP}{}", units[0]),
        KIB..MIB => format!("{}{NBSP}{}", bytes.div_ceil(KIB), units[1]),
        _ => {
            let tenths = bytes.saturating_mul(10) / MIB;
            format!("{},{}{NBSP}{}", tenths / 10, tenths % 10, units[2])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_has_groups_kopecks_and_no_breaks() {
        assert_eq!(money(150_000), "1\u{a0}500,00\u{a0}₽");
        assert_eq!(money(9_990), "99,90\u{a0}₽");
        assert_eq!(money(0), "0,00\u{a0}₽");
        assert_eq!(money(-5), "−0,05\u{a0}₽");
        assert_eq!(money(10_000_000_000), "100\u{a0}000\u{a0}000,00\u{a0}₽");
        assert!(money(i64::MIN).starts_with('−'));
    }

    #[test]
    fn plain_money_can_be_typed_back() {
        assert_eq!(money_plain(150_000), "1500");
        assert_eq!(money_plain(9_990), "99.90");
    }

    #[test]
    fn russian_phones_are_spaced_and_others_kept() {
        assert_eq!(phone("+79241242417"), "+7\u{a0}924\u{a0}124-24-17");
        assert_eq!(phone("+442071838750"), "+442071838750");
        assert_eq!(phone("+7924"), "+7924");
        assert_eq!(phone(""), "");
    }

    #[test]
    fn sizes_round_to_what_is_worth_saying() {
        let units = ["Б", "КБ", "МБ"];
        assert_eq!(size(512, units), "512\u{a0}Б");
        assert_eq!(size(1_500, units), "2\u{a0}КБ");
        assert_eq!(size(1_300_000, units), "1,2\u{a0}МБ");
    }
}
