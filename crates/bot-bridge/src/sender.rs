//! Out: sends what the schedule allows. An attempt is recorded before the call and its outcome after it;
//! what has the one and not the other after a crash is unknown, and is never sent again by itself.

mod attempts;
mod outcomes;
mod scope;
mod verdict;

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use process::Shutdown;
use store::{
    Relay,
    calls::{Call, Task},
};
use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    task::JoinSet,
    time::{MissedTickBehavior, interval, sleep_until},
};
use uuid::Uuid;

use crate::{
    schedule::{Limits, Next, Schedule},
    telegram::Telegram,
};
use attempts::Attempts;
use outcomes::Outcomes;
use scope::Refusals;
use verdict::{Verdict, judge};

/// Attempts recorded in one transaction, at the most.
const BATCH: usize = 256;

/// Rows that were queued without anybody telling this sender: by a bridge that lost the lead in between.
const SWEEP: Duration = Duration::from_secs(5);

/// How long calls that are under way may still take when the bridge stops.
const GRACE: Duration = Duration::from_secs(3);

/// A call that has ended.
pub(crate) struct Finished {
    pub(crate) call: Call,
    pub(crate) verdict: Verdict,
}

/// The state of sending for as long as this bridge is the active one.
pub(crate) struct Sender {
    telegram: Telegram,
    attempts: Attempts,
    schedule: Schedule<Call>,
    refusals: Refusals,
    /// Whatever is in the schedule or in flight.
    known: HashSet<Uuid>,
    calls: JoinSet<Finished>,
    started: Instant,
}

impl Sender {
    pub(crate) fn new(telegram: Telegram, relay: Relay, bot_id: i64, limits: Limits) -> Self {
        Self {
            telegram,
            attempts: Attempts::new(relay, bot_id),
            schedule: Schedule::new(limits),
            refusals: Refusals::default(),
            known: HashSet::new(),
            calls: JoinSet::new(),
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
        let Some(mut queued) = self.attempts.take_over(active).await else { return };
        queued.extend(self.attempts.in_hand(&mut arrivals, active).await);
        queued.sort_unstable_by_key(|call| (call.position, call.part));
        self.add(queued);
        let (finished, to_record) = mpsc::unbounded_channel();
        let (settled, from_record) = mpsc::unbounded_channel();
        let outcomes = Outcomes::new(self.attempts.relay().clone());
        tokio::join!(
            outcomes.record(to_record, settled, shutdown),
            self.send(arrivals, finished, from_record, active),
        );
    }

    async fn send(
        mut self,
        mut arrivals: UnboundedReceiver<Vec<Call>>,
        finished: UnboundedSender<Finished>,
        mut settled: UnboundedReceiver<Vec<Finished>>,
        active: &Shutdown,
    ) {
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        sweep.reset();
        loop {
            self.gather(&mut arrivals, &finished, &mut settled);
            let (batch, wait) = self.due();
            if !batch.is_empty() {
                self.begin(batch).await;
            }
            let due = sleep_until(self.at(wait));
            tokio::select! {
                biased;
                () = active.cancelled() => break,
                Some(call) = self.calls.join_next() => report(&finished, call),
                Some(settled) = settled.recv() => self.settle(settled),
                Some(queued) = arrivals.recv() => self.add(queued),
                () = due, if wait.is_some() => {}
                _ = sweep.tick() => {
                    let queued = self.attempts.queued().await;
                    self.add(queued);
                }
            }
        }
        self.land(&finished).await;
    }

    /// Takes everything that has come, so that as much as possible goes into one transaction.
    fn gather(
        &mut self,
        arrivals: &mut UnboundedReceiver<Vec<Call>>,
        finished: &UnboundedSender<Finished>,
        settled: &mut UnboundedReceiver<Vec<Finished>>,
    ) {
        while let Some(call) = self.calls.try_join_next() {
            report(finished, call);
        }
        while let Ok(settled) = settled.try_recv() {
            self.settle(settled);
        }
        while let Ok(queued) = arrivals.try_recv() {
            self.add(queued);
        }
    }

    /// What may be sent now, and when there may be more.
    fn due(&mut self) -> (Vec<Call>, Option<Duration>) {
        let now = self.started.elapsed();
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            match self.schedule.next(now) {
                Next::Send(_, call) => batch.push(call),
                Next::Wait(until) => return (batch, Some(until)),
                Next::Idle => return (batch, None),
            }
        }
        (batch, Some(now))
    }

    /// Records the attempts; what could be recorded is sent.
    async fn begin(&mut self, batch: Vec<Call>) {
        let begun = match self.attempts.begin(&batch).await {
            Ok(begun) => begun,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "attempts not recorded; nothing is sent");
                let now = self.started.elapsed();
                let until = now + self.attempts.delay();
                for call in batch {
                    self.schedule.put_back(call.user_id, call, until, now);
                }
                self.schedule.freeze_bot(until);
                return;
            }
        };
        for call in batch {
            if begun.contains(&call.id) {
                let telegram = self.telegram.clone();
                self.calls.spawn(async move {
                    let verdict = match &call.task {
                        Task::Send { text, reply_to, .. } => {
                            judge(telegram.send(call.user_id, text, *reply_to).await)
                        }
                        Task::Edit { .. } | Task::Delete {} => Verdict::Failed {
                            code: "rejected",
                            reason: "this bridge cannot do that".into(),
                            blocked: false,
                        },
                    };
                    Finished { verdict, call }
                });
            } else {
                // Another bridge has it, or it was made long ago.
                self.known.remove(&call.id);
                self.schedule.done(call.user_id, self.started.elapsed());
            }
        }
    }

    /// Lets the schedule know what became of calls, now that it is committed.
    fn settle(&mut self, settled: Vec<Finished>) {
        let now = self.started.elapsed();
        for Finished { call, verdict } in settled {
            match verdict {
                Verdict::Busy { retry_after } => {
                    let until = now + retry_after;
                    if let Some(until) = self.refusals.add(call.user_id, now, until) {
                        tracing::warn!(?retry_after, "several chats at once were refused; the bot waits");
                        self.schedule.freeze_bot(until);
                    }
                    self.schedule.put_back(call.user_id, call, until, now);
                }
                Verdict::NotSent { reason } => {
                    let delay = self.refusals.unreachable();
                    tracing::warn!(reason, ?delay, "Telegram cannot be reached; nothing was sent");
                    self.schedule.freeze_bot(now + delay);
                    self.schedule.put_back(call.user_id, call, now + delay, now);
                }
                Verdict::Sent { .. } | Verdict::Failed { .. } | Verdict::Unknown { .. } => {
                    self.refusals.reached();
                    self.known.remove(&call.id);
                    self.schedule.done(call.user_id, now);
                }
            }
        }
    }

    fn add(&mut self, queued: Vec<Call>) {
        let now = self.started.elapsed();
        for call in queued {
            if self.known.insert(call.id) {
                self.schedule.add(call.user_id, call, now);
            }
        }
    }

    /// Waits for the calls that are under way: an outcome that comes now need not become unknown.
    async fn land(&mut self, finished: &UnboundedSender<Finished>) {
        let deadline = tokio::time::sleep(GRACE);
        tokio::pin!(deadline);
        loop {
            tokio::select! {
                call = self.calls.join_next() => match call {
                    Some(call) => report(finished, call),
                    None => return,
                },
                () = &mut deadline => {
                    tracing::warn!(calls = self.calls.len(), "stopped with calls under way");
                    return;
                }
            }
        }
    }

    fn at(&self, wait: Option<Duration>) -> tokio::time::Instant {
        (self.started + wait.unwrap_or_default()).into()
    }
}

fn report(finished: &UnboundedSender<Finished>, call: Result<Finished, tokio::task::JoinError>) {
    match call {
        // The recorder ends only after this.
        Ok(call) => drop(finished.send(call)),
        // Its row stays in `sending` and becomes unknown at the next start.
        Err(error) => tracing::error!(%error, "a call panicked"),
    }
}
