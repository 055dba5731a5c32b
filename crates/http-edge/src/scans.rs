//! Short links on QR codes: where they lead, and who follows them.

mod device;
pub(crate) mod follow_link;
mod links;
mod pulse;
mod recorder;
mod referrer;
pub(crate) mod show_scans;

pub(crate) use links::Links;
pub(crate) use pulse::{Heard, Pulse};
pub(crate) use recorder::Recorder;
