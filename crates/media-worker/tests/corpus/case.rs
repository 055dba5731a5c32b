use events::images::Placement;
use media_worker::render::Note;

pub(crate) const LINK: &str = "https://example.org/t/42";

/// A file and what is to become of it.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    pub(crate) link: String,
    pub(crate) placement: Placement,
    pub(crate) expected: Expected,
}

#[derive(Debug, Clone)]
pub(crate) enum Expected {
    Rendered {
        media_type: &'static str,
        /// Pixels of the result.
        size: (u32, u32),
        /// Outside the plate nothing is lost.
        lossless: bool,
        notes: Vec<Note>,
    },
    /// With this code.
    Refused(&'static str),
}

impl Case {
    pub(crate) fn new(name: impl Into<String>, file: Vec<u8>, expected: Expected) -> Self {
        Self { name: name.into(), file, link: LINK.into(), placement: Placement::default(), expected }
    }
}

impl Expected {
    pub(crate) fn jpeg(size: (u32, u32), lossless: bool) -> Self {
        Self::Rendered { media_type: "image/jpeg", size, lossless, notes: Vec::new() }
    }

    pub(crate) fn png(size: (u32, u32)) -> Self {
        Self::Rendered { media_type: "image/png", size, lossless: true, notes: Vec::new() }
    }

    /// The same with a note, because of which it is not the original any more.
    pub(crate) fn with(self, note: Note) -> Self {
        match self {
            Self::Rendered { media_type, size, lossless, mut notes } => {
                notes.push(note);
                let lossless = lossless && note == Note::FirstFrame;
                Self::Rendered { media_type, size, lossless, notes }
            }
            Self::Refused(_) => self,
        }
    }
}
