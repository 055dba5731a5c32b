use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::Fault;

/// How far away a deadline may be, in calendar years.
pub const MAX_YEARS: i64 = 5;

/// Later than `now`, at most five years later; kept to the microsecond, as PostgreSQL does.
pub fn deadline(raw: Timestamp, now: Timestamp) -> Result<Timestamp, Fault> {
    let deadline = to_microsecond(raw);
    if deadline <= now {
        return Err(Fault::InThePast);
    }
    let latest = now.to_zoned(TimeZone::UTC).checked_add(MAX_YEARS.years());
    if latest.is_ok_and(|latest| deadline > latest.timestamp()) {
        return Err(Fault::TooFar);
    }
    Ok(deadline)
}

/// A finer time would differ between the log and the table.
pub(super) fn to_microsecond(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
