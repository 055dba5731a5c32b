//! What settings a bot can have.

use events::{
    chats::LONGEST_TEXT,
    desk::{BotSettings, OpenHours, WorkingHours},
};
use jiff::tz::TimeZone;

use crate::{extract::Field, problem::FieldProblem, wire};

/// Stretches of a week.
const MOST: usize = 70;
const DAY: u16 = 24 * 60;

/// Settings as somebody asks for them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    pub(super) welcome: Field<String>,
    pub(super) away: Field<String>,
    pub(super) hours: Field<wire::WorkingHours>,
}

impl Wanted {
    pub(super) fn read(self) -> Result<BotSettings, Vec<FieldProblem>> {
        let (welcome, away) = (text(self.welcome), text(self.away));
        let hours = match self.hours.optional() {
            Ok(None) => Ok(None),
            Ok(Some(wanted)) => hours(wanted).map(Some),
            Err(code) => Err(("hours", code)),
        };
        match (welcome, away, hours) {
            (Ok(welcome), Ok(away), Ok(hours)) => Ok(BotSettings { welcome, away, hours }),
            (welcome, away, hours) => {
                let texts = [("welcome", welcome.err()), ("away", away.err())];
                let texts = texts.into_iter().filter_map(|(field, code)| Some((field, code?)));
                Err(texts.chain(hours.err()).map(|(field, code)| FieldProblem::new(field, code)).collect())
            }
        }
    }
}

/// Trimmed; nothing is no text.
fn text(given: Field<String>) -> Result<Option<String>, &'static str> {
    let text = given.optional()?.unwrap_or_default().replace("\r\n", "\n");
    let text: String = text.chars().filter(|&c| c == '\n' || !c.is_control()).collect();
    let text = text.trim();
    match text.encode_utf16().count() {
        0 => Ok(None),
        length if length > LONGEST_TEXT as usize => Err("too_long"),
        _ => Ok(Some(text.to_owned())),
    }
}

fn hours(wanted: wire::WorkingHours) -> Result<WorkingHours, (&'static str, &'static str)> {
    if TimeZone::get(&wanted.zone).is_err() {
        return Err(("zone", "invalid"));
    }
    if wanted.open.is_empty() {
        return Err(("hours", "required"));
    }
    let right =
        |one: &wire::OpenHours| (1..=7).contains(&one.weekday) && one.from < one.until && one.until <= DAY;
    if wanted.open.len() > MOST || !wanted.open.iter().all(right) {
        return Err(("hours", "invalid"));
    }
    let stretch = |one: wire::OpenHours| OpenHours { weekday: one.weekday, from: one.from, until: one.until };
    Ok(WorkingHours { zone: wanted.zone, open: wanted.open.into_iter().map(stretch).collect() })
}

/// A day's hours as people write them: `9:00–13:00, 14–18`. Nothing is a free day.
pub(super) fn read_day(weekday: u8, text: &str) -> Option<Vec<wire::OpenHours>> {
    let stretches = text.split([',', ';']).map(str::trim).filter(|stretch| !stretch.is_empty());
    stretches
        .map(|stretch| {
            let (from, until) = stretch.split_once(['-', '–', '—'])?;
            let (from, until) = (minutes(from)?, minutes(until)?);
            (from < until).then_some(wire::OpenHours { weekday, from, until })
        })
        .collect()
}

/// The same the other way round.
pub(super) fn write_day(weekday: u8, hours: &WorkingHours) -> String {
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let mut stretches: Vec<&OpenHours> = hours.open.iter().filter(|one| one.weekday == weekday).collect();
    stretches.sort_by_key(|one| one.from);
    let written: Vec<String> =
        stretches.iter().map(|one| format!("{}–{}", clock(one.from), clock(one.until))).collect();
    written.join(", ")
}

/// `9`, `09:00` or `9.00`; `24:00` is the end of the day.
fn minutes(text: &str) -> Option<u16> {
    let text = text.trim();
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let number = |text: &str| (1..=2).contains(&text.len()).then(|| text.parse::<u16>().ok())?;
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= DAY).then_some(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let day = |text: &str| {
            read_day(3, text).map(|all| all.iter().map(|one| (one.from, one.until)).collect::<Vec<_>>())
        };
        assert_eq!(day("9:00–18:00"), Some(vec![(540, 1_080)]));
        assert_eq!(day(" 09:00 - 13:00, 14-18 "), Some(vec![(540, 780), (840, 1_080)]));
        assert_eq!(day("0-24:00"), Some(vec![(0, 1_440)]));
        assert_eq!(day(""), Some(vec![]));
        for wrong in ["9", "18-9", "9:60-18", "9-25", "9-24:01", "nine to five", "9:00-", "-1-5", "9-9"] {
            assert_eq!(day(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(mut cuts in proptest::collection::btree_set(0_u16..=1_440, 0..8)) {
            if cuts.len() % 2 == 1 {
                cuts.pop_last();
            }
            let cuts: Vec<u16> = cuts.into_iter().collect();
            let open: Vec<OpenHours> =
                cuts.chunks(2).map(|pair| OpenHours { weekday: 5, from: pair[0], until: pair[1] }).collect();
            let hours = WorkingHours { zone: "UTC".into(), open: open.clone() };
            let read = read_day(5, &write_day(5, &hours)).unwrap();
            let read: Vec<_> = read.iter().map(|one| (one.from, one.until)).collect();
            prop_assert_eq!(read, open.iter().map(|one| (one.from, one.until)).collect::<Vec<_>>());
        }
    }
}
