//! Out: does what the outbox says. An attempt is recorded before the call and its outcome after it; what has
//! the one and not the other after a crash is unknown, and is never sent again by itself.

mod make;
mod record;
mod take_over;

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use events::bus::Objects;
use futures::FutureExt as _;
use process::Shutdown;
use store::{
    Relay,
    calls::{Begun, Call},
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::{AbortHandle, JoinSet},
    time::{MissedTickBehavior, Sleep, interval, sleep_until},
};
use uuid::Uuid;

use crate::{
    outbox::{Limits, Now, Outbox, Step, Verdict, Waiting},
    telegram::Telegram,
};
use make::Maker;
use record::{Record, Row};
use take_over::{in_hand, take_over};

/// Rows that were queued without anybody telling this sender: by a bridge that lost the lead in between.
const SWEEP: Duration = Duration::from_secs(5);

/// How long calls that are under way may still take when the bridge stops.
const GRACE: Duration = Duration::from_secs(3);

/// Tries of recording that must have been made before a bridge that is stopping gives up.
const LAST_TRIES: u32 = 15;

/// Something that the outbox asked for has ended.
enum Done {
    Recorded(anyhow::Result<Begun>),
    Made(Uuid, Verdict),
    Committed(anyhow::Result<Option<Row>>),
    Published,
    Swept(anyhow::Result<Vec<Call>>),
}

/// The state of sending for as long as this bridge is the active one.
pub(crate) struct Sender {
    maker: Maker,
    record: Record,
    relay: Relay,
    bot_id: i64,
    outbox: Outbox,
    jobs: JoinSet<Done>,
    /// Calls among the jobs.
    calls: Vec<AbortHandle>,
    tell: UnboundedSender<Waiting>,
    started: Instant,
}

impl Sender {
    /// `files` is where operators' files are kept.
    pub(crate) fn new(telegram: Telegram, files: Objects, relay: Relay, bot_id: i64, limits: Limits) -> Self {
        let (tell, _) = mpsc::unbounded_channel();
        Self {
            maker: Maker::new(telegram, files, relay.store().clone()),
            record: Record::new(relay.clone(), bot_id),
            relay,
            bot_id,
            outbox: Outbox::new(limits),
            jobs: JoinSet::new(),
            calls: Vec::new(),
            tell,
            started: Instant::now(),
        }
    }

    /// Gives up what a predecessor left in the middle and sends until `active` ends. What has been sent by
    /// then is still recorded, however long the database is away, until `shutdown`.
    pub(crate) async fn run(
        mut self,
        mut arrivals: UnboundedReceiver<Vec<Call>>,
        active: &Shutdown,
        shutdown: &Shutdown,
    ) {
        let Some(left) = take_over(&self.relay, self.bot_id, active).await else { return };
        let mut queued = left.queued;
        queued.extend(in_hand(&self.relay, &mut arrivals, active).await);
        if let Some(until) = left.paused {
            self.outbox.paused(until, self.now());
        }
        self.outbox.queued(queued, self.now());
        let (tell, told) = mpsc::unbounded_channel();
        self.tell = tell;
        let record = self.record.clone();
        let sending = async {
            self.send(arrivals, active).await;
            self.land(shutdown).await;
        };
        // What is told to nobody in particular is not waited for at the end.
        tokio::select! {
            () = sending => {}
            () = record.tell(told) => {}
        }
    }

    async fn send(&mut self, mut arrivals: UnboundedReceiver<Vec<Call>>, active: &Shutdown) {
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        sweep.reset();
        loop {
            // Everything that has come, so that as much as possible goes into one transaction.
            while let Some(done) = self.jobs.try_join_next() {
                self.take(done);
            }
            while let Ok(queued) = arrivals.try_recv() {
                self.outbox.queued(queued, self.now());
            }
            let due = self.work();
            let timer = self.timer(due);
            tokio::select! {
                biased;
                () = active.cancelled() => return,
                Some(done) = self.jobs.join_next() => self.take(done),
                Some(queued) = arrivals.recv() => self.outbox.queued(queued, self.now()),
                () = timer, if due.is_some() => {}
                _ = sweep.tick() => {
                    let record = self.record.clone();
                    self.jobs.spawn(async move { Done::Swept(record.queued().await) });
                }
            }
        }
    }

    /// Waits for the calls that are under way: an outcome that comes now need not become unknown.
    async fn land(mut self, shutdown: &Shutdown) {
        self.outbox.stop();
        let deadline = (Instant::now() + GRACE).into();
        let mut late = false;
        loop {
            let due = self.work();
            if self.outbox.ended() {
                return;
            }
            if shutdown.is_cancelled() && self.outbox.commit_failures() >= LAST_TRIES {
                // The rows stay in `sending`, which the next start takes for unknown.
                tracing::error!("outcomes could not be recorded");
                return;
            }
            let timer = self.timer(due);
            tokio::select! {
                Some(done) = self.jobs.join_next() => self.take(done),
                () = timer, if due.is_some() => {}
                () = sleep_until(deadline), if !late => {
                    late = true;
                    let calls = self.outbox.cut_off();
                    if calls > 0 {
                        tracing::warn!(calls, "stopped with calls under way");
                    }
                    self.calls.drain(..).for_each(|call| call.abort());
                }
            }
        }
    }

    /// Does everything that is to be done now; says until when there is nothing more.
    fn work(&mut self) -> Option<Duration> {
        loop {
            match self.outbox.next(self.now()) {
                Step::Record { attempts, unsure } => {
                    let record = self.record.clone();
                    self.jobs.spawn(async move { Done::Recorded(record.begin(&attempts, &unsure).await) });
                }
                Step::Make(call, way) => {
                    let maker = self.maker.clone();
                    self.calls.retain(|call| !call.is_finished());
                    self.calls.push(self.jobs.spawn(async move {
                        let made = AssertUnwindSafe(maker.make(&call, way)).catch_unwind().await;
                        let verdict = made.unwrap_or_else(|_| Verdict::Unknown { reason: "a panic".into() });
                        Done::Made(call.id, verdict)
                    }));
                }
                Step::Commit(batch) => {
                    let record = self.record.clone();
                    self.jobs.spawn(async move { Done::Committed(record.conclude(&batch).await) });
                }
                // Nobody hears it any more when the bridge has stopped.
                Step::Tell(waiting) => drop(self.tell.send(waiting)),
                Step::Wait(until) => return Some(until),
                Step::Idle => return None,
            }
        }
    }

    fn take(&mut self, done: Result<Done, tokio::task::JoinError>) {
        let now = self.now();
        match done {
            Ok(Done::Recorded(Ok(begun))) => self.outbox.recorded(&begun, now),
            Ok(Done::Recorded(Err(error))) => {
                tracing::warn!(error = format!("{error:#}"), "attempts not recorded; nothing is sent");
                self.outbox.not_recorded(now);
            }
            Ok(Done::Made(id, verdict)) => self.outbox.answered(id, verdict, now),
            Ok(Done::Committed(Ok(row))) => {
                self.outbox.committed(now);
                match row {
                    Some(row) => {
                        let record = self.record.clone();
                        self.jobs.spawn(async move {
                            record.publish(row).await;
                            Done::Published
                        });
                    }
                    None => self.outbox.published(),
                }
            }
            Ok(Done::Committed(Err(error))) => {
                tracing::warn!(error = format!("{error:#}"), "outcomes not recorded; trying again");
                self.outbox.not_committed(now);
            }
            Ok(Done::Published) => self.outbox.published(),
            Ok(Done::Swept(Ok(queued))) => self.outbox.queued(queued, now),
            Ok(Done::Swept(Err(error))) => {
                tracing::warn!(error = format!("{error:#}"), "cannot look for forgotten replies");
            }
            // A call that was cut off at the end: its row stays in `sending`.
            Err(error) if error.is_cancelled() => {}
            Err(error) => tracing::error!(%error, "a part of sending panicked"),
        }
    }

    fn now(&self) -> Now {
        Now { at: self.started.elapsed(), time: events::now() }
    }

    fn timer(&self, due: Option<Duration>) -> Sleep {
        sleep_until((self.started + due.unwrap_or_default()).into())
    }
}
