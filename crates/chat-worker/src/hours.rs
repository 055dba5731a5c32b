//! Whether somebody is at a desk.

use events::desk::{OpenHours, WorkingHours};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

/// A desk at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    Open,
    Closed {
        /// Since when; `None` when it never opens.
        since: Option<Timestamp>,
    },
}

/// Days. The hours repeat every week; those of one week may fall into an hour that the clock skips.
const LOOK_BACK: i32 = 15;

/// The desk with these hours in their zone at this moment. The hours are those of the clock on its wall: an hour
/// that the clock skips is not there, one that it shows twice begins with the first and ends with the first.
pub(crate) fn desk(hours: &WorkingHours, zone: &TimeZone, at: Timestamp) -> Desk {
    let today = at.to_zoned(zone.clone()).date();
    let mut since: Option<Timestamp> = None;
    for back in 0..=LOOK_BACK {
        let Ok(day) = today.checked_sub(back.days()) else { continue };
        for stretch in hours.open.iter().filter(|one| is_on(one, day)) {
            let (Some(from), Some(until)) =
                (moment(day, stretch.from, zone), moment(day, stretch.until, zone))
            else {
                continue;
            };
            if from >= until {
                continue;
            }
            if from <= at && at < until {
                return Desk::Open;
            }
            if until <= at {
                since = since.max(Some(until));
            }
        }
    }
    Desk::Closed { since }
}

fn is_on(stretch: &OpenHours, day: Date) -> bool {
    i16::from(day.weekday().to_monday_one_offset()) == i16::from(stretch.weekday)
}

/// When the clock shows this many minutes since that day's midnight.
fn moment(day: Date, minutes: u16, zone: &TimeZone) -> Option<Timestamp> {
    let shown = day.at(0, 0, 0, 0).checked_add(i64::from(minutes).minutes()).ok()?;
    zone.to_ambiguous_timestamp(shown).compatible().ok()
}

#[cfg(test)]
mod tests;
