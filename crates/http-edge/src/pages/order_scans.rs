//! Who followed an order's short link, over time.

use events::orders::Device;
use fluent_bundle::FluentValue;
use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::Layout;
use crate::texts;

/// The scans of one kind of device in one hour.
#[derive(Debug, Clone, Copy)]
pub struct ScanHour {
    /// Its beginning.
    pub at: Timestamp,
    /// Who scanned.
    pub device: Device,
    /// How often.
    pub scans: u64,
}

/// The part of an order's page that counts its scans. Programs are told of, but not counted.
#[derive(Debug, Clone)]
pub struct OrderScans {
    /// All scans.
    pub total: u64,
    /// Since midnight, where the reader is.
    pub today: u64,
    /// Scans by programs.
    pub bots: u64,
    /// Scans by kind of device, without empty ones.
    pub devices: Vec<(Device, u64)>,
    /// What each bar of the chart is.
    pub step: Step,
    /// From the first to the last piece of time, empty ones included.
    pub bars: Vec<Bar>,
}

/// What a bar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An hour.
    Hour,
    /// So many days.
    Days(u16),
}

/// A bar of the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// The beginning of its time.
    pub at: Timestamp,
    /// How often in that time.
    pub scans: u64,
}

/// Bars that still can be told apart at 360 px.
const MOST_BARS: i32 = 72;
const HOUR: i64 = 3_600;
/// A new order's chart begins this many hours ago: a bar alone would be a wall.
const FEWEST_HOURS: i64 = 12;
/// The chart's own units: a bar with its gap, and the height of the highest one.
const WIDTH: usize = 10;
const HEIGHT: u64 = 100;

impl OrderScans {
    /// The scans of an order that has been there from `from` until `until` (or now), oldest first, as somebody in
    /// `zone` sees them now: by the hour for the first three days, then by days.
    pub fn new(
        rows: &[ScanHour],
        from: Timestamp,
        until: Timestamp,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Self {
        let people: Vec<&ScanHour> = rows.iter().filter(|row| row.device != Device::Bot).collect();
        let sum = |rows: &mut dyn Iterator<Item = &ScanHour>| rows.map(|row| row.scans).sum::<u64>();
        let today = now.to_zoned(zone.clone()).date();
        let end = people.last().map_or(until, |row| row.at.max(until));
        let from = people.first().map_or(from, |row| row.at.min(from));
        let (step, bars) = if end.as_second() - from.as_second() < 72 * HOUR {
            (Step::Hour, by_hour(&people, from, end))
        } else {
            by_days(&people, &from.to_zoned(zone.clone()), end.to_zoned(zone.clone()).date())
        };
        let of = |device| sum(&mut rows.iter().filter(|row| row.device == device));
        Self {
            total: sum(&mut people.iter().copied()),
            today: sum(&mut people
                .iter()
                .copied()
                .filter(|row| row.at.to_zoned(zone.clone()).date() == today)),
            bots: of(Device::Bot),
            devices: [Device::Phone, Device::Tablet, Device::Computer, Device::Unknown]
                .map(|device| (device, of(device)))
                .into_iter()
                .filter(|(_, scans)| *scans > 0)
                .collect(),
            step,
            bars,
        }
    }

    pub(crate) fn view_box(&self) -> String {
        format!("0 0 {} {HEIGHT}", self.bars.len() * WIDTH)
    }

    /// Where the bar begins.
    pub(crate) fn left(&self, index: &usize) -> usize {
        index * WIDTH + 1
    }

    /// How high the bar is: one scan can be seen beside thousands.
    pub(crate) fn height(&self, scans: &u64) -> u64 {
        match (*scans, self.highest()) {
            (0, _) | (_, 0) => 0,
            (scans, highest) => (scans * HEIGHT / highest).max(2),
        }
    }

    pub(crate) fn top(&self, scans: &u64) -> u64 {
        HEIGHT - self.height(scans)
    }

    pub(crate) fn highest(&self) -> u64 {
        self.bars.iter().map(|bar| bar.scans).max().unwrap_or_default()
    }

    pub(crate) fn title(&self, layout: &Layout) -> String {
        match self.step {
            Step::Hour => layout.t("scans-by-hour"),
            Step::Days(1) => layout.t("scans-by-day"),
            Step::Days(days) => layout.tv("scans-by-days", "n", days),
        }
    }

    /// The chart in a sentence.
    pub(crate) fn sentence(&self, layout: &Layout) -> String {
        let best = self.bars.iter().max_by_key(|bar| bar.scans);
        best.map_or_else(String::new, |bar| {
            let time = FluentValue::from(self.when(layout, &bar.at));
            texts::with(layout.lang, "scans-most", &[("n", FluentValue::from(bar.scans)), ("time", time)])
        })
    }

    /// The time of a bar in words.
    pub(crate) fn when(&self, layout: &Layout, at: &Timestamp) -> String {
        match self.step {
            Step::Hour => format!("{}, {}", layout.day(at), layout.clock(at)),
            Step::Days(1) => layout.day(at),
            Step::Days(days) => {
                let last = at.to_zoned(layout.zone.clone());
                let last = last.checked_add(jiff::Span::new().days(days - 1)).unwrap_or(last);
                format!("{} – {}", layout.day(at), layout.day(&last.timestamp()))
            }
        }
    }

    pub(crate) fn begins(&self, layout: &Layout) -> String {
        self.bars.first().map_or_else(String::new, |bar| self.when(layout, &bar.at))
    }

    pub(crate) fn ends(&self, layout: &Layout) -> String {
        self.bars.last().map_or_else(String::new, |bar| self.when(layout, &bar.at))
    }

    pub(crate) fn device(&self, layout: &Layout, device: &Device) -> String {
        layout.t(match device {
            Device::Phone => "scans-phones",
            Device::Tablet => "scans-tablets",
            Device::Computer => "scans-computers",
            Device::Bot | Device::Unknown => "scans-others",
        })
    }
}

fn by_hour(rows: &[&ScanHour], from: Timestamp, end: Timestamp) -> Vec<Bar> {
    let hour = |at: Timestamp| at.as_second().div_euclid(HOUR);
    (hour(from).min(hour(end) + 1 - FEWEST_HOURS)..=hour(end))
        .map(|number| Bar {
            at: Timestamp::from_second(number * HOUR).unwrap_or(from),
            scans: rows.iter().filter(|row| hour(row.at) == number).map(|row| row.scans).sum(),
        })
        .collect()
}

/// As many days in a bar as keep the bars few enough.
fn by_days(rows: &[&ScanHour], from: &Zoned, last: Date) -> (Step, Vec<Bar>) {
    let (zone, first) = (from.time_zone(), from.date());
    let days_since_first = |date: Date| (date - first).get_days();
    let days = days_since_first(last).max(0) + 1;
    let step = (days + MOST_BARS - 1) / MOST_BARS;
    let mut bars: Vec<Bar> = (0..(days + step - 1) / step)
        .map(|number| {
            let date = first.saturating_add(jiff::Span::new().days(number * step));
            Bar { at: date.to_zoned(zone.clone()).map_or(from.timestamp(), |at| at.timestamp()), scans: 0 }
        })
        .collect();
    for row in rows {
        let number = days_since_first(row.at.to_zoned(zone.clone()).date()) / step;
        if let Some(bar) = usize::try_from(number).ok().and_then(|number| bars.get_mut(number)) {
            bar.scans += row.scans;
        }
    }
    (Step::Days(u16::try_from(step).unwrap_or(u16::MAX)), bars)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::time;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn scans(rows: &[(&str, Device, u64)], from: &str, now: &str) -> OrderScans {
        let rows: Vec<ScanHour> =
            rows.iter().map(|&(hour, device, scans)| ScanHour { at: at(hour), device, scans }).collect();
        OrderScans::new(&rows, at(from), at(now), at(now), &time::zone(Some("Asia/Vladivostok")))
    }

    #[test]
    fn the_first_three_days_are_shown_by_the_hour_and_today_is_the_readers() {
        let rows = [
            ("2026-11-20T13:00:00Z", Device::Phone, 4),
            // Midnight in Vladivostok is 14:00 in UTC.
            ("2026-11-20T14:00:00Z", Device::Phone, 2),
            ("2026-11-20T14:00:00Z", Device::Computer, 1),
            ("2026-11-20T15:00:00Z", Device::Bot, 9),
        ];
        let scans = scans(&rows, "2026-11-20T12:30:00Z", "2026-11-20T15:10:00Z");
        assert_eq!((scans.total, scans.today, scans.bots, scans.step), (7, 3, 9, Step::Hour));
        let (before, since) = scans.bars.split_at(8);
        assert!(before.iter().all(|bar| bar.scans == 0), "twelve hours, although the order is younger");
        assert_eq!(since.iter().map(|bar| bar.scans).collect::<Vec<_>>(), [0, 4, 3, 0]);
        assert_eq!(since[0].at, at("2026-11-20T12:00:00Z"));
        assert_eq!(scans.devices, [(Device::Phone, 6), (Device::Computer, 1)]);
        assert_eq!((scans.height(&4), scans.height(&3), scans.height(&0)), (100, 75, 0));
    }

    #[test]
    fn later_by_the_readers_days_and_never_by_more_bars_than_fit() {
        let rows = [("2026-11-17T13:00:00Z", Device::Phone, 4), ("2026-11-17T14:00:00Z", Device::Phone, 1)];
        let week = scans(&rows, "2026-11-17T12:30:00Z", "2026-11-21T13:59:00Z");
        assert_eq!(week.step, Step::Days(1));
        assert_eq!(week.bars.iter().map(|bar| bar.scans).collect::<Vec<_>>(), [4, 1, 0, 0, 0]);
        assert_eq!(week.bars[1].at, at("2026-11-17T14:00:00Z"));
        let years = scans(&rows, "2026-11-17T12:30:00Z", "2031-11-17T12:30:00Z");
        assert_eq!(years.step, Step::Days(26));
        assert!(years.bars.len() <= 72);
        assert_eq!((years.bars[0].scans, years.total), (5, 5));
    }
}
