//! The 8×8 cosine transform (T.81, A.3.3), plainly: it runs for the plate's blocks only.
//!
//! Sums are in a fixed order and never fused, so the same bytes come out on every machine.

/// `BASIS[u][x]` = ½ · c(u) · cos((2x + 1) · u · π / 16)
const BASIS: [[f32; 8]; 8] = {
    const A: f32 = 0.353_553_4;
    const C: [f32; 7] =
        [0.490_392_64, 0.461_939_77, 0.415_734_8, A, 0.277_785_12, 0.191_341_72, 0.097_545_16];
    [
        [A, A, A, A, A, A, A, A],
        [C[0], C[2], C[4], C[6], -C[6], -C[4], -C[2], -C[0]],
        [C[1], C[5], -C[5], -C[1], -C[1], -C[5], C[5], C[1]],
        [C[2], -C[6], -C[0], -C[4], C[4], C[0], C[6], -C[2]],
        [A, -A, -A, A, A, -A, -A, A],
        [C[4], -C[0], C[6], C[2], -C[2], -C[6], C[0], -C[4]],
        [C[5], -C[1], C[1], -C[5], -C[5], C[1], -C[1], C[5]],
        [C[6], -C[4], C[2], -C[0], C[0], -C[2], C[4], -C[6]],
    ]
};

/// Rows of eight, from the top or from the lowest frequency.
pub(super) type Square = [[f32; 8]; 8];

/// Samples (less 128) to frequencies.
pub(super) fn forward(samples: &Square) -> Square {
    // Frequencies = BASIS · samples · BASISᵀ; each product turns the square over, so twice is the right way up.
    let half = multiply_turned(&BASIS, samples);
    multiply_turned(&BASIS, &half)
}

/// Frequencies to samples (less 128).
pub(super) fn inverse(frequencies: &Square) -> Square {
    let half = multiply_turned(&TURNED, frequencies);
    multiply_turned(&TURNED, &half)
}

const TURNED: Square = {
    let mut turned = [[0.0; 8]; 8];
    let mut u = 0;
    while u < 8 {
        let mut x = 0;
        while x < 8 {
            turned[x][u] = BASIS[u][x];
            x += 1;
        }
        u += 1;
    }
    turned
};

/// (a · b)ᵀ
fn multiply_turned(a: &Square, b: &Square) -> Square {
    let mut product = [[0.0; 8]; 8];
    for (row, factors) in a.iter().enumerate() {
        let mut sums = [0.0f32; 8];
        for (factor, values) in factors.iter().zip(b) {
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += factor * value;
            }
        }
        for (column, sum) in sums.into_iter().enumerate() {
            product[column][row] = sum;
        }
    }
    product
}
