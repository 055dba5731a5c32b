//! Pictures: uploaded, rendered with a QR code, or not.

mod failed;
mod rendered;
mod stored;
mod uploaded;

pub use failed::ImageFailed;
pub use rendered::ImageRendered;
pub use stored::{Geometry, ReadBack, StoredObject};
pub use uploaded::ImageUploaded;

crate::declare_domain!(
    /// What happens to a picture.
    ImageEvent { ImageUploaded, ImageRendered, ImageFailed }
);
