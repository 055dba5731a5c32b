//! Pictures: uploaded, rendered with a QR code, or not.

mod failed;
pub mod limits;
mod placement;
mod progress;
mod rendered;
mod stored;
mod uploaded;

pub use failed::ImageFailed;
pub use placement::{CodeSize, Corner, Placement};
pub use progress::{ImageProgress, Stage};
pub use rendered::ImageRendered;
pub use stored::{Geometry, ReadBack, StoredObject};
pub use uploaded::ImageUploaded;

crate::declare_domain!(
    /// What happens to a picture.
    ImageEvent { ImageUploaded, ImageRendered, ImageFailed }
);
