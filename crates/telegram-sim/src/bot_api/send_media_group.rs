use serde_json::{Map, Value};

use super::answer::{Answer, Refusal};
use super::params::Params;
use super::send_media::{checked_caption, content};
use super::send_message::deliver;
use crate::media::Kind;
use crate::state::draft::Draft;
use crate::world::World;

/// Two to ten files as one album: a message each, all or none.
pub(super) async fn send_media_group(world: &World, mut params: Params) -> Answer {
    let chat_id = params.chat_id()?;
    let media = params.structure("media").map(std::borrow::Cow::into_owned).unwrap_or_default();
    let media = media.as_array().map(Vec::as_slice).unwrap_or_default();
    if !(2..=10).contains(&media.len()) {
        return Err(Refusal::bad_request("wrong number of messages: an album has 2 to 10"));
    }
    let kinds: Vec<Kind> = media.iter().map(|one| kind(&one["type"])).collect::<Result<_, _>>()?;
    if !may_stand_together(&kinds) {
        return Err(Refusal::bad_request("documents and audio can't be mixed with other media types"));
    }
    let album = world.state().album_id();
    let mut drafts = Vec::with_capacity(media.len());
    for (one, kind) in media.iter().zip(kinds) {
        let reference = one["media"].as_str().unwrap_or_default();
        let upload = params.take_attached(reference);
        let (field, value) = content(world, kind, upload, reference, stated(one)).await?;
        let mut draft = Draft::default().with(field, value).with("media_group_id", album.as_str().into());
        if let Some(caption) = checked_caption(one["caption"].as_str())? {
            draft = draft.with("caption", caption.into());
        }
        if one["caption_entities"].is_array() {
            draft = draft.with("caption_entities", one["caption_entities"].clone());
        }
        drafts.push(draft);
    }
    let mut state = world.state();
    let sent = drafts.into_iter().map(|draft| deliver(&mut state, chat_id, draft, &params));
    Ok(format!("[{}]", sent.collect::<Result<Vec<_>, _>>()?.join(",")))
}

fn kind(name: &Value) -> Result<Kind, Refusal> {
    match name.as_str() {
        Some("photo") => Ok(Kind::Photo),
        Some("video") => Ok(Kind::Video),
        Some("document") => Ok(Kind::Document),
        Some("audio") => Ok(Kind::Audio),
        _ => Err(Refusal::bad_request("type of InputMedia is invalid")),
    }
}

fn may_stand_together(kinds: &[Kind]) -> bool {
    let shelf = |kind: &Kind| match kind {
        Kind::Photo | Kind::Video => None,
        kind => Some(*kind),
    };
    kinds.windows(2).all(|two| shelf(&two[0]) == shelf(&two[1]))
}

fn stated(one: &Value) -> Map<String, Value> {
    let stated = ["width", "height", "duration"].into_iter();
    stated.filter_map(|name| Some((name.to_owned(), one.get(name)?.clone()))).collect()
}
