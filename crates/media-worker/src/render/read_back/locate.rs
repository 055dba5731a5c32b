//! Finding a QR code among pixels by its three finder patterns (ISO/IEC 18004, 6.3.3).
//!
//! rqrr finds codes at any angle and in perspective, for which it tries a few hundred transforms per picture. Ours is
//! upright or a little turned, and flat, so its three corners say everything: where each module is follows from them
//! alone. rqrr then decodes what is sampled here. The tests let rqrr find the code by itself.

use super::Crop;

/// Rows from one that is searched to the next: the middle of a finder pattern is six pixels high at the least.
const ROW_STEP: usize = 2;

/// How far the upper side may fall or rise over its length.
const MOST_SLOPE: f32 = 0.2;

/// A finder pattern: its middle and its module, in pixels.
#[derive(Debug, Clone, Copy)]
struct Finder {
    x: f32,
    y: f32,
    unit: f32,
}

/// Dark is true.
struct Bitmap<'a> {
    crop: &'a Crop,
}

impl Bitmap<'_> {
    fn dark(&self, x: usize, y: usize) -> bool {
        self.crop.luma[y * self.crop.width + x] < 128
    }
}

/// The codes that the finder patterns allow, likeliest first: modules per side, and which are dark, row by row.
pub(super) fn grids(crop: &Crop) -> impl Iterator<Item = (usize, Vec<bool>)> {
    let bitmap = Bitmap { crop };
    corners(&finders(&bitmap))
        .into_iter()
        .flat_map(|corners| sizes(corners).map(move |size| (corners, size)))
        .map(move |(corners, size)| (size, sample(&bitmap, corners, size)))
}

fn finders(bitmap: &Bitmap<'_>) -> Vec<Finder> {
    let mut found: Vec<(Finder, f32)> = Vec::new();
    let rows = bitmap.crop.luma.chunks_exact(bitmap.crop.width);
    for (y, row) in rows.enumerate().step_by(ROW_STEP) {
        // Of the last five runs of one colour.
        let mut lengths = [0; 5];
        let (mut x, mut dark) = (0, false);
        while x < row.len() {
            let run = run(&row[x..], dark);
            x += run;
            lengths.rotate_left(1);
            lengths[4] = run as u32;
            if dark
                && let Some(across) = pattern(lengths)
                && let column = x as f32 - across / 2.0
                && let Some((middle, down)) = cross_check(bitmap, column as usize, y)
            {
                note(&mut found, Finder { x: column, y: middle, unit: (across + down) / 14.0 });
            }
            dark = !dark;
        }
    }
    found.into_iter().map(|(finder, _)| finder).collect()
}

/// Pixels to the next that is not `dark`, or not light.
#[inline(always)]
fn run(pixels: &[u8], dark: bool) -> usize {
    // Light is what has the highest bit; eight pixels at a time.
    const LIGHT: u64 = 0x8080_8080_8080_8080;
    let same = if dark { 0 } else { LIGHT };
    let (words, rest) = pixels.as_chunks();
    for (index, word) in words.iter().enumerate() {
        let other = u64::from_le_bytes(*word) & LIGHT ^ same;
        if other != 0 {
            return 8 * index + other.trailing_zeros() as usize / 8;
        }
    }
    let until = rest.iter().position(|luma| (*luma < 128) != dark);
    8 * words.len() + until.unwrap_or(rest.len())
}

/// Adds a sighting to the finder it belongs to, whose place is the mean of its sightings.
fn note(found: &mut Vec<(Finder, f32)>, seen: Finder) {
    let same = |known: &Finder| {
        (known.x - seen.x).abs() < 2.0 * known.unit && (known.y - seen.y).abs() < 2.0 * known.unit
    };
    let Some((known, count)) = found.iter_mut().find(|(known, _)| same(known)) else {
        found.push((seen, 1.0));
        return;
    };
    *count += 1.0;
    known.x += (seen.x - known.x) / *count;
    known.y += (seen.y - known.y) / *count;
    known.unit += (seen.unit - known.unit) / *count;
}

/// The sum of five runs if they are as 1:1:3:1:1, each within half a module.
fn pattern(runs: [u32; 5]) -> Option<f32> {
    let total: u32 = runs.iter().sum();
    let unit = total as f32 / 7.0;
    let near = |run: u32, modules: f32| run > 0 && (run as f32 - modules * unit).abs() <= unit * 0.5 + 0.5;
    let [a, b, c, d, e] = runs;
    let fits = near(a, 1.0) && near(b, 1.0) && near(c, 3.0) && near(d, 1.0) && near(e, 1.0);
    fits.then_some(total as f32)
}

/// The middle and the length of the finder pattern that a column has around a row.
fn cross_check(bitmap: &Bitmap<'_>, x: usize, y: usize) -> Option<(f32, f32)> {
    if !bitmap.dark(x, y) {
        return None;
    }
    let height = bitmap.crop.height;
    let (above, up) = arm(bitmap, x, (0..y).rev());
    let (below, down) = arm(bitmap, x, y + 1..height);
    let core = above[0] + 1 + below[0];
    let total = pattern([above[2], above[1], core, below[1], below[2]])?;
    let (top, bottom) = (y as f32 - up as f32, y as f32 + 1.0 + down as f32);
    Some(((top + bottom) / 2.0, total))
}

/// Lengths of dark, light, dark, and their sum, going along a column.
fn arm(bitmap: &Bitmap<'_>, x: usize, rows: impl Iterator<Item = usize>) -> ([u32; 3], u32) {
    let mut lengths = [0; 3];
    let mut run = 0;
    for y in rows {
        if bitmap.dark(x, y) != (run % 2 == 0) {
            run += 1;
        }
        if run > 2 {
            break;
        }
        lengths[run] += 1;
    }
    (lengths, lengths.iter().sum())
}

/// Upper left, upper right and lower left of a square that is turned by at most 11 degrees.
fn corners(finders: &[Finder]) -> Vec<[Finder; 3]> {
    let mut squares = Vec::new();
    for a in finders {
        let near = |x: f32, y: f32| (x - y).abs() < 2.0 * a.unit;
        let across = |b: &Finder| (b.x - a.x, b.y - a.y);
        for b in finders.iter().filter(|b| {
            let (right, down) = across(b);
            right > 0.0 && down.abs() < MOST_SLOPE * right + 2.0 * a.unit
        }) {
            // A quarter turn of the upper side is the left one.
            let (right, down) = across(b);
            let squares_of_b = finders
                .iter()
                .filter(|c| near(c.x - a.x, -down) && near(c.y - a.y, right))
                .map(|c| [*a, *b, *c]);
            squares.extend(squares_of_b);
        }
    }
    squares
}

/// Modules per side, from the distance of the finders, nearest first.
fn sizes([a, b, c]: [Finder; 3]) -> impl Iterator<Item = usize> {
    let unit = (a.unit + b.unit + c.unit) / 3.0;
    let guess = (b.x - a.x).hypot(b.y - a.y) / unit + 7.0;
    let mut sizes: Vec<usize> =
        (21..=177).step_by(4).filter(|size| (*size as f32 - guess).abs() < 4.0 + guess * 0.1).collect();
    sizes.sort_by(|x, y| {
        let off = |size: &usize| (*size as f32 - guess).abs();
        off(x).total_cmp(&off(y))
    });
    sizes.into_iter()
}

/// The pixel in the middle of each module; the middles of the finders are three and a half modules in.
fn sample(bitmap: &Bitmap<'_>, [a, b, c]: [Finder; 3], size: usize) -> Vec<bool> {
    let between = size as f32 - 7.0;
    let step = |to: Finder| ((to.x - a.x) / between, (to.y - a.y) / between);
    let (column, row) = (step(b), step(c));
    let clamp = |at: f32, length: usize| (at.max(0.0) as usize).min(length - 1);
    let mut modules = Vec::with_capacity(size * size);
    for down in 0..size {
        let down = down as f32 - 3.0;
        modules.extend((0..size).map(|right| {
            let right = right as f32 - 3.0;
            let x = a.x + right * column.0 + down * row.0;
            let y = a.y + right * column.1 + down * row.1;
            bitmap.dark(clamp(x, bitmap.crop.width), clamp(y, bitmap.crop.height))
        }));
    }
    modules
}
