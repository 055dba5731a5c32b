//! One 8×8 block: as coefficients in the file, and as samples.

use super::dct::{self, Square};

/// Row and column, as one number, of the coefficients in the order of the file (T.81, figure A.6).
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Quantised coefficients in zigzag order; the first is the DC value itself, not its difference.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block(pub(super) [i32; 64]);

impl Block {
    /// Samples of 0 to 255, as a decoder would show them.
    pub(super) fn samples(&self, steps: &[u16; 64]) -> [u8; 64] {
        if self.0[1..].iter().all(|value| *value == 0) {
            let mean = self.0[0] as f32 * f32::from(steps[0]) / 8.0;
            return [(mean + 128.5) as u8; 64];
        }
        let mut frequencies: Square = [[0.0; 8]; 8];
        for ((value, step), at) in self.0.iter().zip(steps).zip(ZIGZAG) {
            let at = usize::from(at);
            frequencies[at / 8][at % 8] = *value as f32 * f32::from(*step);
        }
        let samples = dct::inverse(&frequencies);
        // Casting saturates at 0 and 255.
        std::array::from_fn(|at| (samples[at / 8][at % 8] + 128.5) as u8)
    }

    /// A bit for each coefficient that is not zero.
    pub(super) fn present(&self) -> u64 {
        let bits = self.0.iter().enumerate();
        bits.fold(0, |present, (at, value)| present | u64::from(*value != 0) << at)
    }

    /// The nearest coefficients to these samples.
    pub(super) fn of_samples(samples: &[u8; 64], steps: &[u16; 64]) -> Self {
        if samples.iter().all(|sample| *sample == samples[0]) {
            let mut block = [0; 64];
            block[0] = nearest(8.0 * (f32::from(samples[0]) - 128.0), steps[0]);
            return Self(block);
        }
        let centred: Square =
            std::array::from_fn(|y| std::array::from_fn(|x| f32::from(samples[8 * y + x]) - 128.0));
        let frequencies = dct::forward(&centred);
        Self(std::array::from_fn(|index| {
            let at = usize::from(ZIGZAG[index]);
            nearest(frequencies[at / 8][at % 8], steps[index])
        }))
    }
}

/// The nearest multiple, half away from zero; `f32::round` would be a call.
fn nearest(value: f32, step: u16) -> i32 {
    let value = value / f32::from(step);
    (value + 0.5f32.copysign(value)) as i32
}
