#![doc = include_str!("../README.md")]

pub mod accounts;
pub mod bus;
pub mod chats;
pub mod contract;
pub mod desk;
pub mod images;
pub mod letters;
pub mod orders;
pub mod subjects;
pub mod users;

pub use bus::{Bus, BusConfig};
pub use contract::{
    Event, EventInfo, LogEvent, Meta, Outgoing, Recorded, Service,
    identity::{derived_id, fact_id, request_id},
    now,
};
