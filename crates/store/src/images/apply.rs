use std::collections::BTreeMap;

use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    images::{ImageEvent, ImageFailed, ImageRendered, ImageUploaded},
};
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

type ById<'f, E> = BTreeMap<Uuid, (&'f E, Timestamp)>;

/// A picture is uploaded once and rendered at most once. A failure after the rendering changes nothing; a
/// rendering after a failure counts.
pub async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut uploaded: ById<ImageUploaded> = BTreeMap::new();
    let mut rendered: ById<ImageRendered> = BTreeMap::new();
    let mut failed: ById<ImageFailed> = BTreeMap::new();
    for fact in facts {
        let LogEvent::Image(event) = &fact.event else { continue };
        let time = fact.meta.time;
        match event {
            ImageEvent::ImageUploaded(event) => {
                uploaded.entry(event.image_id).or_insert((event, time));
            }
            ImageEvent::ImageRendered(event) => {
                rendered.entry(event.image_id).or_insert((event, time));
            }
            ImageEvent::ImageFailed(event) => {
                failed.entry(event.image_id).or_insert((event, time));
            }
        }
    }
    if !uploaded.is_empty() {
        upload(conn, &uploaded).await?;
    }
    if !rendered.is_empty() {
        render(conn, &rendered).await?;
    }
    if !failed.is_empty() {
        fail(conn, &failed).await?;
    }
    Ok(())
}

async fn upload(conn: &mut Conn, facts: &ById<'_, ImageUploaded>) -> anyhow::Result<()> {
    diesel::sql_query(
        "INSERT INTO images (id, owner_id, source_image_id, target_url, status, width, height, original,
                             placement, created_at, updated_at)
         SELECT id, owner_id, source_image_id, target_url, 'uploaded', width, height, original, placement, at, at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9)
             AS new (id, owner_id, source_image_id, target_url, width, height, original, placement, at)
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(facts.keys().copied().collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(column(facts, |fact| fact.owner_id))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(facts, |fact| fact.source_image_id))
    .bind::<Array<Nullable<Text>>, _>(column(facts, |fact| fact.target_url.as_deref()))
    .bind::<Array<Integer>, _>(column(facts, |fact| pixels(fact.width)))
    .bind::<Array<Integer>, _>(column(facts, |fact| pixels(fact.height)))
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.original))?)
    .bind::<Array<Nullable<Jsonb>>, _>(maybe(facts, |fact| fact.placement.as_ref().map(serde_json::to_value))?)
    .bind::<Array<Timestamptz>, _>(times(facts))
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn render(conn: &mut Conn, facts: &ById<'_, ImageRendered>) -> anyhow::Result<()> {
    diesel::sql_query(
        "UPDATE images SET status = 'rendered', processed = done.processed, qr_png = done.qr_png,
             qr_svg = done.qr_svg, thumbnail = done.thumbnail, geometry = done.geometry,
             read_back = done.read_back, renderer_version = done.renderer_version, width = done.width,
             height = done.height, attempts = done.attempts, lossless = done.lossless, notes = done.notes,
             failure_code = NULL, failure_message = NULL, candidate = NULL, updated_at = done.at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             AS done (id, processed, qr_png, qr_svg, thumbnail, geometry, read_back, renderer_version,
                      width, height, attempts, lossless, notes, at)
         WHERE images.id = done.id AND images.status <> 'rendered'",
    )
    .bind::<Array<SqlUuid>, _>(facts.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.processed))?)
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.qr_png))?)
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.qr_svg))?)
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.thumbnail))?)
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.geometry))?)
    .bind::<Array<Jsonb>, _>(json(facts, |fact| serde_json::to_value(&fact.read_back))?)
    .bind::<Array<Text>, _>(column(facts, |fact| fact.renderer_version.as_str()))
    .bind::<Array<Integer>, _>(column(facts, |fact| pixels(fact.width)))
    .bind::<Array<Integer>, _>(column(facts, |fact| pixels(fact.height)))
    .bind::<Array<Integer>, _>(column(facts, |fact| attempts(fact.attempts)))
    .bind::<Array<Nullable<Bool>>, _>(column(facts, |fact| fact.lossless))
    .bind::<Array<Nullable<Jsonb>>, _>(maybe(facts, |fact| {
        (!fact.notes.is_empty()).then(|| serde_json::to_value(&fact.notes))
    })?)
    .bind::<Array<Timestamptz>, _>(times(facts))
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn fail(conn: &mut Conn, facts: &ById<'_, ImageFailed>) -> anyhow::Result<()> {
    diesel::sql_query(
        "UPDATE images SET status = 'failed', failure_code = failed.code,
             failure_message = failed.message, read_back = failed.read_back, geometry = failed.geometry,
             attempts = failed.attempts, renderer_version = failed.renderer_version,
             candidate = failed.candidate, updated_at = failed.at
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7, $8, $9)
             AS failed (id, code, message, read_back, geometry, attempts, renderer_version, candidate, at)
         WHERE images.id = failed.id AND images.status = 'uploaded'",
    )
    .bind::<Array<SqlUuid>, _>(facts.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(column(facts, |fact| fact.code.as_str()))
    .bind::<Array<Text>, _>(column(facts, |fact| fact.message.as_str()))
    .bind::<Array<Nullable<Jsonb>>, _>(maybe(facts, |fact| {
        fact.read_back.as_ref().map(serde_json::to_value)
    })?)
    .bind::<Array<Nullable<Jsonb>>, _>(maybe(facts, |fact| fact.geometry.as_ref().map(serde_json::to_value))?)
    .bind::<Array<Nullable<Integer>>, _>(column(facts, |fact| fact.attempts.map(attempts)))
    .bind::<Array<Nullable<Text>>, _>(column(facts, |fact| fact.renderer_version.as_deref()))
    .bind::<Array<Nullable<Jsonb>>, _>(maybe(facts, |fact| {
        fact.candidate.as_ref().map(serde_json::to_value)
    })?)
    .bind::<Array<Timestamptz>, _>(times(facts))
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

fn column<'f, E, T>(facts: &ById<'f, E>, of: impl Fn(&'f E) -> T) -> Vec<T> {
    facts.values().map(|(fact, _)| of(fact)).collect()
}

fn json<E>(
    facts: &ById<'_, E>,
    of: impl Fn(&E) -> serde_json::Result<Value>,
) -> serde_json::Result<Vec<Value>> {
    facts.values().map(|(fact, _)| of(fact)).collect()
}

fn maybe<E>(
    facts: &ById<'_, E>,
    of: impl Fn(&E) -> Option<serde_json::Result<Value>>,
) -> serde_json::Result<Vec<Option<Value>>> {
    facts.values().map(|(fact, _)| of(fact).transpose()).collect()
}

fn times<E>(facts: &ById<'_, E>) -> Vec<jiff_diesel::Timestamp> {
    facts.values().map(|(_, time)| (*time).into()).collect()
}

/// A picture has at most 50 million pixels, so either side fits.
fn pixels(side: u32) -> i32 {
    i32::try_from(side).unwrap_or(i32::MAX)
}

fn attempts(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
