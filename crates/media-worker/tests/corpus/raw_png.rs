//! PNG by hand (ISO/IEC 15948): every kind of pixel, interlaced or not, which no encoder at hand writes.

/// Starts and steps of the seven passes: across, down, across, down.
const ADAM7: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

#[derive(Debug, Clone, Copy)]
pub(crate) struct RawPng {
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
    pub(crate) color: u8,
    pub(crate) depth: u8,
    pub(crate) interlaced: bool,
    /// A colour or a palette entry is transparent.
    pub(crate) transparent: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl RawPng {
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut header = [self.width.to_be_bytes(), self.height.to_be_bytes()].concat();
        header.extend([self.depth, self.color, 0, 0, u8::from(self.interlaced)]);
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        chunk(&mut out, b"IHDR", &header);
        if self.color == 3 {
            let entries = 1u32 << self.depth;
            let palette: Vec<u8> = (0..entries)
                .flat_map(|at| [at * 255 / (entries - 1).max(1), 90, 255 - at * 200 / entries])
                .map(|sample| sample as u8)
                .collect();
            chunk(&mut out, b"PLTE", &palette);
        }
        if self.transparent {
            let transparent: &[u8] = match self.color {
                0 => &[0, 1],
                2 => &[0, 1, 0, 2, 0, 3],
                _ => &[128],
            };
            chunk(&mut out, b"tRNS", transparent);
        }
        chunk(&mut out, b"IDAT", &stored(&self.rows()));
        chunk(&mut out, b"IEND", &[]);
        out
    }

    fn rows(&self) -> Vec<u8> {
        let passes: &[_] = if self.interlaced { &ADAM7 } else { &[(0, 0, 1, 1)] };
        let mut rows = Vec::new();
        for (left, top, across, down) in passes {
            for y in (*top..self.height).step_by(*down as usize) {
                // No filter.
                rows.push(0);
                let (mut held, mut bits) = (0u32, 0);
                for x in (*left..self.width).step_by(*across as usize) {
                    for channel in 0..self.channels() {
                        held = held << self.depth | self.sample(x, y, channel);
                        bits += u32::from(self.depth);
                        while bits >= 8 {
                            bits -= 8;
                            rows.push((held >> bits) as u8);
                        }
                        held &= (1 << bits) - 1;
                    }
                }
                if bits > 0 {
                    rows.push((held << (8 - bits)) as u8);
                }
            }
        }
        rows
    }

    fn channels(&self) -> u32 {
        match self.color {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        }
    }

    /// A slope, another one in each channel.
    fn sample(&self, x: u32, y: u32, channel: u32) -> u32 {
        let most = (1u32 << self.depth) - 1;
        let slope = match channel {
            0 => x * 3 + y,
            1 => x + y * 2,
            2 => 900 - x - y,
            _ => 500 + x,
        };
        (slope % 1000) * most / 1000
    }
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(data);
    let checked: Vec<u8> = kind.iter().chain(data).copied().collect();
    out.extend(crate::metadata::crc32(&checked).to_be_bytes());
}

/// zlib (RFC 1950) without compressing.
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(65_535).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (low, high) = data.iter().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65_521;
        (low, (high + low) % 65_521)
    });
    out.extend((high << 16 | low).to_be_bytes());
    out
}

/// Two frames of which the second is one pixel (APNG 1.0).
pub(crate) fn animated(still: &[u8], width: u32, height: u32, frames: u32) -> Vec<u8> {
    let control = |number: u32, width: u32, height: u32| {
        let mut data = Vec::new();
        for value in [number, width, height, 0, 0] {
            data.extend(value.to_be_bytes());
        }
        data.extend([0, 1, 0, 10, 0, 0]);
        data
    };
    let data_at = still.windows(4).position(|kind| kind == b"IDAT").unwrap() - 4;
    let end_at = still.len() - 12;
    let mut out = still[..data_at].to_vec();
    chunk(&mut out, b"acTL", &[frames.to_be_bytes(), [0; 4]].concat());
    chunk(&mut out, b"fcTL", &control(0, width, height));
    out.extend(&still[data_at..end_at]);
    if frames > 1 {
        chunk(&mut out, b"fcTL", &control(1, 1, 1));
        let pixel = stored(&[0, 1, 2, 3]);
        chunk(&mut out, b"fdAT", &[&2u32.to_be_bytes()[..], &pixel].concat());
    }
    out.extend(&still[end_at..]);
    out
}
