use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 6] = [
    "Europe/Moscow",
    "Asia/Vladivostok",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
];

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn hours(open: &[(u8, u16, u16)]) -> WorkingHours {
    let open = open.iter().map(|&(weekday, from, until)| OpenHours { weekday, from, until }).collect();
    WorkingHours { zone: "not asked".into(), open }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn a_working_week_and_its_weekend() {
    let week = hours(&[(1, 540, 1_080), (2, 540, 1_080), (5, 540, 1_080)]);
    let moscow = zone("Europe/Moscow");
    // 2026-11-20 is a Friday; Moscow is three hours ahead.
    assert_eq!(desk(&week, &moscow, at("2026-11-20T06:00:00Z")), Desk::Open, "nine sharp");
    let evening = Desk::Closed { since: Some(at("2026-11-20T15:00:00Z")) };
    for moment in ["2026-11-20T15:00:00Z", "2026-11-22T10:00:00Z", "2026-11-23T05:59:59Z"] {
        assert_eq!(desk(&week, &moscow, at(moment)), evening, "{moment}: one stretch over the weekend");
    }
    assert_eq!(desk(&week, &moscow, at("2026-11-23T06:00:00Z")), Desk::Open, "Monday");
    assert_eq!(desk(&hours(&[]), &moscow, at("2026-11-20T06:00:00Z")), Desk::Closed { since: None });
}

#[test]
fn midnight_belongs_to_the_day_that_begins() {
    let night = hours(&[(5, 1_320, 1_440), (6, 0, 120)]);
    let moscow = zone("Europe/Moscow");
    for moment in
        ["2026-11-20T19:00:00Z", "2026-11-20T20:59:59Z", "2026-11-20T21:00:00Z", "2026-11-20T22:59:59Z"]
    {
        assert_eq!(desk(&night, &moscow, at(moment)), Desk::Open, "{moment}");
    }
    assert_eq!(
        desk(&night, &moscow, at("2026-11-20T23:00:00Z")),
        Desk::Closed { since: Some(at("2026-11-20T23:00:00Z")) }
    );
}

#[test]
fn clocks_that_change_are_followed() {
    let berlin = zone("Europe/Berlin");
    let sunday = hours(&[(7, 60, 600)]);
    // In spring two o'clock becomes three: the day is an hour shorter, the desk opens at one all the same.
    assert_eq!(desk(&sunday, &berlin, at("2026-03-29T00:00:00Z")), Desk::Open);
    assert_eq!(desk(&sunday, &berlin, at("2026-03-29T07:59:59Z")), Desk::Open);
    assert_eq!(
        desk(&sunday, &berlin, at("2026-03-29T08:00:00Z")),
        Desk::Closed { since: Some(at("2026-03-29T08:00:00Z")) }
    );
    // What the clock skips is not there.
    let skipped = hours(&[(7, 120, 180)]);
    assert!(matches!(desk(&skipped, &berlin, at("2026-03-29T01:30:00Z")), Desk::Closed { .. }));
    // In autumn three becomes two again.
    assert_eq!(desk(&sunday, &berlin, at("2026-10-25T08:59:59Z")), Desk::Open);
    assert!(matches!(desk(&sunday, &berlin, at("2026-10-25T09:00:00Z")), Desk::Closed { .. }));
}

fn any_hours() -> impl Strategy<Value = WorkingHours> {
    let stretch = (1_u8..=7, 0_u16..1_440, 1_u16..=720)
        .prop_map(|(weekday, from, long)| (weekday, from, (from + long).min(1_440)));
    proptest::collection::vec(stretch, 0..10).prop_map(|open| hours(&open))
}

/// Any moment of 2026, half of them near a change of the clocks.
fn any_moment() -> impl Strategy<Value = Timestamp> {
    let whole = 1_767_225_600_i64..1_798_761_600;
    let changes = prop_oneof![
        Just(1_774_746_000_i64),
        Just(1_792_890_000),
        Just(1_772_953_200),
        Just(1_793_512_800),
        Just(1_775_314_800)
    ];
    let near = (changes, -100_000_i64..100_000).prop_map(|(change, by)| change + by);
    prop_oneof![whole, near].prop_map(|second| Timestamp::from_second(second).unwrap())
}

proptest! {
    #[test]
    fn a_closed_stretch_is_one_from_its_beginning_on(
        hours in any_hours(), zone_at in 0..ZONES.len(), at in any_moment(), part in 0.0_f64..1.0,
    ) {
        let zone = zone(ZONES[zone_at]);
        let Desk::Closed { since } = desk(&hours, &zone, at) else { return Ok(()) };
        let Some(since) = since else {
            prop_assert!(hours.open.is_empty(), "it opens every week");
            return Ok(());
        };
        prop_assert!(since <= at);
        let second = SignedDuration::from_secs(1);
        prop_assert_eq!(desk(&hours, &zone, since - second), Desk::Open, "open until then");
        let within = since + at.duration_since(since).mul_f64(part);
        prop_assert_eq!(desk(&hours, &zone, within), Desk::Closed { since: Some(since) });
    }

    #[test]
    fn on_a_day_of_twenty_four_hours_the_clock_on_the_wall_decides(
        hours in any_hours(), zone_at in 0..ZONES.len(), at in any_moment(),
    ) {
        let zone = zone(ZONES[zone_at]);
        let shown = at.to_zoned(zone.clone());
        let (start, end) = (shown.start_of_day().unwrap(), shown.tomorrow().unwrap().start_of_day().unwrap());
        prop_assume!(start.timestamp() + SignedDuration::from_hours(24) == end.timestamp());
        let minute = u16::try_from(shown.hour()).unwrap() * 60 + u16::try_from(shown.minute()).unwrap();
        let weekday = u8::try_from(shown.weekday().to_monday_one_offset()).unwrap();
        let open = hours.open.iter().any(|one| one.weekday == weekday && one.from <= minute && minute < one.until);
        prop_assert_eq!(desk(&hours, &zone, at) == Desk::Open, open);
    }
}
