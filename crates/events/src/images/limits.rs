//! What a picture may be at the most: the edge says it before the upload is kept, the media worker before it decodes.

/// Bytes of the file.
pub const MOST_BYTES: u64 = 20 * 1024 * 1024;
/// Width times height.
pub const MOST_PIXELS: u64 = 50_000_000;
/// Pixels of either side.
pub const LONGEST_SIDE: u32 = 32_767;
