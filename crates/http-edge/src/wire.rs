//! The nouns of the HTTP contract as JSON: camelCase, times in RFC 3339, money in rubles.

mod attachment;
mod bot;
mod chat;
mod delivery;
mod fact;
mod message;
mod money;
mod note;
mod order;
mod user;

pub(crate) use attachment::Attachment;
pub(crate) use bot::{Bot, BotSettings, OpenHours, WorkingHours};
pub(crate) use chat::{Chat, LastMessage, Person};
pub(crate) use delivery::{Change, Delivery, Part};
pub(crate) use fact::{Fact, facts};
pub(crate) use message::{Message, Quote};
pub(crate) use money::{Balance, Rubles};
pub(crate) use note::Note;
pub(crate) use order::{Order, Rejection};
pub(crate) use user::{Account, SignedIn};
