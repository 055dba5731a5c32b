//! The renderer from outside: bytes in, bytes out.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad;
mod bounds;
mod colour;
mod headers;
mod jpegs;
mod links;
mod metadata;
mod orientation;
mod pictures;
mod placement;
mod profile;
mod reading;
mod repeat;
