//! Lists, a page at a time.

use jiff::Timestamp;
use store::orders::Cursor;

use crate::{
    extract::is_storable,
    problem::{FieldProblem, Problem},
};

/// Entries of a page when nobody says how many.
const USUAL: i64 = 50;

/// How many entries a page may have: 1 to 100.
pub(crate) fn limit(asked: Option<i64>) -> i64 {
    asked.unwrap_or(USUAL).clamp(1, 100)
}

/// A form sends its empty fields, too: they ask for nothing.
pub(crate) fn given(parameter: Option<&str>) -> Option<&str> {
    parameter.filter(|text| !text.is_empty())
}

/// Reads a parameter, if there is one.
pub(crate) fn read<T>(
    field: &str,
    parameter: Option<&str>,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let invalid = || Problem::fields(vec![FieldProblem::new(field, "invalid")]);
    parameter.map(|text| read(text).ok_or_else(invalid)).transpose()
}

/// Where the page after this one begins: `<microseconds>_<id>`. `None` when this one is not full.
pub(crate) fn next<T>(page: &[T], limit: i64, place: impl FnOnce(&T) -> Cursor) -> Option<String> {
    let full = i64::try_from(page.len()).unwrap_or(i64::MAX) >= limit;
    page.last().filter(|_| full).map(|last| cursor(place(last)))
}

fn cursor((time, id): Cursor) -> String {
    format!("{}_{id}", time.as_microsecond())
}

/// What [`next`] gave.
pub(crate) fn read_cursor(text: &str) -> Option<Cursor> {
    let (time, id) = text.split_once('_')?;
    let time = Timestamp::from_microsecond(time.parse().ok()?).ok().filter(|time| is_storable(*time))?;
    Some((time, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_full_pages_end_is_where_the_next_one_begins() {
        let here = (Timestamp::from_microsecond(1_795_000_000_123_456).unwrap(), Uuid::from_u128(7));
        let page = [(Timestamp::UNIX_EPOCH, Uuid::nil()), here];
        let next_page = next(&page, 2, |entry| *entry).unwrap();
        assert_eq!(read_cursor(&next_page), Some(here));
        assert_eq!(next(&page, 3, |entry| *entry), None);
        for wrong in ["x".to_owned(), cursor((Timestamp::MIN, here.1))] {
            assert_eq!(read_cursor(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_page_has_one_entry_at_least_and_a_hundred_at_most() {
        assert_eq!([None, Some(-1), Some(7), Some(1_000)].map(limit), [50, 1, 7, 100]);
    }

    #[test]
    fn what_is_not_given_is_not_wrong() {
        assert!(read("limit", given(Some("")), |text| text.parse::<u8>().ok()).is_ok_and(|it| it.is_none()));
        assert!(read("limit", given(Some("x")), |text| text.parse::<u8>().ok()).is_err());
    }
}
