#![doc = include_str!("../README.md")]

mod address;
mod error;
mod lifeline;
mod nats;
mod postgres;
mod programs;

pub use address::free_address;
pub use error::ServerError;
pub use lifeline::Lifeline;
pub use nats::{NatsOptions, NatsServer};
pub use postgres::{Durability, PostgresOptions, PostgresServer};
pub use programs::{find_nats_server, find_postgres_bin};
