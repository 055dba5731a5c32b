//! JPEG (ITU-T T.81) without decoding pixels.
//!
//! The usual upload is a baseline JPEG that is already upright. Its blocks are Huffman-coded one after the other, so
//! the plate can be spliced in: everything above it is copied byte for byte, the blocks it covers are replaced, and
//! the blocks beside and below it are carried over. Outside the plate nothing loses quality, and the picture is
//! never held in memory. Whatever this way does not take goes the general way, over [`pixels`](super::pixels).

mod bits;
mod block;
mod dct;
mod emit;
mod header;
mod huffman;
mod layout;
mod preview;
mod profile;
mod region;
mod replace;
mod scan;
mod segments;
mod splice;
mod standard;
mod turn;
mod write;

pub(crate) use header::Header;
pub(crate) use region::read_region;
pub(crate) use segments::walk_to_end;
pub(crate) use splice::{Spliced, splice};
pub(crate) use turn::turn;

#[cfg(test)]
mod tests;
