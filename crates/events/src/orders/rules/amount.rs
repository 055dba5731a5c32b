use super::Fault;

/// Kopecks: 100 rubles.
pub const MIN_AMOUNT: i64 = 10_000;
/// Kopecks: 100,000,000 rubles.
pub const MAX_AMOUNT: i64 = 10_000_000_000;

/// The amount of an order, in kopecks: 100 to 100,000,000 rubles.
pub const fn amount(kopecks: i64) -> Result<i64, Fault> {
    if kopecks < MIN_AMOUNT {
        return Err(Fault::TooSmall);
    }
    if kopecks > MAX_AMOUNT {
        return Err(Fault::TooLarge);
    }
    Ok(kopecks)
}

/// The amount of an order as it was sent, in rubles: [`parse_amount`], then [`amount`].
pub fn read_amount(text: &str) -> Result<i64, Fault> {
    parse_amount(text).and_then(amount)
}

/// An amount of rubles in kopecks, exactly: no binary fraction comes near it, so hand it a JSON number's
/// own text (`serde_json::value::RawValue`) rather than an `f64`.
///
/// Reads a JSON number (`1500`, `99.90`, `1e9`) and what people type in Russian (`1 500,00`: groups of
/// three apart by any space, a decimal comma). At most two decimals: `99.999`, `100.100` and the ambiguous
/// `1,500` are [`Fault::Invalid`]. What does not fit is [`Fault::TooLarge`]; the sign is kept.
pub fn parse_amount(text: &str) -> Result<i64, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Required);
    }
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, decimals) = match mantissa.split_once(['.', ',']) {
        Some((_, "")) => return Err(Fault::Invalid),
        Some(parts) => parts,
        None => (mantissa, ""),
    };
    let digits = format!("{}{decimals}", without_groups(whole)?);
    if whole.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Invalid);
    }
    // The number is `digits` times ten to the power of `exponent - decimals`; kopecks are two powers more.
    let places = i64::try_from(decimals.len()).map_err(|_| Fault::Invalid)?;
    let power = exponent - places + 2;
    let kopecks = scale(&digits, power)?;
    Ok(if negative { -kopecks } else { kopecks })
}

fn parse_exponent(text: &str) -> Result<i64, Fault> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Invalid);
    }
    // Beyond this it is out of range in either direction, whatever the digits.
    let exponent: i64 = digits.parse().unwrap_or(i64::MAX).min(1_000_000);
    Ok(if text.starts_with('-') { -exponent } else { exponent })
}

/// `1 500 000` without its spaces, if they part groups of three.
fn without_groups(whole: &str) -> Result<String, Fault> {
    let groups: Vec<&str> = whole.split(char::is_whitespace).collect();
    let (first, rest) = groups.split_first().ok_or(Fault::Invalid)?;
    let grouped =
        rest.is_empty() || (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    if grouped { Ok(groups.concat()) } else { Err(Fault::Invalid) }
}

fn scale(digits: &str, power: i64) -> Result<i64, Fault> {
    let digits = digits.trim_start_matches('0');
    if power >= 0 {
        if digits.is_empty() {
            return Ok(0);
        }
        let digits_in_all = power.saturating_add(i64::try_from(digits.len()).unwrap_or(i64::MAX));
        if digits_in_all > 19 {
            return Err(Fault::TooLarge);
        }
        let zeros = "0".repeat(usize::try_from(power).map_err(|_| Fault::TooLarge)?);
        return format!("{digits}{zeros}").parse().map_err(|_| Fault::TooLarge);
    }
    // A fraction of a kopeck, even a zero one: more decimals than a ruble has.
    Err(Fault::Invalid)
}
