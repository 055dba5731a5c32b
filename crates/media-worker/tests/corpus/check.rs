use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader, Rgba};
use media_worker::render::{Options, Rect, RenderError, Rendered, render};

use crate::case::{Case, Expected};

/// Pixels around the plate that its blocks, and the smoothing of their colours, reach: two MCUs of the largest kind.
const REACH: u32 = 66;

pub(crate) fn check(case: &Case) -> Result<(), String> {
    let options = Options { placement: case.placement, ..Options::default() };
    let outcome = render(&case.file, &case.link, &options);
    same(&outcome, &render(&case.file, &case.link, &options))?;
    match (&case.expected, outcome) {
        (Expected::Refused(code), Err(error)) if error.code() == *code => Ok(()),
        (Expected::Refused(code), outcome) => Err(format!("{} instead of {code}", said(&outcome))),
        (Expected::Rendered { .. }, Ok(rendered)) => looked_at(case, &rendered),
        (Expected::Rendered { .. }, outcome) => Err(said(&outcome)),
    }
}

fn said(outcome: &Result<Rendered, RenderError>) -> String {
    match outcome {
        Ok(_) => "rendered".into(),
        Err(error) => format!("{}: {error}", error.code()),
    }
}

fn same(once: &Result<Rendered, RenderError>, again: &Result<Rendered, RenderError>) -> Result<(), String> {
    let bytes = |rendered: &Rendered| {
        [&rendered.processed, &rendered.qr_png, &rendered.qr_svg, &rendered.thumbnail]
            .map(|a| a.bytes.clone())
    };
    let equal = match (once, again) {
        (Ok(once), Ok(again)) => bytes(once) == bytes(again) && once.geometry == again.geometry,
        (Err(once), Err(again)) => once == again,
        _ => false,
    };
    ensure(equal, || "not the same the second time".into())
}

fn ensure(holds: bool, or: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(or()) }
}

fn looked_at(case: &Case, rendered: &Rendered) -> Result<(), String> {
    let Expected::Rendered { media_type, size, lossless, notes } = &case.expected else { return Ok(()) };
    let found = rendered.processed.media_type;
    ensure(found == *media_type, || format!("{found} instead of {media_type}"))?;
    let after = image::load_from_memory(&rendered.processed.bytes).map_err(|error| error.to_string())?;
    let found = (after.width(), after.height());
    ensure(found == *size && found == (rendered.width, rendered.height), || format!("{found:?} pixels"))?;
    ensure(rendered.notes == *notes, || format!("notes {:?}", rendered.notes))?;
    ensure(rendered.lossless == *lossless, || format!("lossless is {}", rendered.lossless))?;
    ensure(rendered.read_back.passed(), || format!("{:?}", rendered.read_back))?;
    let Rect { x, y, width, height } = rendered.geometry.plate;
    let read = read(&after.crop_imm(x, y, width, height).into_luma8());
    ensure(read.as_ref() == Some(&case.link), || format!("another reader reads {read:?}"))?;
    let small = image::load_from_memory(&rendered.thumbnail.bytes).map_err(|error| error.to_string())?;
    ensure(small.width().max(small.height()) == 320.min(size.0.max(size.1)), || "an odd thumbnail".into())?;
    let has = |words: &[u8]| rendered.processed.bytes.windows(words.len()).any(|some| some == words);
    ensure(!has(b"Exif\0") && !has(b"eXIf"), || "metadata came through".into())?;
    taken_by_the_edge(case)?;
    if *lossless { nothing_lost(case, &after, rendered.geometry.plate) } else { Ok(()) }
}

/// What is rendered must have passed the edge, which reads the header with the `image` crate.
fn taken_by_the_edge(case: &Case) -> Result<(), String> {
    let reader =
        ImageReader::new(Cursor::new(&case.file)).with_guessed_format().map_err(|e| e.to_string())?;
    reader.into_dimensions().map(|_| ()).map_err(|error| format!("the edge refuses it: {error}"))
}

fn nothing_lost(case: &Case, after: &DynamicImage, plate: Rect) -> Result<(), String> {
    let reader =
        ImageReader::new(Cursor::new(&case.file)).with_guessed_format().map_err(|e| e.to_string())?;
    let mut decoder = reader.into_decoder().map_err(|error| error.to_string())?;
    let orientation = decoder.orientation().map_err(|error| error.to_string())?;
    let mut before = DynamicImage::from_decoder(decoder).map_err(|error| error.to_string())?;
    before.apply_orientation(orientation);
    // A block that is turned is rounded in another direction by those who decode it.
    let turned = orientation.to_exif() != 1 && case.file.starts_with(&[0xff, 0xd8]);
    let most = if turned { 4 } else { 0 };
    let (before, after) = (before.into_rgba8(), after.to_rgba8());
    let near = |at: u32, low: u32, length: u32| at + REACH > low && at < low + length + REACH;
    let off = |a: &Rgba<u8>, b: &Rgba<u8>| a.0.iter().zip(b.0).map(|(a, b)| a.abs_diff(b)).max();
    let mut pixels = before.enumerate_pixels().zip(after.pixels());
    let lost = pixels.find(|((x, y, before), after)| {
        !(near(*x, plate.x, plate.width) && near(*y, plate.y, plate.height))
            && off(before, after) > Some(most)
    });
    match lost {
        Some(((x, y, before), after)) => Err(format!("{x},{y} was {before:?} and is {after:?}")),
        None => Ok(()),
    }
}

/// What rqrr finds by itself.
fn read(picture: &GrayImage) -> Option<String> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let luma = |x: usize, y: usize| picture.get_pixel(x as u32, y as u32).0[0];
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, luma);
    prepared.detect_grids().first()?.decode().ok().map(|(_, content)| content)
}
