//! Pictures of orders, as far as the log tells of them; the bytes are in the object store.

mod apply;

use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing,
    images::{Placement, StoredObject},
};
use uuid::Uuid;

use crate::{Conn, Relay, outbox, schema::images};

pub use apply::apply;

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    pub id: Uuid,
    pub owner_id: Uuid,
    /// The picture whose bytes it shares, when it carries another link than that one.
    pub source_image_id: Option<Uuid>,
    pub target_url: Option<String>,
    /// Where the customer wants the code.
    pub placement: Placement,
    pub status: ImageStatus,
    /// Pixels; after EXIF orientation once it is rendered.
    pub width: u32,
    pub height: u32,
    pub original: StoredObject,
    /// All four are there once it is rendered.
    pub processed: Option<StoredObject>,
    pub qr_png: Option<StoredObject>,
    pub qr_svg: Option<StoredObject>,
    pub thumbnail: Option<StoredObject>,
    /// Codes of `ImageRendered`: `first_frame`, `scaled_up`, …
    pub notes: Vec<String>,
    /// Why it could not be rendered: the code and the words of `ImageFailed`.
    pub failure: Option<(String, String)>,
    /// The rendering whose code was not read, if that is why it failed. For administrators only.
    pub candidate: Option<StoredObject>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageStatus {
    Uploaded,
    Rendered,
    Failed,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = images, check_for_backend(diesel::pg::Pg))]
struct Row {
    id: Uuid,
    owner_id: Uuid,
    source_image_id: Option<Uuid>,
    target_url: Option<String>,
    status: String,
    width: i32,
    height: i32,
    original: serde_json::Value,
    processed: Option<serde_json::Value>,
    qr_png: Option<serde_json::Value>,
    qr_svg: Option<serde_json::Value>,
    thumbnail: Option<serde_json::Value>,
    failure_code: Option<String>,
    failure_message: Option<String>,
    placement: Option<serde_json::Value>,
    notes: Option<serde_json::Value>,
    candidate: Option<serde_json::Value>,
}

/// The picture of this id.
pub async fn by_id(conn: &mut Conn, id: Uuid) -> anyhow::Result<Option<Image>> {
    let row: Option<Row> = images::table.find(id).select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::read).transpose()
}

/// Those of these pictures that there are, in no order.
pub async fn by_ids(conn: &mut Conn, ids: &[Uuid]) -> anyhow::Result<Vec<Image>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Row> =
        images::table.filter(images::id.eq_any(ids)).select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::read).collect()
}

/// How many of the owner's pictures of the last hour are to get a code and have neither got it nor failed. One that was
/// given up for good does not count for ever.
pub async fn under_way(conn: &mut Conn, owner: Uuid) -> QueryResult<i64> {
    let young = jiff_diesel::Timestamp::from(events::now() - jiff::SignedDuration::from_hours(1));
    images::table
        .filter(images::created_at.gt(young))
        .filter(images::owner_id.eq(owner))
        .filter(images::status.eq("uploaded"))
        .filter(images::target_url.is_not_null())
        .count()
        .get_result(conn)
        .await
}

/// Commits an `ImageUploaded` with its row, then publishes it: the next request finds the picture whatever
/// the media worker is busy with, and the worker, which applies the event as well, changes nothing.
pub async fn record(relay: &Relay, uploaded: Outgoing) -> anyhow::Result<()> {
    let fact = uploaded.recorded()?;
    let outgoing = vec![uploaded];
    let service = relay.bus().service();
    let mut conn = relay.store().conn().await?;
    let row = conn
        .transaction::<_, anyhow::Error, _>(async |conn| {
            apply(conn, std::slice::from_ref(&fact)).await?;
            outbox::keep(conn, service, &outgoing).await
        })
        .await?;
    drop(conn);
    relay.publish(row, &outgoing).await
}

impl Row {
    fn read(self) -> anyhow::Result<Image> {
        let object = |value: Option<serde_json::Value>| value.map(serde_json::from_value).transpose();
        Ok(Image {
            id: self.id,
            owner_id: self.owner_id,
            source_image_id: self.source_image_id,
            target_url: self.target_url,
            placement: self.placement.map(serde_json::from_value).transpose()?.unwrap_or_default(),
            status: match self.status.as_str() {
                "rendered" => ImageStatus::Rendered,
                "failed" => ImageStatus::Failed,
                _ => ImageStatus::Uploaded,
            },
            width: self.width.unsigned_abs(),
            height: self.height.unsigned_abs(),
            original: serde_json::from_value(self.original)?,
            processed: object(self.processed)?,
            qr_png: object(self.qr_png)?,
            qr_svg: object(self.qr_svg)?,
            thumbnail: object(self.thumbnail)?,
            notes: self.notes.map(serde_json::from_value).transpose()?.unwrap_or_default(),
            candidate: object(self.candidate)?,
            failure: self.failure_code.map(|code| (code, self.failure_message.unwrap_or_default())),
        })
    }
}
