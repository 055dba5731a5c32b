//! A colour profile of four inks (ICC.1:2001-04, 6.5.8), as small as can be.

/// White paper that the first ink alone turns mid grey (L* = 50) and any other ink black.
pub(crate) fn inks() -> Vec<u8> {
    let table = lut();
    let text = b"text\0\0\0\0none\0".as_slice();
    let white = [b"XYZ \0\0\0\0".as_slice(), &[0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d]].concat();
    let tags: [(&[u8; 4], &[u8]); 3] = [(b"A2B0", &table), (b"cprt", text), (b"wtpt", &white)];
    let mut directory = (tags.len() as u32).to_be_bytes().to_vec();
    let mut data = Vec::new();
    let start = 128 + 4 + 12 * tags.len();
    for (name, tag) in tags {
        directory.extend(name);
        directory.extend(((start + data.len()) as u32).to_be_bytes());
        directory.extend((tag.len() as u32).to_be_bytes());
        data.extend(tag);
        data.resize(data.len().next_multiple_of(4), 0);
    }
    let mut profile = ((start + data.len()) as u32).to_be_bytes().to_vec();
    profile.extend(b"\0\0\0\0\x02\x40\0\0prtrCMYKLab ");
    profile.resize(36, 0);
    profile.extend(b"acsp");
    profile.resize(68, 0);
    // The illuminant, D50.
    profile.extend([0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d]);
    profile.resize(128, 0);
    [profile, directory, data].concat()
}

/// lut8Type: two grid points per ink.
fn lut() -> Vec<u8> {
    let mut table = b"mft1\0\0\0\0\x04\x03\x02\0".to_vec();
    for at in 0..9 {
        table.extend(if at % 4 == 0 { 65_536u32 } else { 0 }.to_be_bytes());
    }
    let straight: Vec<u8> = (0..=255).collect();
    (0..4).for_each(|_| table.extend(&straight));
    for inks in 0..16 {
        // The first ink is the slowest. 128 is neutral.
        let light = match inks {
            0 => 255,
            8 => 128,
            _ => 0,
        };
        table.extend([light, 128, 128]);
    }
    (0..3).for_each(|_| table.extend(&straight));
    table
}
