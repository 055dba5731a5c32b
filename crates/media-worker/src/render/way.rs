//! The two ways to put a plate on a picture: splicing it into a JPEG, or painting it on pixels.

use std::borrow::Cow;

use image::metadata::Orientation;

use super::inspect::{Format, Inspected};
use super::jpeg::{self, Header};
use super::pixels::{Pixels, decode, encode};
use super::plan::Plan;
use super::plate::Plate;
use super::read_back::Crop;
use super::stages::{Stages, timed};
use super::{Options, RenderError, thumbnail};

/// A picture with a plate, not yet known to be readable.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) bytes: Vec<u8>,
    pub(crate) media_type: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) thumbnail: Pixels,
    /// What the new file shows where the plate is.
    pub(crate) crop: Crop,
    /// Outside the plate the file shows exactly what the original shows.
    pub(crate) lossless: bool,
}

/// A picture, ready for one plate after another.
#[derive(Debug)]
pub(crate) struct Way<'a> {
    bytes: Cow<'a, [u8]>,
    found: Inspected,
    /// Pixels that each pixel becomes, across and down.
    scale: u32,
    /// `None` only while it is being chosen.
    picture: Option<Picture>,
}

#[derive(Debug)]
enum Picture {
    Spliceable(Box<Header>),
    Decoded(Pixels),
}

impl<'a> Way<'a> {
    pub(crate) fn choose(bytes: &'a [u8], plan: &Plan, stages: &mut Stages) -> Result<Self, RenderError> {
        let mut way =
            Self { bytes: Cow::Borrowed(bytes), found: plan.found, scale: plan.scale, picture: None };
        if plan.found.format == Format::Jpeg && plan.scale == 1 {
            way.picture = timed(&mut stages.decode, || way.spliceable())?;
        }
        if way.picture.is_none() {
            way.retreat(stages)?;
        }
        Ok(way)
    }

    /// The header of the file, turned upright first if need be and possible.
    fn spliceable(&mut self) -> Result<Option<Picture>, RenderError> {
        let mut header = Header::parse(&self.bytes)?;
        if header.orientation != Orientation::NoTransforms {
            let Some(turned) = jpeg::turn(&self.bytes, &header)? else {
                return Ok(None);
            };
            header = Header::parse(&turned)?;
            self.bytes = Cow::Owned(turned);
            self.found.orientation = Orientation::NoTransforms;
        }
        Ok(Some(Picture::Spliceable(Box::new(header))))
    }

    /// Turns from splicing to painting; false when that is the way already.
    pub(crate) fn retreat(&mut self, stages: &mut Stages) -> Result<bool, RenderError> {
        if matches!(self.picture, Some(Picture::Decoded(_))) {
            return Ok(false);
        }
        let pixels = timed(&mut stages.decode, || decode::decode(&self.bytes, &self.found))?;
        let pixels = timed(&mut stages.decode, || pixels.enlarged(self.scale));
        self.picture = Some(Picture::Decoded(pixels));
        Ok(true)
    }

    pub(crate) fn render(
        &mut self,
        plate: &Plate,
        options: &Options,
        stages: &mut Stages,
    ) -> Result<Output, RenderError> {
        if let Some(Picture::Spliceable(header)) = &self.picture {
            let spliced = timed(&mut stages.encode, || {
                jpeg::splice(&self.bytes, header, plate, options.thumbnail_side)
            })?;
            if let Some(spliced) = spliced {
                return self.spliced(spliced, options, stages);
            }
            self.retreat(stages)?;
        }
        match &mut self.picture {
            Some(Picture::Decoded(pixels)) => {
                let source = Source {
                    format: self.found.format,
                    bytes: self.bytes.len(),
                    exact: self.found.bit_depth <= 8 && self.scale == 1,
                };
                paint(pixels, source, plate, options, stages)
            }
            _ => Err(RenderError::corrupt("it cannot be decoded")),
        }
    }

    fn spliced(
        &self,
        spliced: jpeg::Spliced,
        options: &Options,
        stages: &mut Stages,
    ) -> Result<Output, RenderError> {
        let thumbnail = match spliced.thumbnail {
            Some(thumbnail) => thumbnail,
            None => timed(&mut stages.thumbnail, || {
                let pixels = decode::decode(&spliced.bytes, &self.found)?;
                thumbnail::of(&pixels, options.thumbnail_side)
            })?,
        };
        Ok(Output {
            bytes: spliced.bytes,
            media_type: Format::Jpeg.media_type(),
            width: self.found.width,
            height: self.found.height,
            thumbnail,
            crop: spliced.crop,
            lossless: true,
        })
    }
}

/// What the pixels came from.
#[derive(Debug, Clone, Copy)]
struct Source {
    format: Format,
    /// Length of the file.
    bytes: usize,
    /// The pixels are those of the file, of no more bits and no other size.
    exact: bool,
}

fn paint(
    pixels: &mut Pixels,
    source: Source,
    plate: &Plate,
    options: &Options,
    stages: &mut Stages,
) -> Result<Output, RenderError> {
    let under = pixels.save(plate.rect);
    timed(&mut stages.overlay, || pixels.paint(plate));
    let output = encode(pixels, source, plate, options, stages);
    pixels.restore(plate.rect, &under);
    output
}

fn encode(
    pixels: &Pixels,
    source: Source,
    plate: &Plate,
    options: &Options,
    stages: &mut Stages,
) -> Result<Output, RenderError> {
    let rect = plate.surroundings(pixels.width, pixels.height);
    let lossless = source.format == Format::Png || pixels.layout.has_alpha();
    let (bytes, crop) = timed(&mut stages.encode, || {
        if lossless {
            // What a PNG decodes to is what went in; the tests hold the encoder to it.
            return Ok((encode::png(pixels, source.bytes)?, pixels.crop(rect)));
        }
        let bytes = encode::jpeg(pixels, options.jpeg_quality)?;
        let header = Header::parse(&bytes)?;
        let crop = jpeg::read_region(&bytes, &header, rect)?;
        let crop = crop.ok_or_else(|| RenderError::corrupt("the new JPEG cannot be read"))?;
        Ok::<_, RenderError>((bytes, crop))
    })?;
    let thumbnail = timed(&mut stages.thumbnail, || thumbnail::of(pixels, options.thumbnail_side))?;
    let format = if lossless { Format::Png } else { Format::Jpeg };
    Ok(Output {
        bytes,
        media_type: format.media_type(),
        width: pixels.width,
        height: pixels.height,
        thumbnail,
        crop,
        lossless: lossless && source.exact,
    })
}
