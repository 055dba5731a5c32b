//! What the bus promises, on a real nats-server with the repository's own configuration.

#![expect(clippy::unwrap_used, reason = "a test that meets nothing has failed")]

mod audit;
mod crash;
mod forged;
mod given_up;
mod hold;
mod objects;
mod order;
mod permissions;
mod poison;
mod publish;
mod redrive;
mod retry;
mod shutdown;
mod work;
