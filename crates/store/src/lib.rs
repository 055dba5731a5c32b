#![doc = include_str!("../README.md")]

pub mod accounts;
mod apply;
pub mod calls;
pub mod chats;
pub mod desk;
mod fixed;
mod health;
pub mod identity;
pub mod images;
pub mod inbox;
pub mod letters;
mod migrate;
pub mod orders;
pub mod outbox;
mod pool;
mod prepared;
mod relay;
pub mod schema;
mod storable;
mod transactional;
pub mod users;

pub use apply::apply;
pub use health::is_transient;
pub use migrate::{MigrateError, migrate, migrate_into, pending_migrations};
pub use pool::{Conn, PooledConn, Store, StoreError};
pub use relay::Relay;
pub use transactional::{Decide, Handled, Transactional};
