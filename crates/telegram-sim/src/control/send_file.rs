use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::media::{Kind, Prepared, Upload};
use crate::state::draft::Draft;
use crate::world::World;

/// The form: one or more parts `file`, and optionally `kind`, `caption`, `reply_to`, `width`,
/// `height`, `duration`, `length`. Several files are an album: one message each, with the same
/// `media_group_id`, the caption on the first.
#[derive(Debug)]
struct Form {
    kind: Kind,
    caption: Option<String>,
    reply_to: Option<i32>,
    stated: Map<String, Value>,
    files: Vec<Upload>,
}

impl Form {
    async fn read(mut parts: Multipart) -> Result<Self, Problem> {
        let broken = |error: MultipartError| Problem(error.status(), error.body_text());
        let mut form = Self {
            kind: Kind::Document,
            caption: None,
            reply_to: None,
            stated: Map::new(),
            files: Vec::new(),
        };
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let field = part.name().unwrap_or_default().to_owned();
            if field == "file" {
                form.files.push(Upload {
                    name: part.file_name().unwrap_or("file").to_owned(),
                    mime: part.content_type().map(str::to_owned),
                    bytes: part.bytes().await.map_err(broken)?,
                });
                continue;
            }
            let value = part.text().await.map_err(broken)?;
            form.set(&field, value)?;
        }
        Ok(form)
    }

    fn set(&mut self, field: &str, value: String) -> Result<(), Problem> {
        match field {
            "kind" => {
                self.kind = serde_json::from_value(value.into())
                    .map_err(|error| Problem::bad_request(error.to_string()))?;
            }
            "caption" => self.caption = Some(value).filter(|caption| !caption.is_empty()),
            "reply_to" => self.reply_to = value.parse().ok(),
            "width" | "height" | "duration" | "length" => {
                let number = value.parse::<f64>().unwrap_or_default();
                #[expect(clippy::cast_possible_truncation, reason = "pixels and seconds")]
                self.stated.insert(field.into(), (number.round() as i64).into());
            }
            _ => {}
        }
        Ok(())
    }
}

pub(super) async fn send_file(
    OfBot(world): OfBot,
    Path(id): Path<i64>,
    parts: Multipart,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let mut form = Form::read(parts).await?;
    if form.files.is_empty() {
        return Err(Problem::bad_request("there is no file"));
    }
    let mut prepared = Vec::new();
    for upload in std::mem::take(&mut form.files) {
        let (kind, stated) = (form.kind, form.stated.clone());
        let file = tokio::task::spawn_blocking(move || Prepared::new(kind, upload, stated)).await;
        let file = file.ok().flatten();
        prepared.push(file.ok_or_else(|| Problem::bad_request("the photo is no picture"))?);
    }
    let ids = put(&world, id, form, prepared)?;
    Ok((StatusCode::CREATED, Json(json!({"message_id": ids.first(), "message_ids": ids}))))
}

fn put(world: &World, id: i64, form: Form, files: Vec<Prepared>) -> Result<Vec<i32>, Problem> {
    let mut state = world.state();
    let album = (files.len() > 1).then(|| state.album_id());
    let mut caption = form.caption;
    let mut ids = Vec::new();
    for file in files {
        let (field, value) = file.store(&mut state);
        let mut draft = Draft::default().with(field, value).replying_to(form.reply_to);
        if let Some(caption) = caption.take() {
            draft = draft.with("caption", caption.into());
        }
        if let Some(album) = &album {
            draft = draft.with("media_group_id", album.as_str().into());
        }
        ids.push(state.receive(id, draft)?);
    }
    Ok(ids)
}
