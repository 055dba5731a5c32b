//! The nouns of the HTTP contract as JSON: camelCase, times in RFC 3339, money in rubles.

mod bot;
mod chat;
mod message;
mod money;
mod order;
mod user;

pub(crate) use bot::{Bot, BotSettings, OpenHours, WorkingHours};
pub(crate) use chat::{Chat, LastMessage, Person};
pub(crate) use message::{Attachment, Delivery, Message, Quote};
pub(crate) use money::{Balance, Rubles};
pub(crate) use order::{Order, Rejection};
pub(crate) use user::{Account, SignedIn};
