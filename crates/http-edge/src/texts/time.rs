//! Times as people read them: relative for the eye, exact for the record.

use fluent_bundle::FluentValue;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::{Lang, get, with};

/// The zone of a `tz` cookie, else Moscow time: what most customers' clocks show.
pub fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok())
        .or_else(|| TimeZone::get("Europe/Moscow").ok())
        .unwrap_or_else(|| TimeZone::fixed(Offset::constant(3)))
}

/// «через 3 дня», «5 минут назад», «только что».
pub fn relative(lang: Lang, now: Timestamp, then: Timestamp) -> String {
    let seconds = then.as_second() - now.as_second();
    let (key_past, key_future, count) = match seconds.abs() {
        0..45 => return get(lang, "time-now"),
        s @ 45..3_600 => ("time-minutes-ago", "time-in-minutes", s.max(60) / 60),
        s @ 3_600..86_400 => ("time-hours-ago", "time-in-hours", s / 3_600),
        s @ 86_400..2_592_000 => ("time-days-ago", "time-in-days", s / 86_400),
        s @ 2_592_000..31_536_000 => ("time-months-ago", "time-in-months", s / 2_592_000),
        s => ("time-years-ago", "time-in-years", s / 31_536_000),
    };
    let key = if seconds < 0 { key_past } else { key_future };
    with(lang, key, &[("n", FluentValue::from(count))])
}

/// How long somebody has waited, short enough for a list: «5 мин», «2 ч», «3 дн».
pub fn waiting(lang: Lang, now: Timestamp, since: Timestamp) -> String {
    let (key, count) = match (now.as_second() - since.as_second()).max(0) {
        s @ 0..3_600 => ("time-short-minutes", s / 60),
        s @ 3_600..86_400 => ("time-short-hours", s / 3_600),
        s => ("time-short-days", s / 86_400),
    };
    with(lang, key, &[("n", FluentValue::from(count.max(1)))])
}

/// `12:41` for today, `21.11` in this year, `21.11.25` before it: the corner of a list row.
pub fn brief(zone: &TimeZone, now: Timestamp, then: Timestamp) -> String {
    let (now, then) = (now.to_zoned(zone.clone()), then.to_zoned(zone.clone()));
    let shape = if now.date() == then.date() {
        "%H:%M"
    } else if now.year() == then.year() {
        "%d.%m"
    } else {
        "%d.%m.%y"
    };
    then.strftime(shape).to_string()
}

/// `12:41`.
pub fn clock(zone: &TimeZone, then: Timestamp) -> String {
    then.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}

/// `12:41:07`.
pub fn clock_seconds(zone: &TimeZone, then: Timestamp) -> String {
    then.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// «Сегодня», «Вчера», «21 ноября», «21 ноября 2025».
pub fn day(lang: Lang, zone: &TimeZone, now: Timestamp, then: Timestamp) -> String {
    let (now, then) = (now.to_zoned(zone.clone()), then.to_zoned(zone.clone()));
    if now.date() == then.date() {
        get(lang, "time-today")
    } else if now.date().yesterday().is_ok_and(|date| date == then.date()) {
        get(lang, "time-yesterday")
    } else if now.year() == then.year() {
        day_and_month(lang, &then)
    } else {
        format!("{} {}", day_and_month(lang, &then), then.year())
    }
}

/// «21 ноября 2026, 12:41», in the reader's zone.
pub fn date_time(lang: Lang, zone: &TimeZone, then: Timestamp) -> String {
    let then = then.to_zoned(zone.clone());
    format!("{} {}, {}", day_and_month(lang, &then), then.year(), then.strftime("%H:%M"))
}

/// «21 ноября 2026, 12:41:07 UTC+03:00»: what a tooltip shows, doubtless in any zone.
pub fn exact(lang: Lang, zone: &TimeZone, then: Timestamp) -> String {
    let then = then.to_zoned(zone.clone());
    format!("{} {}, {}", day_and_month(lang, &then), then.year(), then.strftime("%H:%M:%S UTC%:z"))
}

fn day_and_month(lang: Lang, then: &Zoned) -> String {
    let month = with(lang, "time-month", &[("n", FluentValue::from(then.month()))]);
    format!("{} {month}", then.day())
}
