#![doc = include_str!("../README.md")]

mod log;
mod owner;
mod rebuild;
mod tail;
mod verify;

pub use rebuild::{Gap, Listed, Orphan, Progress, RebuildOptions, Rebuilt, Refused, Undecodable, rebuild};
pub use tail::{
    Select, Start, Tail, TailOptions,
    render::{cloud_event, line},
};
pub use verify::{
    Difference, EXCLUDED, MoneyFault, Report, Responsible, Unsettled, Verdict, VerifyOptions, verify,
    verify_with,
};
