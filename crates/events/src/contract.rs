//! What an event is, apart from any broker: its declaration, its metadata and its envelope.

pub mod asyncapi;
mod domain;
mod event;
pub mod identity;
mod log_event;
mod meta;
mod outgoing;
mod recorded;
mod service;

pub use event::{DecodeError, Event, EventInfo};
pub use log_event::LogEvent;
pub use meta::{Meta, MetaError};
pub use outgoing::{Outgoing, now};
pub use recorded::Recorded;
pub use service::Service;
