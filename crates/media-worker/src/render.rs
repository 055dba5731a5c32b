//! Pictures: bytes in, bytes with a QR code out. No broker, no database, no HTTP.
//!
//! [`inspect`] tells what a file is before anything is decoded; [`render`] lays the QR code of a link over it and
//! reads it back. Both are pure: the same input gives the same bytes.

use events::images::{Placement, Stage};
use qr_code::Code;
use sha2::{Digest, Sha256};

mod error;
mod inspect;
mod jpeg;
mod note;
mod pixels;
mod plan;
mod plate;
mod read_back;
mod stages;
mod thumbnail;
mod way;

pub use error::{RenderError, Unread};
pub use inspect::{Format, Inspected, Limits, inspect};
pub use note::Note;
pub use plan::MAX_SCALE;
pub use plate::{Geometry, Rect};
pub use read_back::ReadBack;
pub use stages::Stages;

use plan::Plan;
use plate::{MAX_ATTEMPTS, Plate};
use stages::timed;
use way::{Output, Way};

/// Changes whenever the same input gives other bytes.
pub const RENDERER_VERSION: &str = "vestnik-render/2";

/// How to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    pub limits: Limits,
    /// Quality of JPEGs that are encoded anew, on libjpeg's scale of 1 to 100.
    pub jpeg_quality: u8,
    /// Pixels of the thumbnail's longer side.
    pub thumbnail_side: u32,
    /// Where the code goes and how large it is at first.
    pub placement: Placement,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            jpeg_quality: 88,
            thumbnail_side: 320,
            placement: Placement::default(),
        }
    }
}

/// A file that came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    pub bytes: Vec<u8>,
    pub media_type: &'static str,
    /// SHA-256 of the bytes in lower-case hexadecimal.
    pub sha256: String,
}

impl Artifact {
    fn new(bytes: Vec<u8>, media_type: &'static str, hash_time: &mut u64) -> Self {
        let sha256 = timed(hash_time, || hex::encode(Sha256::digest(&bytes)));
        Self { bytes, media_type, sha256 }
    }
}

/// A picture with its QR code, and what came with it.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The picture with the code: JPEG stays JPEG, PNG stays PNG; WebP becomes PNG if it is transparent and JPEG
    /// if not.
    pub processed: Artifact,
    /// Pixels of `processed`.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// The code alone.
    pub qr_png: Artifact,
    /// The code alone, to be scaled.
    pub qr_svg: Artifact,
    /// A small JPEG of `processed`.
    pub thumbnail: Artifact,
    pub geometry: Geometry,
    pub read_back: ReadBack,
    /// Sizes of the code that were tried, this one included.
    pub attempts: u32,
    /// Outside the plate the file shows exactly what the original shows.
    pub lossless: bool,
    pub notes: Vec<Note>,
    pub renderer_version: &'static str,
    /// Measured, so not the same every time.
    pub stages: Stages,
}

/// The most memory in bytes that [`render`] takes for a picture and a link, the file itself not counted.
///
/// # Errors
/// Any [`RenderError`] that can be told without decoding pixels.
pub fn memory_bound(bytes: &[u8], target_url: &str, options: &Options) -> Result<u64, RenderError> {
    let plan = Plan::of(bytes, target_url, options)?;
    let tables = inspect::code_tables(bytes, plan.found.format)?;
    Ok(plan.memory_bound(bytes.len() as u64).saturating_add(tables))
}

/// Lays the QR code of `target_url` over a picture and reads it back.
///
/// Memory is bounded by [`memory_bound`]; nothing is decoded before the limits are checked.
///
/// # Errors
/// [`RenderError`], of which each says what is wrong and what to do.
pub fn render(bytes: &[u8], target_url: &str, options: &Options) -> Result<Rendered, RenderError> {
    render_telling(bytes, target_url, options, &|_| {})
}

/// [`render`] that tells each stage when it begins.
///
/// # Errors
/// The same.
pub fn render_telling(
    bytes: &[u8],
    target_url: &str,
    options: &Options,
    tell: &dyn Fn(Stage),
) -> Result<Rendered, RenderError> {
    let mut stages = Stages::default();
    let plan = timed(&mut stages.overlay, || Plan::of(bytes, target_url, options))?;
    let code = timed(&mut stages.overlay, || Code::of(target_url))?;
    tell(Stage::Decoding);
    let mut way = Way::choose(bytes, &plan, &mut stages)?;
    let mut attempts = 0;
    let mut last = None;
    loop {
        for attempt in 0..MAX_ATTEMPTS {
            let geometry = Geometry::of(&code, plan.size, options.placement, attempt)?;
            let Some(geometry) = geometry else { break };
            let plate = timed(&mut stages.overlay, || Plate::new(&code, &geometry));
            attempts += 1;
            // Before the next one is made: the bound is that of one result.
            drop(last.take());
            tell(Stage::Rendering);
            let output = way.render(&plate, options, &mut stages)?;
            tell(Stage::ReadingBack);
            let read_back = timed(&mut stages.read_back, || {
                read_back::read_back(&output.crop, geometry.module_px, target_url)
            });
            if read_back.passed() {
                return finish(&plan, &code, output, geometry, read_back, attempts, stages);
            }
            last = Some((output, geometry, read_back));
        }
        // A coarse JPEG blurs the code however large it is; encoded anew it does not.
        if !way.retreat(&mut stages)? {
            return Err(unread(last, attempts));
        }
    }
}

/// Why: the last rendering, to be looked at.
fn unread(last: Option<(Output, Geometry, ReadBack)>, attempts: u32) -> RenderError {
    let Some((output, geometry, read_back)) = last else {
        return RenderError::Encode { detail: "no size of the code was tried".into() };
    };
    let candidate = Artifact::new(output.bytes, output.media_type, &mut 0);
    RenderError::ReadBackFailed(Box::new(Unread { candidate, geometry, read_back, attempts }))
}

fn finish(
    plan: &Plan,
    code: &Code,
    output: Output,
    geometry: Geometry,
    read_back: ReadBack,
    attempts: u32,
    mut stages: Stages,
) -> Result<Rendered, RenderError> {
    let (thumbnail, qr_png, qr_svg) = timed(&mut stages.thumbnail, || {
        let thumbnail = thumbnail::encode(output.thumbnail)?;
        let qr_png = code.png().map_err(|error| RenderError::Encode { detail: error.to_string() })?;
        Ok::<_, RenderError>((thumbnail, qr_png, code.svg()))
    })?;
    let hash = &mut stages.hash;
    Ok(Rendered {
        processed: Artifact::new(output.bytes, output.media_type, hash),
        width: output.width,
        height: output.height,
        qr_png: Artifact::new(qr_png, "image/png", hash),
        qr_svg: Artifact::new(qr_svg.into_bytes(), "image/svg+xml", hash),
        thumbnail: Artifact::new(thumbnail, "image/jpeg", hash),
        geometry,
        read_back,
        attempts,
        lossless: output.lossless,
        notes: plan.notes(),
        renderer_version: RENDERER_VERSION,
        stages,
    })
}
