//! What a render may take follows from the file before its pixels are decoded.

use image::ExtendedColorType;
use media_worker::render::{Limits, Options, inspect, memory_bound, render};

use crate::metadata::{png_with_chunk, webp_with_chunk};
use crate::pictures::{photo, png, webp};

const LINK: &str = "https://example.org";
const SIDE: u32 = 300;

/// Bits, the lowest of each byte first (RFC 9649, section 3.2).
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).map(|bit| value >> bit & 1 == 1));
    }

    /// A prefix code, whose first bit is its highest.
    fn code(&mut self, code: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| code >> bit & 1 == 1));
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
        self.0.chunks(8).map(byte).collect()
    }
}

/// A black picture of so many groups of five codes, of which each has eleven symbols: a table of 1,024 entries each.
fn of_groups(groups: u32, bits: &mut Bits) {
    // No transform, no cached colours, but an entropy image of squares of four pixels.
    bits.put(0b100, 3);
    bits.put(0, 3);
    // Its own codes: no cached colours, two greens, two reds, and nothing else.
    bits.put(0, 1);
    for number in [(groups - 1) & 0xff, (groups - 1) >> 8] {
        bits.put(0b11, 2);
        bits.put(0, 2);
        bits.put(number, 8);
    }
    (0..3).for_each(|_| bits.put(0b0001, 4));
    // The first square has the last group; the others have the first.
    bits.put(0b11, 2);
    (1..(SIDE / 4) * (SIDE / 4)).for_each(|_| bits.put(0, 2));
    (0..groups * 5).for_each(|_| deep(bits));
    (0..SIDE * SIDE * 4).for_each(|_| bits.put(0, 1));
}

/// Symbols 0 to 10 with codes of 1, 2, … 9, 10 and 10 bits.
fn deep(bits: &mut Bits) {
    bits.put(0, 1);
    bits.put(14 - 4, 4);
    // In the order 17 18 0 1 2 3 4 5 16 6 7 8 9 10: lengths up to 6 in three bits, up to 10 in four.
    [0, 0, 0, 3, 3, 3, 3, 3, 0, 3, 4, 4, 4, 4].into_iter().for_each(|length| bits.put(length, 3));
    bits.put(0b0011, 4);
    bits.put(11 - 2, 4);
    for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10] {
        if length <= 6 { bits.code(length - 1, 3) } else { bits.code(0b1100 + length - 7, 4) }
    }
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, data) in chunks {
        body.extend(*kind);
        body.extend((data.len() as u32).to_le_bytes());
        body.extend(*data);
        body.extend(vec![0; data.len() % 2]);
    }
    [b"RIFF".as_slice(), &(body.len() as u32).to_le_bytes(), &body].concat()
}

fn three(value: u32) -> [u8; 3] {
    let [low, middle, high, _] = value.to_le_bytes();
    [low, middle, high]
}

fn canvas(flags: u8) -> Vec<u8> {
    [[flags, 0, 0, 0].as_slice(), &three(SIDE - 1), &three(SIDE - 1)].concat()
}

/// A frame of the canvas' size with one chunk in it.
fn frame(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let header = [three(0), three(0), three(SIDE - 1), three(SIDE - 1), three(100)].concat();
    let length = (data.len() as u32).to_le_bytes();
    [&header, [0].as_slice(), kind, &length, data, &vec![0; data.len() % 2]].concat()
}

fn lossless(groups: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.put(0x2f, 8);
    bits.put(SIDE - 1, 14);
    bits.put(SIDE - 1, 14);
    bits.put(0, 4);
    of_groups(groups, &mut bits);
    bits.bytes()
}

/// What the bound has beyond what follows from size and length.
fn counted(file: &[u8]) -> u64 {
    let plain = inspect(file, &Limits::default()).unwrap().memory_bound(file.len() as u64);
    memory_bound(file, LINK, &Options::default()).unwrap() - plain
}

#[test]
fn the_code_tables_of_a_webp_are_counted() {
    const GROUPS: u32 = 400;
    let tables = u64::from(GROUPS) * 5 * 4_096;
    let picture = lossless(GROUPS);
    let mut opacity = Bits::default();
    of_groups(GROUPS, &mut opacity);
    let opacity = [[1].as_slice(), &opacity.bytes()].concat();
    let small = lossless(1);
    for (name, file) in [
        ("simple", riff(&[(b"VP8L", &picture)])),
        ("extended", riff(&[(b"VP8X", &canvas(0)), (b"VP8L", &picture)])),
        ("moving", riff(&[(b"VP8X", &canvas(2)), (b"ANIM", &[0; 6]), (b"ANMF", &frame(b"VP8L", &picture))])),
        ("transparency", riff(&[(b"VP8X", &canvas(0)), (b"ALPH", &opacity), (b"VP8L", &small)])),
    ] {
        let counted = counted(&file);
        assert!((tables..2 * tables).contains(&counted), "{name}: {counted} of {tables}");
    }
    // It is a picture for all that.
    render(&riff(&[(b"VP8L", &picture)]), LINK, &Options::default()).unwrap();
}

#[test]
fn an_honest_webp_takes_hardly_more_for_its_codes() {
    let mut files = vec![include_bytes!("../corpus/files/lossy.webp").to_vec()];
    files.push(include_bytes!("../corpus/files/lossy-alpha.webp").to_vec());
    files.push(webp(&photo(SIDE, SIDE, 3), SIDE, SIDE, ExtendedColorType::Rgb8));
    for file in files {
        let counted = counted(&file);
        assert!(counted < 64 << 10, "{counted}");
    }
}

/// The frame header of a VP8 key frame (RFC 6386, section 9.1).
fn lossy(side: u16) -> Vec<u8> {
    let side = side.to_le_bytes();
    [[0x10, 0, 0, 0x9d, 1, 0x2a].as_slice(), &side, &side, &[0; 64]].concat()
}

#[test]
fn a_webp_with_a_larger_picture_in_it_is_refused_before_that_is_decoded() {
    let large = lossy(16_383);
    let wide = frame(b"VP8 ", &large);
    let mut outside = frame(b"VP8L", &lossless(1));
    outside[0] = 1;
    let hidden = [&frame(b"ALPH", &[0; 9]), b"NONE".as_slice(), &74u32.to_le_bytes(), &large].concat();
    let moving = |frame: &[u8]| riff(&[(b"VP8X", &canvas(2)), (b"ANIM", &[0; 6]), (b"ANMF", frame)]);
    for (name, file) in [
        ("extended", riff(&[(b"VP8X", &canvas(0)), (b"VP8 ", &large)])),
        ("frame", moving(&wide)),
        ("outside", moving(&outside)),
        ("hidden", moving(&hidden)),
    ] {
        let refused = inspect(&file, &Limits::default()).unwrap_err();
        assert_eq!(refused.code(), "corrupt", "{name}: {refused}");
    }
}

/// zlib's stored blocks.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 1];
    let blocks = data.chunks(0xffff);
    let last = blocks.len() - 1;
    for (index, block) in blocks.enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(index == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (low, high) = data.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend((high << 16 | low).to_be_bytes());
    out
}

#[test]
fn a_colour_profile_is_carried_up_to_four_mebibytes() {
    let (side, most) = (SIDE, 4 << 20);
    let opaque = photo(side, side, 1);
    let carried = |bytes: &[u8]| {
        let mut decoder = image::ImageReader::new(std::io::Cursor::new(bytes));
        decoder.no_limits();
        let mut decoder = decoder.with_guessed_format().unwrap().into_decoder().unwrap();
        image::ImageDecoder::icc_profile(&mut decoder).unwrap().map(|icc| icc.len())
    };
    for (length, expected) in [(most, Some(most)), (most + 1, None)] {
        let profile = vec![7; length];
        let chunk = [b"icc\0\0".as_slice(), &stored(&profile)].concat();
        let file = png(&opaque, side, side, ExtendedColorType::Rgb8);
        let file = png_with_chunk(&file, *b"iCCP", &chunk);
        let webp = webp(&opaque, side, side, ExtendedColorType::Rgb8);
        let webp = webp_with_chunk(&webp, side, side, 0b10_0000, b"ICCP", &profile, true);
        for file in [file, webp] {
            let rendered = render(&file, LINK, &Options::default()).unwrap();
            assert_eq!(carried(&rendered.processed.bytes), expected);
        }
    }
}

#[test]
fn a_png_profile_that_inflates_beyond_all_measure_is_left_out() {
    // As deflate has it shortest: the first zero, and copies of 258 of it, thirteen bits each.
    let mut bits = Bits::default();
    bits.put(0b011, 3);
    bits.code(0b0011_0000, 8);
    (0..(20 << 20) / 258).for_each(|_| bits.code(0b1_1000_1010_0000, 13));
    bits.code(0, 7);
    let bomb = [b"icc\0\0\x78\x01".as_slice(), &bits.bytes(), &[0; 4]].concat();
    assert!(bomb.len() < 200 << 10);
    let file = png(&photo(SIDE, SIDE, 1), SIDE, SIDE, ExtendedColorType::Rgb8);
    let rendered = render(&png_with_chunk(&file, *b"iCCP", &bomb), LINK, &Options::default()).unwrap();
    assert!(!rendered.processed.bytes.windows(4).any(|kind| kind == b"iCCP"));
}
