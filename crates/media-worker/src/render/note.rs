/// What is worth saying about a result that came out well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The file is animated; this is its first frame.
    FirstFrame,
    /// The picture was too small for the code: each pixel became several.
    ScaledUp,
    /// The colours were meant for print.
    ConvertedFromCmyk,
    /// The file had 16 bits per sample, the result has 8.
    ReducedTo8Bits,
}

impl Note {
    /// The machine-readable name; never changes once published.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::FirstFrame => "first_frame",
            Self::ScaledUp => "scaled_up",
            Self::ConvertedFromCmyk => "converted_from_cmyk",
            Self::ReducedTo8Bits => "reduced_to_8_bits",
        }
    }
}
