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
    let caption = params.text("caption").map(|caption| caption.trim().to_owned());
    if caption.as_deref().is_some_and(|caption| utf16_len(caption) > LONGEST_CAPTION) {
        return Err(Refusal::bad_request("message caption is too long"));
    }
    let mut draft = Draft::default();
    match params.take_upload(field) {
        Some(upload) => {
            let prepared = prepare(kind, upload, stated(&params)).await?;
            let (field, value) = prepared.store(&mut world.state());
            draft = draft.with(field, value);
        }
        None => draft = draft.with(field, known(world, &params, kind)?),
    }
    if kind == Kind::Animation {
        // Older clients know animations as documents; Telegram sends both.
        let document = draft.content[field].clone();
        draft = draft.with("document", document);
    }
    if let Some(caption) = caption.filter(|caption| !caption.is_empty()) {
        draft = draft.with("caption", caption.into());
    }
    if let Some(entities) = params.structure("caption_entities") {
        draft = draft.with("caption_entities", entities.into_owned());
    }
    deliver(&mut world.state(), chat_id, draft, &params)
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
fn known(world: &World, params: &Params, kind: Kind) -> Result<Value, Refusal> {
    let Some(file_id) = params.text(kind.field()) else {
        return Err(Refusal::bad_request(&format!("there is no {} in the request", kind.field())));
    };
    let state = world.state();
    match state.files.media(file_id) {
        Some((known, value)) if *known == kind => Ok(value.clone()),
        Some((known, _)) => {
            Err(Refusal::bad_request(&format!("can't use file of type {known:?} as {kind:?}")))
        }
        None => Err(Refusal::bad_request("wrong file identifier/HTTP URL specified")),
    }
}
