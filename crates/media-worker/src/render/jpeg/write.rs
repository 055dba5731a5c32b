//! Headers of a spliced JPEG: what decoding needs and the colour profile, nothing that tells of the camera, the place
//! or the person.

use super::header::{Header, Tables};
use super::profile;
use super::segments::{APP0, DHT, DQT, DRI, SOI, SOS};

/// JFIF 1.1, square pixels, no thumbnail.
const JFIF: &[u8] = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0";

pub(super) fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length = 2 + parts.iter().map(|part| part.len()).sum::<usize>();
    out.extend([0xff, marker]);
    // Every caller's parts come from a segment or are cut to fit one.
    out.extend((length as u16).to_be_bytes());
    for part in parts {
        out.extend_from_slice(part);
    }
}

/// Everything up to the first coded bit.
pub(super) fn headers(out: &mut Vec<u8>, header: &Header, tables: &Tables) {
    out.extend([0xff, SOI]);
    segment(out, APP0, &[JFIF]);
    if let Some(icc) = &header.icc {
        profile::write(out, icc);
    }
    for (id, table) in (0u8..).zip(&header.quantization) {
        if let Some(table) = table {
            quantization(out, id, table);
        }
    }
    frame(out, header);
    for (class, specs) in [(0u8, &tables.dc), (1, &tables.ac)] {
        for (id, spec) in (0u8..).zip(specs) {
            if let Some(spec) = spec {
                segment(out, DHT, &[&[class << 4 | id], &spec.counts, &spec.symbols]);
            }
        }
    }
    if header.restart_interval > 0 {
        segment(out, DRI, &[&header.restart_interval.to_be_bytes()]);
    }
    scan(out, header);
}

fn quantization(out: &mut Vec<u8>, id: u8, table: &[u16; 64]) {
    if table.iter().all(|step| *step < 256) {
        let steps = table.map(|step| step as u8);
        segment(out, DQT, &[&[id], &steps]);
    } else {
        let steps: Vec<u8> = table.iter().flat_map(|step| step.to_be_bytes()).collect();
        segment(out, DQT, &[&[0x10 | id], &steps]);
    }
}

fn frame(out: &mut Vec<u8>, header: &Header) {
    let [height, width] = [header.height, header.width].map(|side| (side as u16).to_be_bytes());
    let components: Vec<u8> = header
        .components
        .iter()
        .flat_map(|component| {
            [component.id, component.horizontal << 4 | component.vertical, component.quantization]
        })
        .collect();
    let count = header.components.len() as u8;
    segment(out, header.frame, &[&[header.precision], &height, &width, &[count], &components]);
}

fn scan(out: &mut Vec<u8>, header: &Header) {
    let count = header.components.len() as u8;
    let components: Vec<u8> = header
        .components
        .iter()
        .flat_map(|component| [component.id, component.dc << 4 | component.ac])
        .collect();
    segment(out, SOS, &[&[count], &components, &[0, 63, 0]]);
}
