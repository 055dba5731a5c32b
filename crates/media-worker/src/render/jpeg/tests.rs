use std::collections::BTreeSet;

use events::images::Placement;
use jpeg_encoder::{ColorType, Encoder as JpegEncoder, SamplingFactor};

use super::bits::BitWriter;
use super::emit::{self, Stop};
use super::header::{Header, Tables};
use super::huffman::{Encoder, Spec};
use super::layout::Layout;
use super::scan::{self, Decoders, Place, Scan};
use super::segments::EOI;
use super::{splice, write};
use crate::render::plate::{Geometry, Plate};
use crate::render::read_back::read_back;
use crate::render::{Options, RenderError};
use qr_code::Code;

const SIDE: u32 = 400;
const LINK: &str = "https://example.org/own-tables";

/// A slope of light: few and small coefficients.
fn slope() -> Vec<u8> {
    let luma = (0..SIDE * SIDE).map(|at| ((at % SIDE + at / SIDE) / 4) as u8);
    let pixels: Vec<u8> = luma.flat_map(|luma| [luma, 128, 128]).collect();
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new(&mut out, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let side = SIDE as u16;
    encoder.encode(&pixels, side, side, ColorType::Ycbcr).unwrap();
    out
}

fn each_block(layout: &Layout, mut visit: impl FnMut(usize)) {
    for _ in 0..layout.rows * layout.columns {
        for (index, part) in layout.parts.iter().enumerate() {
            (0..part.across * part.down).for_each(|_| visit(index));
        }
    }
}

/// A table of 8-bit codes for these symbols and no others.
fn spec(symbols: &BTreeSet<u8>) -> Option<Spec> {
    let mut counts = [0; 16];
    counts[7] = symbols.len() as u8;
    Some(Spec { counts, symbols: symbols.iter().copied().collect() })
}

/// The same picture with tables that hold only what it uses, as optimising encoders write them.
fn with_own_tables(file: &[u8]) -> Vec<u8> {
    let header = Header::parse(file).unwrap();
    let layout = Layout::of(&header).unwrap();
    let decoders = Decoders::new(&header.tables);
    let start = Place { byte: header.scan_start, ..Place::default() };
    let scan = || Scan::new(file, &decoders, &layout, start).unwrap();

    let (mut dc, mut ac) = (BTreeSet::new(), BTreeSet::new());
    let mut reading = scan();
    each_block(&layout, |part| {
        let before = reading.previous[part];
        let difference = reading.dc(part).unwrap() - before;
        dc.insert((32 - difference.unsigned_abs().leading_zeros()) as u8);
        scan::each_ac(&mut reading.reader, reading.tables[part].1, |_, entry, _| {
            ac.insert(entry.symbol);
            Ok::<_, RenderError>(())
        })
        .unwrap();
    });
    let mut own = header.clone();
    own.tables = Tables { dc: [spec(&dc), spec(&dc), None, None], ac: [spec(&ac), spec(&ac), None, None] };

    let dc = Encoder::new(own.tables.dc[0].as_ref().unwrap());
    let ac = Encoder::new(own.tables.ac[0].as_ref().unwrap());
    let mut out = Vec::new();
    write::headers(&mut out, &own, &own.tables);
    let mut writer = BitWriter::new(out);
    let mut reading = scan();
    each_block(&layout, |part| {
        let before = reading.previous[part];
        let difference = reading.dc(part).unwrap() - before;
        emit::dc(&mut writer, &dc, difference).unwrap();
        reading.copy_ac::<false>(part, &mut writer, Some(&ac)).unwrap();
    });
    writer.align();
    writer.out.extend([0xff, EOI]);
    writer.out
}

#[test]
fn tables_that_lack_a_code_are_replaced() {
    let standard = slope();
    let own = with_own_tables(&standard);
    let pixels = |file: &[u8]| image::load_from_memory(file).unwrap().into_rgb8();
    assert_eq!(pixels(&own), pixels(&standard), "recoding keeps the picture");

    let header = Header::parse(&own).unwrap();
    let black = Encoder::new(header.tables.ac[0].as_ref().unwrap()).code(0x0a);
    assert_eq!(black.1, 0, "the plate's contrast has no code in these tables");

    let code = Code::of(LINK).unwrap();
    let geometry = Geometry::of(&code, (SIDE, SIDE), Placement::default(), 0).unwrap().unwrap();
    let plate = Plate::new(&code, &geometry);
    let spliced = splice(&own, &header, &plate, 100).unwrap().unwrap();
    assert!(read_back(&spliced.crop, geometry.module_px, LINK).passed());

    let (before, after) = (pixels(&own), pixels(&spliced.bytes));
    for (x, y, pixel) in after.enumerate_pixels() {
        if x + 32 < plate.rect.x || y + 32 < plate.rect.y {
            assert_eq!(pixel, before.get_pixel(x, y), "{x},{y}");
        }
    }
}

#[test]
fn the_crop_is_what_other_decoders_show() {
    let file = slope();
    let header = Header::parse(&file).unwrap();
    let code = Code::of(LINK).unwrap();
    let geometry = Geometry::of(&code, (SIDE, SIDE), Placement::default(), 0).unwrap().unwrap();
    let plate = Plate::new(&code, &geometry);
    let spliced = splice(&file, &header, &plate, 100).unwrap().unwrap();
    let shown = image::load_from_memory(&spliced.bytes).unwrap().into_rgb8();
    let rect = plate.surroundings(SIDE, SIDE);
    for (at, luma) in (0u32..).zip(&spliced.crop.luma) {
        let (x, y) = (rect.x + at % rect.width, rect.y + at / rect.width);
        let pixel = shown.get_pixel(x, y).0[1];
        assert!(luma.abs_diff(pixel) <= 3, "{x},{y}: {luma} and {pixel}");
    }
}

#[test]
fn a_missing_code_stops() {
    let mut writer = BitWriter::new(Vec::new());
    let stopped = emit::dc(&mut writer, &Encoder::empty(), 3);
    assert!(matches!(stopped, Err(Stop::NoCode)));
}

/// The slope with quantisation so coarse that nothing of a code is left, whatever its size.
fn hopeless() -> Vec<u8> {
    let file = slope();
    let mut header = Header::parse(&file).unwrap();
    for steps in header.quantization.iter_mut().flatten() {
        *steps = [12_000; 64];
    }
    let mut out = Vec::new();
    write::headers(&mut out, &header, &header.tables);
    out.extend(&file[header.scan_start..]);
    out
}

#[test]
fn a_jpeg_too_coarse_for_any_code_is_encoded_anew() {
    let rendered = crate::render::render(&hopeless(), LINK, &Options::default()).unwrap();
    assert!(rendered.attempts > 2, "{} attempts", rendered.attempts);
    assert!(rendered.read_back.passed());
    let first = Geometry::of(&Code::of(LINK).unwrap(), (SIDE, SIDE), Placement::default(), 0).unwrap();
    assert_eq!(Some(rendered.geometry), first, "the size starts again");
}
