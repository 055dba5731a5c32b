//! One file per command.

pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod credit;
pub(crate) mod dead;
pub(crate) mod env;
pub(crate) mod migrate;
pub(crate) mod smoke;
pub(crate) mod token;
pub(crate) mod user;
