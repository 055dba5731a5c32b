use std::{panic::AssertUnwindSafe, time::Duration};

use async_nats::jetstream::Message;
use futures::FutureExt as _;
use tokio::time::{Instant, interval_at};
use tokio_util::sync::CancellationToken;

use super::{
    ConsumeOptions, Delivery, HandleError, Handler, Verdict,
    redrive::{self, Again},
    settle::{self, Held},
    source::Source,
};
use crate::{
    bus::{Bus, dead_letter::Burial, retry::Backoff},
    subjects::DurableConsumer,
};

/// One durable consumer at work.
pub(super) struct Loop<'a, H> {
    pub bus: &'a Bus,
    pub consumer: DurableConsumer,
    pub options: ConsumeOptions,
    pub handler: &'a H,
    pub shutdown: CancellationToken,
}

/// How an attempt at a batch ended.
enum Outcome {
    Verdicts(Vec<Verdict>),
    Failed(String),
    /// Shutdown came first.
    Interrupted,
}

/// While the database or the broker is away.
const HOLD: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(5) };

/// From this delivery on a message is handled alone: it may be what ended the process, or the time, before.
const ALONE: u32 = 3;
/// How many times the deliveries after which a message that fails is given up: of those that follow nobody has come back
/// to tell how they ended. A restart at the wrong time, or a neighbour that ends the process, makes a few.
const UNTOLD: u32 = 3;

/// At the end of shutdown.
const FLUSH: Duration = Duration::from_secs(2);

impl<H: Handler> Loop<'_, H> {
    pub(super) async fn run(self) {
        let mut source = Source::new(self.bus, self.consumer, self.options.batch);
        while let Some(messages) = source.next(&self.shutdown).await {
            // Boxed: what is composed of consumers stays within what the compiler can lay out.
            Box::pin(self.handle(messages)).await;
        }
        for message in source.drain().await {
            settle::give_back(&message, None).await;
        }
        // What was given back must have left before the connection may close; a broker that is away takes
        // nothing.
        match tokio::time::timeout(FLUSH, self.bus.client.flush()).await {
            Ok(Ok(())) => {}
            _ => tracing::debug!("not flushed; what is unfinished comes again by itself"),
        }
    }

    async fn handle(&self, messages: Vec<Message>) {
        let held = self.decode(messages).await;
        if held.is_empty() {
            return;
        }
        let started = Instant::now();
        self.in_log_order(&held).await;
        metrics::histogram!("vestnik_batch_size", "consumer" => self.consumer.name).record(held.len() as f64);
        metrics::histogram!("vestnik_batch_seconds", "consumer" => self.consumer.name)
            .record(started.elapsed().as_secs_f64());
    }

    /// Those that have come often one by one, what stands between them together; when that fails, all of them one by one.
    async fn in_log_order(&self, held: &[Held]) {
        let is_new = |one: &&Held| one.delivery.attempt < ALONE;
        let (mut waiting, mut split) = (held, false);
        let mut told = Instant::now();
        while !waiting.is_empty() {
            if waiting.len() < held.len() && self.shutdown.is_cancelled() {
                return give_back(waiting).await;
            }
            // The others wait for their turn: the broker must not take them for lost.
            if told.elapsed() >= self.progress_period() {
                self.tell_progress(waiting).await;
                told = Instant::now();
            }
            let count = if split { 1 } else { waiting.iter().take_while(is_new).count().max(1) };
            let (now, later) = waiting.split_at(count);
            match self.attempt(count, waiting).await {
                Outcome::Verdicts(verdicts) => self.settle(now, verdicts).await,
                Outcome::Failed(reason) if count == 1 => self.fail(&now[0], &reason).await,
                Outcome::Failed(reason) => {
                    tracing::warn!(
                        consumer = self.consumer.name,
                        reason,
                        "batch failed; trying one at a time"
                    );
                    split = true;
                    continue;
                }
                Outcome::Interrupted => return give_back(waiting).await,
            }
            waiting = later;
        }
    }

    async fn decode(&self, messages: Vec<Message>) -> Vec<Held> {
        let mut held = Vec::with_capacity(messages.len());
        for message in messages {
            match settle::decode(&message) {
                Ok(delivery) => held.extend(self.take(message, delivery).await),
                Err(bad) => {
                    let burial = Burial::of(&message, bad.sequence);
                    self.bury(&message, &burial, bad.attempts, &bad.error.to_string()).await;
                }
            }
        }
        held.sort_by_key(|one| one.sequence);
        self.without_what_never_comes_back(&mut held).await;
        held
    }

    /// What ends the process is the first of those that come again: what stood before it was settled. Those behind it
    /// have come as often, and get their turn.
    async fn without_what_never_comes_back(&self, held: &mut Vec<Held>) {
        let Some(first) = held.iter().position(|one| one.delivery.attempt >= ALONE) else { return };
        if held[first].delivery.attempt > UNTOLD * self.options.attempts {
            let one = held.remove(first);
            self.give_up(&one, "it never came back: its handler may end the process").await;
        }
    }

    /// The message itself, or the dead letter that it wants to be tried again. `None` when it is settled.
    async fn take(&self, message: Message, delivery: Delivery) -> Option<Held> {
        let sequence = delivery.recorded.position.unwrap_or_default();
        let Some(wish) = redrive::wish(&delivery) else {
            return Some(Held { message, sequence, delivery, letter: None });
        };
        let attempts = i64::from(delivery.attempt);
        match redrive::fetch(self.bus, self.consumer, wish, delivery.attempt).await {
            Again::Delivery(delivery, letter) => {
                return Some(Held { message, sequence, delivery: *delivery, letter: Some(letter) });
            }
            Again::Unreadable(letter, reason) => {
                self.bury(&message, &Burial::again(&letter, sequence), attempts, &reason).await;
            }
            Again::Missing(reason) => {
                self.bury(&message, &Burial::of(&message, sequence), attempts, reason).await;
            }
            Again::Away(error) => {
                tracing::warn!(consumer = self.consumer.name, sequence, %error, "a dead letter is out of reach");
                settle::give_back(&message, Some(self.options.backoff.delay(delivery.attempt))).await;
            }
        }
        None
    }

    /// Runs the handler on the first `count`, telling the broker meanwhile that all are in good hands, and
    /// again for as long as something that every message needs is away.
    async fn attempt(&self, count: usize, held: &[Held]) -> Outcome {
        let batch: Vec<Delivery> = held[..count].iter().map(|one| one.delivery.clone()).collect();
        let mut unavailable = 0;
        loop {
            let handling = AssertUnwindSafe(self.handler.handle(&batch)).catch_unwind();
            let Some(result) = self.meanwhile(held, handling, self.deadline()).await else {
                return Outcome::Interrupted;
            };
            let error = match result {
                Ok(Ok(verdicts)) if verdicts.len() == count => return Outcome::Verdicts(verdicts),
                Ok(Ok(_)) => return Outcome::Failed("the handler did not answer for every message".into()),
                Ok(Err(HandleError::Failed(error))) => return Outcome::Failed(with_sources(error.as_ref())),
                Ok(Err(HandleError::Unavailable(error))) => error,
                Err(panic) => return Outcome::Failed(format!("panic: {}", panic_text(panic.as_ref()))),
            };
            unavailable += 1;
            let reason = with_sources(error.as_ref());
            tracing::warn!(consumer = self.consumer.name, reason, "cannot work now; holding the batch");
            let wait = tokio::time::sleep(HOLD.delay(unavailable));
            if self.meanwhile(held, wait, self.shutdown.cancelled()).await.is_none() {
                return Outcome::Interrupted;
            }
        }
    }

    /// Waits for `work` and tells progress; `None` when `end` came first.
    async fn meanwhile<T>(
        &self,
        held: &[Held],
        work: impl Future<Output = T>,
        end: impl Future<Output = ()>,
    ) -> Option<T> {
        let period = self.progress_period();
        let mut progress = interval_at(Instant::now() + period, period);
        tokio::pin!(work, end);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = &mut end => return None,
                _ = progress.tick() => self.tell_progress(held).await,
            }
        }
    }

    /// Twice this may pass between two of them.
    fn progress_period(&self) -> Duration {
        self.consumer.ack_wait / 3
    }

    /// While the broker is away this would only fill the client's buffer, and then wait for it.
    async fn tell_progress(&self, held: &[Held]) {
        if !self.bus.is_connected() {
            return;
        }
        for one in held {
            settle::progress(&one.message).await;
        }
    }

    /// Resolves when shutdown has begun and its grace is over.
    async fn deadline(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(self.options.grace).await;
    }

    async fn settle(&self, held: &[Held], verdicts: Vec<Verdict>) {
        for (one, verdict) in held.iter().zip(verdicts) {
            match verdict {
                Verdict::Done if one.delivery.attempt < ALONE => settle::acknowledge(&one.message).await,
                // The next one may end the process.
                Verdict::Done => settle::acknowledge_now(&one.message).await,
                Verdict::Reject(reason) => self.give_up(one, &reason).await,
            }
        }
        metrics::counter!("vestnik_consumed_total", "consumer" => self.consumer.name)
            .increment(held.len() as u64);
    }

    async fn fail(&self, one: &Held, reason: &str) {
        let attempt = one.delivery.attempt;
        if attempt >= self.options.attempts {
            return self.give_up(one, reason).await;
        }
        let delay = self.options.backoff.delay(attempt);
        metrics::counter!("vestnik_retried_total", "consumer" => self.consumer.name).increment(1);
        tracing::warn!(
            consumer = self.consumer.name, subject = %one.message.subject, sequence = one.sequence,
            attempt, ?delay, reason, "message failed; it will be tried again"
        );
        settle::give_back(&one.message, Some(delay)).await;
    }

    async fn give_up(&self, one: &Held, reason: &str) {
        self.bury(&one.message, &one.burial(), i64::from(one.delivery.attempt), reason).await;
    }

    async fn bury(&self, message: &Message, burial: &Burial, attempts: i64, reason: &str) {
        settle::give_up(self.bus, self.consumer, message, burial, attempts, reason).await;
    }
}

async fn give_back(held: &[Held]) {
    for one in held {
        settle::give_back(&one.message, None).await;
    }
}

/// The error and its causes in one line.
fn with_sources(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}
