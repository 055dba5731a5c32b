use super::{super::Platform, Fault};

/// One or more, none twice; their order is kept.
pub fn platforms(raw: &[Platform]) -> Result<Vec<Platform>, Fault> {
    if raw.is_empty() {
        return Err(Fault::Required);
    }
    if raw.iter().enumerate().any(|(index, platform)| raw[..index].contains(platform)) {
        return Err(Fault::Repeated);
    }
    Ok(raw.to_vec())
}
