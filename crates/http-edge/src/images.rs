//! Pictures: taken in, given to the media worker, handed out.

mod inspect;
mod notes;
mod pace;
pub(crate) mod placement;
pub(crate) mod process;
mod progress;
pub(crate) mod rendering;
pub(crate) mod serve;
pub(crate) mod turn;
pub(crate) mod upload;

use uuid::Uuid;

pub(crate) use notes::{ALL as NOTES, words as note_words};
pub(crate) use phrases::picture_failure as failure_words;
pub(crate) use progress::Progress;

/// The picture that an address of ours names: `/media/<id>/original` or `/media/<id>/processed`, with or
/// without a host. Nothing is ever fetched from an address, so the host does not matter.
pub(crate) fn image_of_url(url: &str) -> Option<Uuid> {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map(|start| &rest[start..])?,
        None => url,
    };
    let (id, what) = path.strip_prefix("/media/")?.split_once('/')?;
    matches!(what, "original" | "processed").then(|| id.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_stored_pictures_name_one() {
        let id = Uuid::from_u128(7);
        assert_eq!(image_of_url(&format!("/media/{id}/original")), Some(id));
        assert_eq!(image_of_url(&format!("https://vestnik.example/media/{id}/processed")), Some(id));
        for other in ["https://example.org/cat.jpg", "/media/7/original", "/media/", "", "file:///etc/passwd"]
        {
            assert_eq!(image_of_url(other), None, "{other:?}");
        }
    }
}
