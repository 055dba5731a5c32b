use url::Url;

use super::{Fault, line};

/// Characters, as sent.
pub const MAX_URL: usize = 2_048;

/// An `http` or `https` link with a host, at most 2,048 characters, kept as it was typed.
///
/// Refused beside other schemes: white space and backslashes, which browsers mend and QR scanners do not,
/// and a user name or password, whose only use in a link for strangers is to disguise where it leads
/// (`https://bank.example@evil.example/`).
pub fn target_url(raw: &str) -> Result<String, Fault> {
    let text = line(raw);
    if text.is_empty() {
        return Err(Fault::Required);
    }
    if text.chars().count() > MAX_URL {
        return Err(Fault::TooLong);
    }
    if text.chars().any(|character| character.is_whitespace() || character == '\\') || !has_scheme(&text) {
        return Err(Fault::Invalid);
    }
    let url = Url::parse(&text).map_err(|_| Fault::Invalid)?;
    let bare = url.username().is_empty() && url.password().is_none();
    if !bare || url.host_str().is_none_or(str::is_empty) {
        return Err(Fault::Invalid);
    }
    Ok(text)
}

/// Exactly two slashes are asked for, although the parser would mend other numbers.
fn has_scheme(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.split_at_checked(scheme.len())
            .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(scheme) && !rest.starts_with('/'))
    })
}
