//! How bridges end in these worlds, and others go on.

use std::cmp::Reverse;

use super::{super::super::Outbox, Coming, LIMITS, STEPS, World};
use crate::outbox::model::database::State;

impl World {
    /// The bridge ends: by being told to, in which case it may finish, or in the middle of everything. What
    /// is on its way arrives now or never; what is being committed is, or is not.
    pub(super) fn crash(&mut self) {
        if self.chance.percent(25) {
            self.seen.stops += 1;
            self.outbox.stop();
            self.finish();
        } else {
            self.seen.crashes += 1;
        }
        let of_this_life: Vec<u64> =
            self.what.iter().filter(|(_, (life, _))| *life == Some(self.life)).map(|(id, _)| *id).collect();
        for number in of_this_life {
            let Some((_, coming)) = self.what.remove(&number) else { continue };
            let done = self.chance.percent(50);
            match coming {
                Coming::Arrive(call, way) if done => {
                    self.telegram.call(&call, way, self.now, self.faults, &mut self.chance);
                }
                Coming::Record { attempts, unsure } if done => {
                    self.database.begin(&attempts, &unsure);
                }
                Coming::Commit(batch) if done => {
                    self.database.conclude(&batch);
                }
                _ => {}
            }
        }
        self.flying.clear();
        self.now += self.chance.below(3_000);
        self.life += 1;
        self.born = self.now;
        self.outbox = Outbox::new(LIMITS);
        self.database.give_up();
        let queued = self.database.queued();
        let now = self.clock();
        self.inherited = self.database.pause;
        if let Some(until) = self.inherited {
            self.seen.paused += usize::from(until > now.time && !queued.is_empty());
            self.outbox.paused(until, now);
        }
        self.outbox.queued(queued, now);
    }

    /// A bridge that is told to stop, as long as it needs.
    fn finish(&mut self) {
        for _ in 0..STEPS {
            self.bridge_does_what_it_should();
            if self.outbox.ended() {
                let left = self.database.rows.values().filter(|row| row.state == State::Sending).count();
                assert_eq!(left, 0, "stopped in peace with something under way");
                return;
            }
            let Some(Reverse((at, number))) = self.coming.pop() else { panic!("it never stops") };
            // Only its own matters come to an end; the others wait for the next one.
            match self.what.remove(&number) {
                Some((Some(life), coming)) if life == self.life => {
                    self.now = self.now.max(at);
                    self.happen(coming);
                }
                Some((life, coming)) => self.put(at + 10_000, life, coming),
                None => {}
            }
        }
        panic!("it does not stop");
    }
}
