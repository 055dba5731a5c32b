//! How long the parts of a render took.

use std::time::Instant;

/// Microseconds by stage, all attempts together.
///
/// A spliced JPEG is never decoded: what it takes is under `encode`, reading the plate's rows out of the new file
/// included; turning it upright is under `decode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stages {
    /// File to upright pixels.
    pub decode: u64,
    /// QR code, plate, painting.
    pub overlay: u64,
    /// Pixels, or a JPEG and the plate, to the new file.
    pub encode: u64,
    /// Thumbnail, and the code alone as PNG and SVG.
    pub thumbnail: u64,
    /// The five readings.
    pub read_back: u64,
    /// SHA-256 of the results.
    pub hash: u64,
}

impl Stages {
    /// Sum of all stages, in microseconds.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.decode + self.overlay + self.encode + self.thumbnail + self.read_back + self.hash
    }
}

/// Adds the time that `work` takes to `stage`.
pub(crate) fn timed<T>(stage: &mut u64, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    *stage += u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    result
}
