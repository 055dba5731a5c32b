use std::collections::{BTreeMap, HashSet};

use store::calls::Outcome;

use super::{
    super::database::{Row, State},
    Seen, World,
};

impl World {
    /// What must hold when everything has ended.
    pub(super) fn everything_is_right(&mut self) {
        let shown = &self.telegram.shown;
        let mut last: BTreeMap<i64, (i64, u32)> = BTreeMap::new();
        let mut once = HashSet::new();
        for one in shown {
            if let Some(before) = last.insert(one.chat, one.order) {
                let after = if one.repeatable { one.order >= before } else { one.order > before };
                assert!(after, "{:?} came after {before:?} in chat {}", one.order, one.chat);
            }
            assert!(one.repeatable || once.insert((one.call, one.attempt)), "{one:?} came twice");
        }
        for (id, row) in &self.database.rows {
            let came = shown.iter().any(|one| one.call == *id && one.attempt == row.call.attempt);
            match row.state {
                State::Ended(Outcome::Sent) => {
                    assert!(came || row.call.task.repeatable(), "{id} is called sent and did not come");
                }
                State::Ended(Outcome::Failed) => {
                    assert!(!came || row.call.task.repeatable(), "{id} is called failed and came");
                }
                State::Ended(Outcome::Unknown) => assert!(!row.call.task.repeatable()),
                state => panic!("{id} is {state:?}"),
            }
            let told: Vec<Outcome> = self
                .database
                .facts
                .iter()
                .filter(|(of, attempt, _)| of == id && *attempt == row.call.attempt)
                .map(|(.., outcome)| *outcome)
                .collect();
            assert_eq!(told.last().map(|outcome| State::Ended(*outcome)), Some(row.state), "of {id}");
            assert!(told.len() == 1, "{id} was told {told:?}");
        }
        if self.faults == 0 && self.crashes == 0 {
            let sent = |row: &Row| row.state == State::Ended(Outcome::Sent);
            assert!(self.database.rows.values().all(sent), "in a world without faults everything is sent");
        }
        if self.seen.crashes == 0 && self.seen.stops == 0 {
            assert_eq!(self.telegram.early, 0, "a chat was written to before its time");
        }
        self.seen.shown = shown.len();
        self.seen.refusals = self.telegram.refusals;
    }
}

impl Seen {
    pub(in super::super) fn add(&mut self, other: &Self) {
        self.shown += other.shown;
        self.crashes += other.crashes;
        self.stops += other.stops;
        self.again += other.again;
        self.refusals += other.refusals;
        self.unknown += other.unknown;
        self.failed += other.failed;
        self.paused += other.paused;
    }

    pub(in super::super) fn is_enough(&self) {
        let least =
            [self.shown, self.crashes, self.stops, self.again, self.refusals, self.unknown, self.failed];
        assert!(least.iter().all(|seen| *seen > 1_000), "too little happens: {self:?}");
        assert!(self.paused > 25, "too little happens: {self:?}");
    }
}
