//! Batched pull consumers: a handler is given a slice of decoded messages and says what became of each.
//!
//! A handler never acknowledges. What it does not reject is acknowledged after it returned; any error
//! means: try again, one message at a time, later.

mod batch;
mod redrive;
mod settle;
mod source;

use std::time::Duration;

use super::{Bus, retry::Backoff};
use crate::{Recorded, subjects::DurableConsumer};

/// One decoded message in a handler's hands.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub recorded: Recorded,
    /// How often the broker has delivered it, this time included; of a dead letter, the wish to try it again.
    pub attempt: u32,
    /// It is a dead letter that shall be tried again.
    pub redriven: bool,
}

impl Delivery {
    /// Whether it was in somebody's hands before, who may have handled it.
    #[must_use]
    pub const fn came_before(&self) -> bool {
        self.attempt > 1 || self.redriven
    }
}

/// What became of a message that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Handled; it will be acknowledged.
    Done,
    /// Can never be handled; it goes to the dead letters with this reason.
    Reject(String),
}

/// Why a batch was not handled.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// Something that every message needs is away (the database, the broker). The batch is held and
    /// tried again without counting against any message.
    #[error("{0}")]
    Unavailable(BoxedError),
    /// One of the messages cannot be handled now. Each is tried alone, so that it harms only itself.
    #[error("{0}")]
    Failed(BoxedError),
}

/// Any error, whatever the handler makes its own with.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Handles batches of one durable consumer.
pub trait Handler: Send + Sync {
    /// One verdict per message, in order. Must be repeatable: a crash after it returned repeats it.
    fn handle(&self, batch: &[Delivery]) -> impl Future<Output = Result<Vec<Verdict>, HandleError>> + Send;
}

/// How a consumer pulls and how it gives up.
#[derive(Debug, Clone, Copy)]
pub struct ConsumeOptions {
    /// Messages handed to the handler at once, at the most.
    pub batch: usize,
    pub backoff: Backoff,
    /// Deliveries after which a message that keeps failing is given up; three times as many for one whose
    /// handler never comes back, because it ends the process.
    pub attempts: u32,
    /// How long a batch may still run when shutdown begins.
    pub grace: Duration,
}

impl Default for ConsumeOptions {
    fn default() -> Self {
        Self {
            batch: 256,
            backoff: Backoff { first: Duration::from_secs(1), most: Duration::from_secs(120) },
            attempts: 8,
            grace: Duration::from_secs(3),
        }
    }
}

impl Bus {
    /// Consumes until shutdown. Survives the loss of the broker, of the consumer's stream and of the
    /// database; what is unfinished at shutdown is given back at once.
    pub async fn consume<H: Handler>(
        &self,
        consumer: DurableConsumer,
        options: ConsumeOptions,
        handler: &H,
        shutdown: tokio_util::sync::CancellationToken,
    ) {
        batch::Loop { bus: self, consumer, options, handler, shutdown }.run().await;
    }
}
