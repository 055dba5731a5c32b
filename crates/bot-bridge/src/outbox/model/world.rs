mod end;
mod right;
mod wish;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
    sync::Arc,
    time::Duration,
};

use events::{Meta, Outgoing, Service, chats::DeleteRequested};
use jiff::Timestamp;
use store::calls::{Begun, Call, Outcome};
use uuid::Uuid;

use super::{
    super::{Finished, Limits, Now, Outbox, Step, Verdict, Way, sorted},
    chance::Chance,
    database::{Database, State},
    telegram::Telegram,
};

const LIMITS: Limits = Limits { chat_rate: 1.0, chat_burst: 3, bot_rate: 30.0 };
/// A world that goes on for longer goes on for ever.
const STEPS: u32 = 200_000;

/// Something that is going to happen.
#[derive(Debug)]
enum Coming {
    /// Somebody wants something.
    Wish,
    /// The bridge hears of what its intake has entered.
    Heard(Vec<Call>),
    Record {
        attempts: Vec<(Uuid, u32)>,
        unsure: Vec<(Uuid, u32)>,
    },
    Arrive(Box<Call>, Way),
    Answer(Uuid, Verdict),
    Commit(Arc<Vec<Finished>>),
    Published,
    Sweep,
    Swept(Vec<Call>),
    /// An operator looks at a message that failed, or nobody knows of.
    Again(Uuid),
    Unblock(i64),
    /// An operator bans somebody, or hears them again.
    Ban(i64, bool),
    Look,
}

/// What has happened in worlds, to know that they were worth it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    shown: usize,
    crashes: usize,
    stops: usize,
    again: usize,
    refusals: usize,
    unknown: usize,
    failed: usize,
    /// Bridges that began in a pause.
    paused: usize,
}

pub(super) struct World {
    chance: Chance,
    /// In a hundred.
    faults: u64,
    crashes: u64,
    /// Milliseconds.
    now: u64,
    /// When this bridge began.
    born: u64,
    life: u32,
    coming: BinaryHeap<Reverse<(u64, u64)>>,
    /// By number; with the life that it belongs to, if it ends with it.
    what: BTreeMap<u64, (Option<u32>, Coming)>,
    numbers: u64,
    /// The time and the number of the outbox's own `Look`.
    alarm: (u64, u64),
    outbox: Outbox,
    /// The pause that this bridge found when it began.
    inherited: Option<Timestamp>,
    /// Calls that have left, and their chats.
    flying: BTreeMap<Uuid, i64>,
    database: Database,
    telegram: Telegram,
    log: i64,
    wishes: VecDeque<u64>,
    sent_to: Vec<(i64, Uuid)>,
    cause: Meta,
    seen: Seen,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let faults = [0, 5, 20, 40][usize::try_from(chance.below(4)).unwrap()];
        let crashes = [0, 0, 1, 4][usize::try_from(chance.below(4)).unwrap()];
        let cause = DeleteRequested { user_id: 1, message_id: Uuid::nil(), operator_id: Uuid::nil() };
        let mut world = Self {
            faults,
            crashes,
            now: 0,
            born: 0,
            life: 0,
            coming: BinaryHeap::new(),
            what: BTreeMap::new(),
            numbers: 0,
            alarm: (0, 0),
            outbox: Outbox::new(LIMITS),
            inherited: None,
            flying: BTreeMap::new(),
            database: Database::default(),
            telegram: Telegram::default(),
            log: 0,
            wishes: VecDeque::new(),
            sent_to: Vec::new(),
            cause: Outgoing::request_with_id(Uuid::nil(), Service::HttpEdge, "operator", cause).meta,
            seen: Seen::default(),
            chance,
        };
        for _ in 0..5 + world.chance.below(25) {
            let at = world.chance.below(20_000);
            world.wishes.push_back(at);
            world.at(at, None, Coming::Wish);
        }
        if world.faults > 0 && world.chance.percent(25) {
            let at = world.chance.below(15_000);
            world.at(at, None, Coming::Ban(1, true));
            world.at(at + 8_000, None, Coming::Ban(1, false));
        }
        world.at(5_000, None, Coming::Sweep);
        world
    }

    /// Until everything has ended; then everything must be right.
    pub(super) fn play(mut self) -> Seen {
        for _ in 0..STEPS {
            self.bridge_does_what_it_should();
            if self.wishes.is_empty() && self.database.is_done() && self.flying.is_empty() {
                self.everything_is_right();
                return self.seen;
            }
            if self.now < 600_000 && self.chance.percent(self.crashes) {
                self.crash();
                continue;
            }
            let Some(Reverse((at, number))) = self.coming.pop() else {
                panic!("nothing is going to happen, and not everything has ended");
            };
            let Some((life, coming)) = self.what.remove(&number) else { continue };
            self.now = self.now.max(at);
            if life.is_none_or(|life| life == self.life) {
                self.happen(coming);
            }
        }
        panic!("it does not end");
    }

    fn happen(&mut self, coming: Coming) {
        let now = self.clock();
        match coming {
            Coming::Wish => {
                self.wishes.pop_front();
                self.wish();
            }
            Coming::Heard(calls) | Coming::Swept(calls) => self.outbox.queued(calls, now),
            Coming::Record { attempts, unsure } => {
                let (done, told) = self.commit_luck();
                let begun = if done { self.database.begin(&attempts, &unsure) } else { Begun::default() };
                if told {
                    self.outbox.recorded(&begun, now);
                } else {
                    self.outbox.not_recorded(now);
                }
            }
            Coming::Arrive(call, way) => {
                let faults = self.faults();
                let verdict = self.telegram.call(&call, way, self.now, faults, &mut self.chance);
                let after = 1 + self.chance.below(300);
                self.after(after, Coming::Answer(call.id, verdict));
            }
            Coming::Answer(id, verdict) => {
                self.flying.remove(&id);
                self.outbox.answered(id, verdict, now);
            }
            Coming::Commit(batch) => {
                let (done, told) = self.commit_luck();
                if done {
                    self.database.conclude(&batch);
                    self.operators_look(&batch);
                }
                drop(batch);
                if told {
                    self.outbox.committed(now);
                    let after = self.chance.below(20);
                    self.after(after, Coming::Published);
                } else {
                    self.outbox.not_committed(now);
                }
            }
            Coming::Published => self.outbox.published(),
            Coming::Sweep => {
                let queued = self.database.queued();
                let late = self.chance.below(200);
                self.after(late, Coming::Swept(queued));
                self.at(self.now + 5_000, None, Coming::Sweep);
            }
            Coming::Again(message) => {
                self.log += 1;
                let calls = self.database.again(message, self.log);
                self.seen.again += calls.len();
                self.hear(calls);
            }
            Coming::Unblock(chat) => {
                self.telegram.blocked.remove(&chat);
            }
            Coming::Ban(chat, true) => {
                self.database.banned.insert(chat);
            }
            Coming::Ban(chat, false) => {
                self.database.banned.remove(&chat);
            }
            Coming::Look => {}
        }
    }

    /// Does what the outbox says, as `sender` does, until there is nothing to do.
    fn bridge_does_what_it_should(&mut self) {
        loop {
            let now = self.clock();
            match self.outbox.next(now) {
                Step::Record { attempts, unsure } => {
                    assert!(!attempts.is_empty() || !unsure.is_empty());
                    let after = self.chance.below(30);
                    self.after(after, Coming::Record { attempts, unsure });
                }
                Step::Make(call, way) => {
                    let row = &self.database.rows[&call.id];
                    assert_eq!(row.state, State::Sending, "made without a record");
                    assert_eq!(row.call.attempt, call.attempt);
                    assert!(self.inherited.is_none_or(|until| now.time >= until), "made in a pause");
                    assert!(self.flying.values().all(|chat| *chat != call.user_id), "two in flight");
                    self.flying.insert(call.id, call.user_id);
                    let after = self.chance.below(100);
                    self.after(after, Coming::Arrive(call, way));
                }
                Step::Commit(batch) => {
                    let after = self.chance.below(30);
                    self.after(after, Coming::Commit(batch));
                }
                Step::Tell(_) => {}
                Step::Wait(until) => {
                    assert!(until > now.at, "told to wait for the past");
                    // To the next millisecond: this clock knows nothing smaller.
                    let ms = u64::try_from(until.as_nanos().div_ceil(1_000_000)).unwrap();
                    let at = self.born + ms;
                    // One alarm is enough.
                    if self.alarm.0 != at || !self.what.contains_key(&self.alarm.1) {
                        self.what.remove(&self.alarm.1);
                        self.at(at, Some(self.life), Coming::Look);
                        self.alarm = (at, self.numbers);
                    }
                    return;
                }
                Step::Idle => return,
            }
        }
    }

    /// What has been committed is heard of in order, or by nobody when the bridge dies.
    fn hear(&mut self, calls: Vec<Call>) {
        if !calls.is_empty() {
            self.after(0, Coming::Heard(calls));
        }
    }

    fn operators_look(&mut self, batch: &[Finished]) {
        let (_, ended) = sorted(batch);
        for one in ended.iter().filter(|one| one.outcome != Outcome::Sent) {
            match one.outcome {
                Outcome::Failed => self.seen.failed += 1,
                _ => self.seen.unknown += 1,
            }
            if self.now < 300_000 && self.chance.percent(30) {
                let message = self.database.rows[&one.id].call.message_id;
                let at = self.now + self.chance.below(3_000);
                self.at(at, None, Coming::Again(message));
            }
        }
    }

    /// Whether the transaction is done, and whether anybody is told so.
    fn commit_luck(&mut self) -> (bool, bool) {
        let faults = self.faults();
        if !self.chance.percent(faults) {
            return (true, true);
        }
        (self.chance.percent(50), false)
    }

    /// In the end everything works.
    fn faults(&self) -> u64 {
        if self.now < 300_000 { self.faults } else { 0 }
    }

    fn clock(&self) -> Now {
        let since = |from: u64| Duration::from_millis(self.now - from);
        Now { at: since(self.born), time: Timestamp::UNIX_EPOCH.checked_add(since(0)).unwrap() }
    }

    fn after(&mut self, milliseconds: u64, coming: Coming) {
        self.at(self.now + milliseconds, Some(self.life), coming);
    }

    fn at(&mut self, at: u64, life: Option<u32>, coming: Coming) {
        self.put(at, life, coming);
    }

    fn put(&mut self, at: u64, life: Option<u32>, coming: Coming) {
        self.numbers += 1;
        self.coming.push(Reverse((at, self.numbers)));
        self.what.insert(self.numbers, (life, coming));
    }
}
