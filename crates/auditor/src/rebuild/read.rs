use events::{Bus, Recorded};
use tokio::sync::mpsc;

use super::Undecodable;
use crate::log::Reader;

/// Batches that are read ahead of the database.
const AHEAD: usize = 4;

/// A piece of the log.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Everything up to here has been read.
    pub last: u64,
    /// Messages in it.
    pub messages: u64,
    pub events: Vec<Read>,
    pub undecodable: Vec<Undecodable>,
}

/// An event, and when the broker stored it.
#[derive(Debug)]
pub(crate) struct Read {
    pub recorded: Recorded,
    pub stored: jiff::Timestamp,
}

/// Reads and decodes `first..=end` in a task of its own. It ends with the log, or with the receiver.
pub(super) fn batches(bus: &Bus, first: u64, end: u64, size: usize) -> mpsc::Receiver<anyhow::Result<Batch>> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let bus = bus.clone();
    tokio::spawn(async move {
        if let Err(error) = read(&bus, first, end, size.max(1), &sender).await {
            // Nobody listens: then nobody wants to know.
            let _ = sender.send(Err(error)).await;
        }
    });
    receiver
}

async fn read(
    bus: &Bus,
    first: u64,
    end: u64,
    size: usize,
    sender: &mpsc::Sender<anyhow::Result<Batch>>,
) -> anyhow::Result<()> {
    let mut reader = Reader::open(bus, Vec::new(), first).await?;
    let mut batch = Batch::default();
    loop {
        let message = tokio::select! {
            biased;
            message = reader.next() => message,
            () = sender.closed() => return Ok(()),
        };
        // The log has no holes; should its last event be gone all the same, the next one ends it too.
        if message.sequence <= end {
            batch.messages += 1;
            match message.decode() {
                Ok(recorded) => batch.events.push(Read { recorded, stored: message.stored }),
                Err(error) => batch.undecodable.push(Undecodable {
                    sequence: message.sequence,
                    subject: message.subject.clone(),
                    reason: error.to_string(),
                }),
            }
        }
        let done = message.sequence >= end;
        if done || batch.messages >= size as u64 {
            batch.last = message.sequence.min(end);
            if sender.send(Ok(std::mem::take(&mut batch))).await.is_err() || done {
                return Ok(());
            }
        }
    }
}
