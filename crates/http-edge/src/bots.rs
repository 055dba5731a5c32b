//! The desk's bots: how their lines are and how they behave by themselves. For administrators.

pub(crate) mod follow;
pub(crate) mod list;
pub(crate) mod pages;
mod rules;
pub(crate) mod set;

pub(crate) use follow::BotLines;
