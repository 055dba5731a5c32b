use serde_json::{Map, Value};

use super::answer::{Answer, Refusal};
use super::params::Params;
use super::send_message::deliver;
use crate::media::{Kind, Prepared, Upload};
use crate::state::draft::{Draft, utf16_len};
use crate::world::World;

/// Longest caption, in UTF-16 code units.
const LONGEST_CAPTION: usize = 1024;
/// Bot API, "Sending files".
const LARGEST_PHOTO: usize = 10 * 1024 * 1024;
const LARGEST_FILE: usize = 50 * 1024 * 1024;

/// Any of the methods that send one file: uploaded, or known by its file id.
pub(super) async fn send_media(world: &World, mut params: Params, kind: Kind) -> Answer {
    let chat_id = params.chat_id()?;
    let field = kind.field();
    let caption = checked_caption(params.text("caption"))?;
    let upload = params.take_upload(field);
    let file_id = params.text(field).unwrap_or_default();
    let (field, value) = content(world, kind, upload, file_id, stated(&params)).await?;
    let mut draft = Draft::default().with(field, value);
    if kind == Kind::Animation {
        // Older clients know animations as documents; Telegram sends both.
        let document = draft.content[field].clone();
        draft = draft.with("document", document);
    }
    if let Some(caption) = caption {
        draft = draft.with("caption", caption.into());
    }
    if let Some(entities) = params.structure("caption_entities") {
        draft = draft.with("caption_entities", entities.into_owned());
    }
    deliver(&mut world.state(), chat_id, draft, &params)
}

/// Telegram trims what surrounds a caption before it looks at its length; an empty one is none.
pub(super) fn checked_caption(caption: Option<&str>) -> Result<Option<String>, Refusal> {
    let caption = caption.map(str::trim).unwrap_or_default();
    if utf16_len(caption) > LONGEST_CAPTION {
        return Err(Refusal::bad_request("message caption is too long"));
    }
    Ok((!caption.is_empty()).then(|| caption.to_owned()))
}

/// The member of `Message` that a file becomes: an upload, or one that Telegram knows by its id.
pub(super) async fn content(
    world: &World,
    kind: Kind,
    upload: Option<Upload>,
    file_id: &str,
    stated: Map<String, Value>,
) -> Result<(&'static str, Value), Refusal> {
    match upload {
        Some(upload) => {
            let prepared = prepare(kind, upload, stated).await?;
            Ok(prepared.store(&mut world.state()))
        }
        None => Ok((kind.field(), known(world, file_id, kind)?)),
    }
}

async fn prepare(kind: Kind, upload: Upload, stated: Map<String, Value>) -> Result<Prepared, Refusal> {
    let size = upload.bytes.len();
    if size == 0 {
        return Err(Refusal::bad_request("file must be non-empty"));
    }
    if size > LARGEST_FILE {
        return Err(Refusal::too_large());
    }
    if kind == Kind::Photo && size > LARGEST_PHOTO {
        return Err(Refusal::bad_request(&format!(
            "file of size {size} bytes is too big for a photo; \
             the maximum size is {LARGEST_PHOTO} bytes"
        )));
    }
    tokio::task::spawn_blocking(move || Prepared::new(kind, upload, stated))
        .await
        .ok()
        .flatten()
        .ok_or_else(|| Refusal::bad_request("IMAGE_PROCESS_FAILED"))
}

fn stated(params: &Params) -> Map<String, Value> {
    ["width", "height", "duration", "length"]
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), params.integer(name)?.into())))
        .collect()
}

/// A file Telegram has already, sent again as the same kind.
fn known(world: &World, file_id: &str, kind: Kind) -> Result<Value, Refusal> {
    if file_id.is_empty() {
        return Err(Refusal::bad_request(&format!("there is no {} in the request", kind.field())));
    }
    let state = world.state();
    match state.files.media(file_id) {
        Some((known, value)) if *known == kind => Ok(value.clone()),
        Some((known, _)) => {
            Err(Refusal::bad_request(&format!("can't use file of type {known:?} as {kind:?}")))
        }
        None => Err(Refusal::bad_request("wrong file identifier/HTTP URL specified")),
    }
}
