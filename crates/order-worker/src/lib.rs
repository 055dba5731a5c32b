#![doc = include_str!("../README.md")]

mod clock;
mod count_scans;
pub mod decide;
mod load;
mod run;
pub mod state;
mod worker;

pub use clock::expire_due;
pub use count_scans::CountScans;
/// What the order worker is told at its start.
pub use process::WorkerConfig as Config;
pub use run::run;
pub use worker::Worker;
