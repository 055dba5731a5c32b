//! Files in messages, in the Bot API's shapes. People and the bot send them alike.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::picture;
use crate::state::State;

/// What a file is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Photo,
    Video,
    Document,
    Audio,
    Voice,
    Animation,
    VideoNote,
    Sticker,
}

impl Kind {
    /// Its member of `Message`, which is also the parameter of its send method.
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Document => "document",
            Self::Audio => "audio",
            Self::Voice => "voice",
            Self::Animation => "animation",
            Self::VideoNote => "video_note",
            Self::Sticker => "sticker",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Photo => "photos",
            Self::Video => "videos",
            Self::Document => "documents",
            Self::Audio => "music",
            Self::Voice => "voice",
            Self::Animation => "animations",
            Self::VideoNote => "video_notes",
            Self::Sticker => "stickers",
        }
    }

    fn usual_mime(self) -> &'static str {
        match self {
            Self::Photo => "image/jpeg",
            Self::Video | Self::Animation | Self::VideoNote => "video/mp4",
            Self::Document => "application/octet-stream",
            Self::Audio => "audio/mpeg",
            Self::Voice => "audio/ogg",
            Self::Sticker => "image/webp",
        }
    }
}

/// A file as it was handed in.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) mime: Option<String>,
    pub(crate) bytes: Bytes,
}

/// A file ready to be put into the store: pictures are already cut to Telegram's sizes.
#[derive(Debug)]
pub(crate) struct Prepared {
    kind: Kind,
    upload: Upload,
    sizes: Vec<picture::Size>,
    /// `width`, `height`, `duration` and the like, as the sender states them.
    stated: Map<String, Value>,
}

impl Prepared {
    /// Takes as long as decoding a picture takes: not for the async threads. `None` when a
    /// photo is no picture.
    pub(crate) fn new(kind: Kind, upload: Upload, stated: Map<String, Value>) -> Option<Self> {
        let sizes = match kind {
            Kind::Photo => picture::sizes(&upload.bytes)?,
            _ => Vec::new(),
        };
        Some(Self { kind, upload, sizes, stated })
    }

    /// Puts the bytes into the store and returns the member of `Message` with its value.
    pub(crate) fn store(self, state: &mut State) -> (&'static str, Value) {
        let value = match self.kind {
            Kind::Photo => self.store_photo(state),
            _ => self.store_file(state),
        };
        (self.kind.field(), value)
    }

    fn store_photo(&self, state: &mut State) -> Value {
        let photo_size = |size: &picture::Size| {
            let file = state.files.add("photos", size.bytes.clone(), "image/jpeg", "photo.jpg");
            json!({
                "file_id": file.file_id,
                "file_unique_id": file.file_unique_id,
                "file_size": file.bytes.len(),
                "width": size.width,
                "height": size.height,
            })
        };
        let photo = Value::Array(self.sizes.iter().map(photo_size).collect());
        for size in photo.as_array().into_iter().flatten() {
            let file_id = size["file_id"].as_str().unwrap_or_default();
            state.files.remember(file_id, Kind::Photo, &photo);
        }
        photo
    }

    fn store_file(&self, state: &mut State) -> Value {
        let upload = &self.upload;
        let mime = upload.mime.as_deref().unwrap_or_else(|| self.kind.usual_mime());
        let file = state.files.add(self.kind.folder(), upload.bytes.clone(), mime, &upload.name);
        let mut value = json!({
            "file_id": file.file_id,
            "file_unique_id": file.file_unique_id,
            "file_size": file.bytes.len(),
        });
        let stated = |name: &str| self.stated.get(name).cloned().unwrap_or_else(|| 0.into());
        match self.kind {
            Kind::Video | Kind::Animation => {
                value["width"] = stated("width");
                value["height"] = stated("height");
                value["duration"] = stated("duration");
            }
            Kind::Audio | Kind::Voice => value["duration"] = stated("duration"),
            Kind::VideoNote => {
                value["length"] = stated("length");
                value["duration"] = stated("duration");
            }
            Kind::Sticker => {
                value["type"] = "regular".into();
                value["width"] = 512.into();
                value["height"] = 512.into();
                value["emoji"] = "👋".into();
                value["is_animated"] = (mime == "application/x-tgsticker").into();
                value["is_video"] = mime.starts_with("video/").into();
                value["thumbnail"] = thumbnail(state);
            }
            Kind::Photo | Kind::Document => {}
        }
        if !matches!(self.kind, Kind::VideoNote | Kind::Sticker) {
            value["mime_type"] = mime.into();
        }
        let named = !matches!(self.kind, Kind::VideoNote | Kind::Sticker | Kind::Voice);
        if named && !upload.name.is_empty() {
            value["file_name"] = upload.name.as_str().into();
        }
        state.files.remember(&file.file_id, self.kind, &value);
        value
    }
}

/// What stands for a sticker where it cannot move. Of ours it shows nothing of the sticker itself.
fn thumbnail(state: &mut State) -> Value {
    let Some(size) = picture::plain(128) else { return Value::Null };
    let file = state.files.add("thumbnails", size.bytes, "image/jpeg", "thumbnail.jpg");
    json!({
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
        "file_size": file.bytes.len(),
        "width": size.width,
        "height": size.height,
    })
}
