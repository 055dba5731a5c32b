use axum::{
    Json,
    extract::{Path, Query, State},
};
use events::orders::Device;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::orders::{
    self,
    scans::{self, HourScans},
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::{
    auth::Customer,
    edge::Site,
    extract::is_storable,
    problem::{Problem, ProblemBody},
};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asked {
    /// Only hours that begin then or later
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Timestamp>,
    /// Only hours that begin before
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Timestamp>,
}

/// How often an order's short link was followed.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScansBody {
    /// Without those of programs.
    total: u64,
    /// Programs, such as messengers that draw previews.
    bots: u64,
    /// Oldest first, without empty hours; when the scans lie within three days.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_hour: Option<Vec<Scans>>,
    /// Oldest first, without empty days (in UTC); when they do not.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_day: Option<Vec<Scans>>,
    devices: Devices,
}

#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Scans {
    /// The beginning.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    scans: u64,
}

#[derive(Debug, Default, PartialEq, Serialize, ToSchema)]
pub(crate) struct Devices {
    phone: u64,
    tablet: u64,
    computer: u64,
    unknown: u64,
}

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const BY_HOUR: SignedDuration = SignedDuration::from_hours(72);

/// Scans of one's own order
#[utoipa::path(
    get, path = "/api/orders/{id}/scans", tag = "orders", params(("id" = Uuid, Path), Asked),
    responses(
        (status = 200, description = "How often the code was scanned, over time", body = ScansBody),
        (status = 400, description = "bad_request", body = ProblemBody),
        (status = 401, description = "unauthorized", body = ProblemBody),
        (status = 404, description = "not_found, also for another's order", body = ProblemBody),
    )
)]
pub(crate) async fn show_order_scans(
    State(site): State<Site>,
    Customer(caller): Customer,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Json<ScansBody>, Problem> {
    if ![asked.from, asked.to].into_iter().flatten().all(is_storable) {
        return Err(Problem::bad_request("from and to must be times since 1970"));
    }
    let mut conn = site.conn().await?;
    orders::by_id(&mut conn, caller.id(), id).await?.ok_or_else(Problem::not_found)?;
    let rows = scans::by_hour(&mut conn, id, asked.from, asked.to).await?;
    Ok(Json(body(&rows)))
}

fn body(rows: &[HourScans]) -> ScansBody {
    let mut body = ScansBody::default();
    for row in rows {
        match row.device {
            Device::Phone => body.devices.phone += row.scans,
            Device::Tablet => body.devices.tablet += row.scans,
            Device::Computer => body.devices.computer += row.scans,
            Device::Unknown => body.devices.unknown += row.scans,
            Device::Bot => body.bots += row.scans,
        }
    }
    let people: Vec<&HourScans> = rows.iter().filter(|row| row.device != Device::Bot).collect();
    body.total = people.iter().map(|row| row.scans).sum();
    let span = match (people.first(), people.last()) {
        (Some(first), Some(last)) => first.hour.duration_until(last.hour),
        _ => SignedDuration::ZERO,
    };
    if span < BY_HOUR {
        body.by_hour = Some(grouped(&people, HOUR));
    } else {
        body.by_day = Some(grouped(&people, DAY));
    }
    body
}

/// Sums over pieces of so many seconds.
fn grouped(rows: &[&HourScans], seconds: i64) -> Vec<Scans> {
    let mut sums: Vec<Scans> = Vec::new();
    for row in rows {
        let begin = row.hour.as_second().div_euclid(seconds) * seconds;
        let at = Timestamp::from_second(begin).unwrap_or(row.hour);
        match sums.last_mut() {
            Some(last) if last.at == at => last.scans += row.scans,
            _ => sums.push(Scans { at, scans: row.scans }),
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(hour: &str, device: Device, scans: u64) -> HourScans {
        HourScans { hour: hour.parse().unwrap(), device, scans }
    }

    #[test]
    fn people_are_counted_by_hour_and_after_three_days_by_day() {
        let mut rows = vec![
            row("2026-11-18T22:00:00Z", Device::Phone, 3),
            row("2026-11-18T22:00:00Z", Device::Tablet, 1),
            row("2026-11-18T23:00:00Z", Device::Bot, 7),
            row("2026-11-18T23:00:00Z", Device::Computer, 2),
        ];
        let first = body(&rows);
        assert_eq!((first.total, first.bots, first.by_day.is_none()), (6, 7, true));
        let hours = first.by_hour.unwrap();
        assert_eq!(hours.iter().map(|hour| hour.scans).collect::<Vec<_>>(), [4, 2]);
        rows.push(row("2026-11-21T22:00:00Z", Device::Unknown, 5));
        let later = body(&rows);
        assert_eq!((later.total, later.by_hour.is_none()), (11, true));
        let days = later.by_day.unwrap();
        assert_eq!(days[0], Scans { at: "2026-11-18T00:00:00Z".parse().unwrap(), scans: 6 });
        assert_eq!((days.len(), days[1].scans), (2, 5));
        assert_eq!(later.devices, Devices { phone: 3, tablet: 1, computer: 2, unknown: 5 });
        assert_eq!(body(&[]).by_hour, Some(Vec::new()));
    }
}
