//! What may be sent now. Pure: knows no Telegram, no database and no clock; times are passed in, as the
//! duration since some beginning.
//!
//! The limits are those of the Bot API FAQ ("My bot is hitting limits"): about one message per second in
//! a chat with short bursts, about 30 per second in all.

mod pace;
#[cfg(test)]
mod tests;

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, VecDeque},
    time::Duration,
};

use pace::Pace;

/// How fast a bot may send.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Limits {
    /// Messages per second in one chat, in the long run.
    pub(crate) chat_rate: f64,
    /// Messages that may follow each other at once in a chat that has been quiet.
    pub(crate) chat_burst: u32,
    /// Messages in any second, all chats together.
    pub(crate) bot_rate: f64,
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next<M> {
    /// Send this, whose chat is then in flight until [`Schedule::done`] or [`Schedule::put_back`].
    Send(M),
    /// Nothing before this time, unless something is added or done.
    Wait(Duration),
    /// Nothing, until something is added or done.
    Idle,
}

/// Where a message stands in its chat: the log sequence of the wish, and the part of it.
pub(super) type Order = (i64, u32);

/// Something that has a place in a chat.
pub(super) trait Placed {
    /// Telegram's id of the user.
    fn chat(&self) -> i64;
    fn order(&self) -> Order;
}

/// Messages that wait, chat by chat. Order within a chat is kept, one message of a chat is in flight at a
/// time, and chats that may send take turns.
#[derive(Debug)]
pub(super) struct Schedule<M> {
    limits: Limits,
    bot: Pace,
    chats: HashMap<i64, Chat<M>>,
    /// Chats that may send now, each once, in the order of their turns.
    ready: VecDeque<i64>,
    /// When to look at a chat again. May hold entries that no longer count: see [`Place::Later`].
    later: BinaryHeap<Reverse<(Duration, i64)>>,
}

#[derive(Debug)]
struct Chat<M> {
    waiting: VecDeque<M>,
    pace: Pace,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ready,
    /// In `later` under exactly this time, to be looked at again.
    Later(Duration),
    InFlight,
}

impl<M: Placed> Schedule<M> {
    #[must_use]
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            bot: Pace::of_bot(limits.bot_rate),
            chats: HashMap::new(),
            ready: VecDeque::new(),
            later: BinaryHeap::new(),
        }
    }

    /// Puts a message where it belongs among those of its chat: usually behind them, but a wish that another
    /// bridge entered may be heard of later than newer ones.
    pub(super) fn add(&mut self, message: M, now: Duration) {
        let (chat_id, order) = (message.chat(), message.order());
        let limits = self.limits;
        let chat = self.chats.entry(chat_id).or_insert_with(|| Chat {
            waiting: VecDeque::new(),
            pace: Pace::new(limits.chat_rate, limits.chat_burst),
            place: Place::Later(Duration::ZERO),
        });
        let place = chat.waiting.partition_point(|other| other.order() <= order);
        chat.waiting.insert(place, message);
        if chat.waiting.len() == 1 && matches!(chat.place, Place::Later(_)) {
            self.place(chat_id, now);
        }
    }

    /// What to do at this moment. Call it until it says something else than `Send`.
    pub(super) fn next(&mut self, now: Duration) -> Next<M> {
        self.wake(now);
        while let Some(chat_id) = self.ready.front().copied() {
            let free = self.bot.free_at();
            if free > now {
                return Next::Wait(free);
            }
            self.ready.pop_front();
            let Some(chat) = self.chats.get_mut(&chat_id) else { continue };
            if chat.pace.free_at() > now {
                // Frozen while it had its turn.
                self.place(chat_id, now);
                continue;
            }
            let Some(message) = chat.waiting.pop_front() else { continue };
            chat.place = Place::InFlight;
            chat.pace.take(now);
            self.bot.take(now);
            return Next::Send(message);
        }
        self.wait()
    }

    /// The message of the chat that was in flight has an outcome.
    pub(super) fn done(&mut self, chat_id: i64, now: Duration) {
        self.place(chat_id, now);
    }

    /// The message of the chat that was in flight was surely not sent: it is the next one again, not
    /// before `until`. No other chat is affected.
    pub(super) fn put_back(&mut self, message: M, until: Duration, now: Duration) {
        let (chat_id, order) = (message.chat(), message.order());
        if let Some(chat) = self.chats.get_mut(&chat_id) {
            let place = chat.waiting.partition_point(|other| other.order() < order);
            chat.waiting.insert(place, message);
            if until > now {
                chat.pace.freeze(until);
            }
        }
        self.place(chat_id, now);
    }

    /// Nothing is sent to this chat before `until`. One that nothing is known of has nothing to wait with.
    pub(super) fn freeze_chat(&mut self, chat_id: i64, until: Duration, now: Duration) {
        let Some(chat) = self.chats.get_mut(&chat_id) else { return };
        chat.pace.freeze(until);
        if matches!(chat.place, Place::Later(_)) {
            self.place(chat_id, now);
        }
    }

    /// When the chat may send, as far as it alone decides.
    pub(super) fn free_at(&self, chat_id: i64) -> Duration {
        self.chats.get(&chat_id).map_or(Duration::ZERO, |chat| chat.pace.free_at())
    }

    /// Everything that waits.
    pub(super) fn all(&self) -> impl Iterator<Item = &M> {
        self.chats.values().flat_map(|chat| &chat.waiting)
    }

    /// Takes out everything that waits.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = M> {
        self.chats.values_mut().flat_map(|chat| chat.waiting.drain(..))
    }

    /// Nothing is sent before `until`.
    pub(super) fn freeze_bot(&mut self, until: Duration) {
        self.bot.freeze(until);
    }

    /// Messages that wait, not counting those in flight.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.chats.values().map(|chat| chat.waiting.len()).sum()
    }

    /// Decides where a chat that is not in flight belongs.
    fn place(&mut self, chat_id: i64, now: Duration) {
        let Some(chat) = self.chats.get_mut(&chat_id) else { return };
        // A quiet chat is kept only for as long as its pace remembers something.
        let due = if chat.waiting.is_empty() { chat.pace.rested_at() } else { chat.pace.free_at() };
        if due > now {
            chat.place = Place::Later(due);
            self.later.push(Reverse((due, chat_id)));
        } else if chat.waiting.is_empty() {
            self.chats.remove(&chat_id);
        } else {
            chat.place = Place::Ready;
            self.ready.push_back(chat_id);
        }
    }

    /// Moves the chats whose time has come.
    fn wake(&mut self, now: Duration) {
        while let Some(&Reverse((due, chat_id))) = self.later.peek() {
            let counts = self.chats.get(&chat_id).is_some_and(|chat| chat.place == Place::Later(due));
            if counts && due > now {
                return;
            }
            self.later.pop();
            if counts {
                self.place(chat_id, now);
            }
        }
    }

    fn wait(&self) -> Next<M> {
        self.later.peek().map_or(Next::Idle, |&Reverse((due, _))| Next::Wait(due))
    }
}
