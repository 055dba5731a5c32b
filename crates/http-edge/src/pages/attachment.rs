//! Files in a message.

use askama::filters::Safe;

use super::Layout;

/// How to show an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentKind {
    /// In an `<img>`.
    Picture,
    /// In a `<video>`.
    Video,
    /// In an `<audio>`.
    Audio,
    /// As a link.
    File,
}

impl AttachmentKind {
    /// How to show a media type: by its first half.
    pub fn from_mime(mime: &str) -> Self {
        match mime.split('/').next().unwrap_or_default() {
            "image" if mime != "image/svg+xml" => Self::Picture,
            "video" => Self::Video,
            "audio" => Self::Audio,
            _ => Self::File,
        }
    }
}

/// Whether the bytes of an attachment are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachmentState {
    /// They are.
    Stored,
    /// They are being fetched.
    Pending,
    /// Larger than the Bot API gives out (20 MB).
    TooLarge,
    /// Could not be fetched.
    Failed,
}

impl AttachmentState {
    /// As in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Pending => "pending",
            Self::TooLarge => "too_large",
            Self::Failed => "failed",
        }
    }
}

/// A file in a message.
#[derive(Debug, Clone)]
pub struct AttachmentView {
    /// Served at `/files/{id}`.
    pub id: String,
    /// How to show it.
    pub kind: AttachmentKind,
    /// Whether it is here.
    pub state: AttachmentState,
    /// As its sender named it.
    pub file_name: Option<String>,
    /// In bytes.
    pub size: Option<u64>,
    /// In pixels, for pictures and videos; keeps the page from jumping.
    pub width: Option<u32>,
    /// In pixels.
    pub height: Option<u32>,
}

impl AttachmentView {
    pub(crate) fn name(&self) -> Option<&str> {
        self.file_name.as_deref().filter(|name| !name.is_empty())
    }

    pub(crate) fn label(&self, layout: &Layout) -> String {
        self.name().map_or_else(|| layout.t("attachment-file"), str::to_owned)
    }

    pub(crate) fn size_text(&self, layout: &Layout) -> Option<String> {
        let units = [layout.t("unit-b"), layout.t("unit-kb"), layout.t("unit-mb")];
        let [b, kb, mb] = &units;
        self.size.map(|bytes| crate::texts::format::size(bytes, [b, kb, mb]))
    }

    pub(crate) fn state_text(&self, layout: &Layout) -> Option<String> {
        match self.state {
            AttachmentState::Stored => None,
            AttachmentState::Pending => Some(layout.t("attachment-pending")),
            AttachmentState::TooLarge => Some(layout.t("attachment-too-large")),
            AttachmentState::Failed => Some(layout.t("attachment-failed")),
        }
    }

    pub(crate) fn shown(&self) -> &'static str {
        match (self.state, self.kind) {
            (AttachmentState::Stored, AttachmentKind::Picture) => "picture",
            (AttachmentState::Stored, AttachmentKind::Video) => "video",
            (AttachmentState::Stored, AttachmentKind::Audio) => "audio",
            (AttachmentState::Stored, AttachmentKind::File) => "file",
            _ => "absent",
        }
    }

    /// `width` and `height` as shown, so that nothing jumps when the picture arrives.
    pub(crate) fn dimensions(&self) -> Safe<String> {
        const WIDEST: f64 = 420.0;
        const TALLEST: f64 = 340.0;
        let (Some(width), Some(height)) = (self.width, self.height) else {
            return Safe(String::new());
        };
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let scale = (WIDEST / width).min(TALLEST / height).min(1.0);
        let (width, height) = ((width * scale).ceil(), (height * scale).ceil());
        Safe(format!(" width=\"{width}\" height=\"{height}\""))
    }

    /// One of each look, for scripts to clone.
    pub(crate) fn blanks() -> [Self; 7] {
        use AttachmentKind::{Audio, File, Picture, Video};
        use AttachmentState::{Failed, Pending, Stored, TooLarge};
        [
            Self::blank(Picture, Stored),
            Self::blank(Video, Stored),
            Self::blank(Audio, Stored),
            Self::blank(File, Stored),
            Self::blank(File, Pending),
            Self::blank(File, TooLarge),
            Self::blank(File, Failed),
        ]
    }

    fn blank(kind: AttachmentKind, state: AttachmentState) -> Self {
        Self { id: String::new(), kind, state, file_name: None, size: None, width: None, height: None }
    }
}
