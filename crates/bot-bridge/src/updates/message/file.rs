use events::chats::Attachment;
use serde_json::Value;

use super::{small, text};

/// A file of any kind, after the members that the kinds share.
pub(super) fn file(value: &Value) -> Option<Attachment> {
    Some(Attachment {
        telegram_file_id: text(value, "file_id")?,
        file_name: text(value, "file_name"),
        mime_type: text(value, "mime_type"),
        size: value.get("file_size").and_then(Value::as_u64),
        // A round video is as wide as it is long.
        width: small(value, "width").or_else(|| small(value, "length")),
        height: small(value, "height").or_else(|| small(value, "length")),
        duration: small(value, "duration"),
        still: false,
    })
}

/// The largest of a photo's sizes that can be fetched at all.
pub(super) fn largest(sizes: &[Value]) -> Option<Attachment> {
    let area = |size: &Attachment| u64::from(size.width.unwrap_or(0)) * u64::from(size.height.unwrap_or(0));
    sizes.iter().filter_map(file).max_by_key(area)
}

/// A sticker that moves is a Lottie animation or a video with transparency, which a browser does not show
/// in place: its thumbnail stands for it.
pub(super) fn sticker(sticker: &Value) -> Option<Attachment> {
    let is = |what: &str| sticker.get(what).and_then(Value::as_bool).unwrap_or(false);
    if !is("is_animated") && !is("is_video") {
        return file(sticker);
    }
    // `thumb` until Bot API 6.6.
    let thumbnail = sticker.get("thumbnail").or_else(|| sticker.get("thumb"))?;
    Some(Attachment { still: true, ..file(thumbnail)? })
}
