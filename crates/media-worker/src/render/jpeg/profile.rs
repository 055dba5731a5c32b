//! The colour profile, cut into segments (ICC.1:2022, B.4).

use super::super::pixels::MOST_ICC;
use super::segments::APP2;
use super::write;

const SIGNATURE: &[u8] = b"ICC_PROFILE\0";
/// Bytes of profile per segment: 65,535 less length, signature and numbering.
const CHUNK: usize = 65_519;

/// Parts as they come; put together at the end.
#[derive(Debug, Default)]
pub(super) struct Parts<'a>(Vec<(u8, u8, &'a [u8])>);

impl<'a> Parts<'a> {
    /// Takes an APP2 segment if it is a part of a profile.
    pub(super) fn take(&mut self, data: &'a [u8]) {
        if let Some([number, total, part @ ..]) = data.strip_prefix(SIGNATURE) {
            self.0.push((*number, *total, part));
        }
    }

    /// The profile; `None` when there is none, a part is missing, or it is too large to be carried.
    pub(super) fn join(mut self) -> Option<Vec<u8>> {
        if self.0.iter().map(|(.., part)| part.len()).sum::<usize>() > MOST_ICC {
            return None;
        }
        self.0.sort_by_key(|(number, ..)| *number);
        let whole = self.0.iter().enumerate().all(|(index, (number, total, _))| {
            usize::from(*number) == index + 1 && usize::from(*total) == self.0.len()
        });
        (whole && !self.0.is_empty())
            .then(|| self.0.iter().flat_map(|(.., part)| part.iter().copied()).collect())
    }
}

/// Writes a profile as segments.
pub(super) fn write(out: &mut Vec<u8>, profile: &[u8]) {
    let total = profile.len().div_ceil(CHUNK);
    for (number, part) in (1..).zip(profile.chunks(CHUNK)) {
        let numbering = [number, total as u8];
        write::segment(out, APP2, &[SIGNATURE, &numbering, part]);
    }
}
