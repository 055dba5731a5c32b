//! Why a picture could not be rendered, for programs (`code`) and for people (`Display`).

use qr_code::{MAX_LINK_BYTES, Unfit};
use thiserror::Error;

use super::{Artifact, Geometry, ReadBack};

/// Everything that can be wrong with a picture or a link.
///
/// `Display` is one English sentence on what is wrong and one on what to do;
/// [`RenderError::code`] is stable and is what an interface translates.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RenderError {
    #[error("The file is empty. Choose a JPEG, PNG or WebP picture.")]
    Empty,
    #[error(
        "The file has {bytes} bytes, more than the {limit} allowed. Save it smaller or at a lower quality."
    )]
    TooLarge { bytes: u64, limit: u64 },
    #[error("The file is {found}, not a JPEG, PNG or WebP picture. Save it as one of these.")]
    UnsupportedType { found: &'static str },
    #[error("The file ends before the picture does. Upload it again.")]
    Truncated,
    #[error("The picture is damaged ({detail}). Open it in an image editor and save it again.")]
    Corrupt { detail: String },
    #[error("The picture is {width}x{height} pixels, so it shows nothing. Choose another one.")]
    ZeroSize { width: u32, height: u32 },
    #[error("The picture has {width}x{height} pixels, more than the {limit} allowed. Scale it down.")]
    TooManyPixels { width: u32, height: u32, limit: u64 },
    #[error("The picture is {width}x{height} pixels, and no side may exceed {limit}. Crop or scale it.")]
    SideTooLong { width: u32, height: u32, limit: u32 },
    #[error(
        "The picture is {width}x{height} pixels; for this link its shorter side must have at least {needed}. \
         Use a larger picture or a shorter link."
    )]
    TooSmall { width: u32, height: u32, needed: u32 },
    #[error("The picture is stored in a rare way ({detail}). Save it as an ordinary JPEG or PNG.")]
    UnsupportedEncoding { detail: &'static str },
    #[error("There is no link to put into the QR code. Enter one.")]
    LinkEmpty,
    #[error(
        "The link has {bytes} bytes; a QR code that survives damage holds at most {limit}. Use a shorter link."
    )]
    LinkTooLong { bytes: usize, limit: usize },
    #[error(
        "The QR code could not be read back after {} attempts. Use a larger picture, one saved at a higher \
         quality, or a shorter link.", .0.attempts
    )]
    ReadBackFailed(Box<Unread>),
    #[error("The result could not be encoded ({detail}). Try again or report it.")]
    Encode { detail: String },
}

impl RenderError {
    /// The machine-readable name of the error; never changes once published.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLarge { .. } => "too_large",
            Self::UnsupportedType { .. } => "unsupported_type",
            Self::Truncated => "truncated",
            Self::Corrupt { .. } => "corrupt",
            Self::ZeroSize { .. } => "zero_size",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::SideTooLong { .. } => "side_too_long",
            Self::TooSmall { .. } => "too_small",
            Self::UnsupportedEncoding { .. } => "unsupported_encoding",
            Self::LinkEmpty => "link_empty",
            Self::LinkTooLong { .. } => "link_too_long_for_qr",
            Self::ReadBackFailed(_) => "read_back_failed",
            Self::Encode { .. } => "encode_failed",
        }
    }

    pub(crate) fn corrupt(detail: impl Into<String>) -> Self {
        Self::Corrupt { detail: detail.into() }
    }
}

/// The last rendering of a picture whose code could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The file as it would have been published.
    pub candidate: Artifact,
    pub geometry: Geometry,
    pub read_back: ReadBack,
    /// Renderings, this one included.
    pub attempts: u32,
}

impl From<Unfit> for RenderError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::Empty => Self::LinkEmpty,
            Unfit::TooLong { bytes } => Self::LinkTooLong { bytes, limit: MAX_LINK_BYTES },
        }
    }
}
