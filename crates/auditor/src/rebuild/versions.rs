//! Facts that carry their entity's version are folded in its order, and what is said about a user after the
//! registration, whatever their order in the log.

use std::collections::{BTreeMap, HashMap};

use events::{LogEvent, Recorded, orders::OrderEvent, users::UserEvent};
use uuid::Uuid;

use super::Gap;

/// An entity with versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Entity {
    Order(Uuid),
    Account(Uuid),
    /// Has one version, the registration. What is said about it has none and may come in any order, but
    /// changes nothing before there is a row: it waits as if it were the second.
    User(Uuid),
}

impl Entity {
    /// The entity and its version after the fact, if it has versions.
    pub(super) fn of(fact: &Recorded) -> Option<(Self, u64)> {
        let id = || fact.event.entity().parse().ok();
        if let LogEvent::User(event) = &fact.event {
            return match event {
                UserEvent::UserRegistered(_) => Some((Self::User(id()?), 1)),
                UserEvent::RoleGranted(_) | UserEvent::UserDisabled(_) | UserEvent::UserEnabled(_) => {
                    Some((Self::User(id()?), 2))
                }
                UserEvent::TelegramLinked(_)
                | UserEvent::TelegramUnlinked(_)
                | UserEvent::UserSignedIn(_)
                | UserEvent::UserSignInFailed(_)
                | UserEvent::UserSignedOut(_)
                | UserEvent::UserPasswordChanged(_) => None,
            };
        }
        let version = fact.meta.version?;
        match &fact.event {
            // Whoever follows a link changes nothing about the order.
            LogEvent::Order(OrderEvent::OrderScanned(_)) => None,
            LogEvent::Order(_) => Some((Self::Order(id()?), version)),
            LogEvent::Account(_) => Some((Self::Account(id()?), version)),
            LogEvent::Image(_)
            | LogEvent::Chat(_)
            | LogEvent::User(_)
            | LogEvent::Letter(_)
            | LogEvent::Desk(_) => None,
        }
    }

    /// The version that it has after a fact of this one.
    const fn after(self, version: u64) -> u64 {
        match self {
            Self::User(_) => 1,
            Self::Order(_) | Self::Account(_) => version,
        }
    }
}

/// Which version each entity of a batch has in the tables.
pub(super) type Current = HashMap<Entity, u64>;

/// Facts that came before their predecessors.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Several facts may claim one version; which of them may stand is the tables' business.
    waiting: BTreeMap<Entity, BTreeMap<u64, Vec<Recorded>>>,
}

/// What of a batch can be folded now.
#[derive(Debug, Default)]
pub(super) struct Admitted {
    pub facts: Vec<Recorded>,
    pub repeated: u64,
}

impl Held {
    /// Lets through what follows on its entity's version, with what has waited for it, and what is there
    /// already, which changes nothing unless it contradicts it. Holds back the rest.
    pub(super) fn admit(&mut self, facts: Vec<Recorded>, current: &mut Current) -> Admitted {
        let mut admitted = Admitted::default();
        for fact in facts {
            let Some((entity, version)) = Entity::of(&fact) else {
                admitted.facts.push(fact);
                continue;
            };
            let now = current.entry(entity).or_default();
            if version <= *now {
                admitted.repeated += 1;
                admitted.facts.push(fact);
            } else if version > *now + 1 {
                self.waiting.entry(entity).or_default().entry(version).or_default().push(fact);
            } else {
                *now = entity.after(version);
                admitted.facts.push(fact);
                self.release(entity, now, &mut admitted);
            }
        }
        admitted
    }

    fn release(&mut self, entity: Entity, now: &mut u64, admitted: &mut Admitted) {
        let Some(waiting) = self.waiting.get_mut(&entity) else { return };
        while let Some(facts) = waiting.remove(&(*now + 1)) {
            let after = entity.after(*now + 1);
            if after > *now {
                admitted.repeated += facts.len() as u64 - 1;
            }
            *now = after;
            admitted.facts.extend(facts);
        }
        if waiting.is_empty() {
            self.waiting.remove(&entity);
        }
    }

    pub(super) fn sequences(&self) -> Vec<u64> {
        self.facts().filter_map(|fact| fact.position).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.facts().count()
    }

    fn facts(&self) -> impl Iterator<Item = &Recorded> {
        self.waiting.values().flat_map(BTreeMap::values).flatten()
    }

    pub(super) fn entities(&self) -> impl Iterator<Item = Entity> {
        self.waiting.keys().copied()
    }

    /// What still waits, when nothing more will come.
    pub(super) fn gaps(&self, current: &Current) -> Vec<Gap> {
        let gap = |(entity, waiting): (&Entity, &BTreeMap<u64, Vec<Recorded>>)| {
            let (version, facts) = waiting.first_key_value()?;
            let fact = facts.first()?;
            Some(Gap {
                owner: crate::owner::owner(&fact.event),
                missing: current.get(entity).copied().unwrap_or_default() + 1,
                waiting: *version,
                sequence: fact.position.unwrap_or_default(),
            })
        };
        self.waiting.iter().filter_map(gap).collect()
    }
}

#[cfg(test)]
mod tests {
    use events::{Event as _, Outgoing, Service, accounts::AccountCredited};
    use proptest::prelude::*;

    use super::*;

    fn fact(user: u8, version: u64, position: u64) -> Recorded {
        let event = AccountCredited { user_id: Uuid::from_u128(user.into()), ..AccountCredited::sample() };
        let cause = Outgoing::request(Service::OrderWorker, "test", AccountCredited::sample()).meta;
        let fact = Outgoing::fact(
            Service::OrderWorker,
            &cause,
            0,
            Some(version),
            jiff::Timestamp::UNIX_EPOCH,
            &event,
        );
        Recorded { position: Some(position), ..fact.recorded().unwrap() }
    }

    proptest! {
        /// However the versions of several accounts are shuffled, repeated and cut into batches, each
        /// comes out in order, and again only after it.
        #[test]
        fn versions_come_out_in_order(
            mut log in Just((0..3u8).flat_map(|user| (1..=8u64).map(move |v| (user, v))).collect::<Vec<_>>())
                .prop_shuffle(),
            repeats in proptest::collection::vec(0usize..24, 0..10),
            size in 1usize..10,
        ) {
            for index in repeats {
                let again = log[index];
                log.push(again);
            }
            let facts: Vec<Recorded> =
                log.iter().zip(1..).map(|(&(user, version), position)| fact(user, version, position)).collect();
            let (mut held, mut current) = (Held::default(), Current::new());
            let (mut out, mut repeated) = (Vec::new(), 0);
            for batch in facts.chunks(size) {
                let admitted = held.admit(batch.to_vec(), &mut current);
                repeated += admitted.repeated;
                out.extend(admitted.facts);
            }
            for user in 0..3u8 {
                let mut versions: Vec<u64> = out
                    .iter()
                    .filter(|fact| fact.event.entity() == Uuid::from_u128(user.into()).to_string())
                    .filter_map(|fact| fact.meta.version)
                    .collect();
                let mut newest = 0;
                versions.retain(|&version| {
                    let fresh = version > newest;
                    newest = newest.max(version);
                    fresh
                });
                prop_assert_eq!(versions, (1..=8).collect::<Vec<_>>());
            }
            prop_assert_eq!(repeated as usize, log.len() - 24);
            prop_assert_eq!(held.len(), 0);
        }
    }

    #[test]
    fn what_is_said_about_a_user_waits_for_the_registration_and_no_longer() {
        use events::users::{RoleGranted, UserDisabled, UserRegistered};
        let read = |position: u64, event: Outgoing| Recorded {
            position: Some(position),
            ..event.recorded().unwrap()
        };
        let say =
            |position| read(position, Outgoing::request(Service::Vestnik, "test", RoleGranted::sample()));
        let user_id = RoleGranted::sample().user_id;
        let shut = UserDisabled { user_id, ..UserDisabled::sample() };
        let registered = UserRegistered { user_id, ..UserRegistered::sample() };
        let (mut held, mut current) = (Held::default(), Current::new());
        let early = vec![say(1), read(2, Outgoing::request(Service::Vestnik, "test", shut))];
        assert!(held.admit(early, &mut current).facts.is_empty());
        assert_eq!((held.len(), held.gaps(&current)[0].missing), (2, 1));
        let registered = read(3, Outgoing::request(Service::HttpEdge, "test", registered));
        let admitted = held.admit(vec![registered, say(4)], &mut current);
        let positions: Vec<_> = admitted.facts.iter().filter_map(|fact| fact.position).collect();
        assert_eq!((positions, admitted.repeated), (vec![3, 1, 2, 4], 0));
        let later = held.admit(vec![say(5)], &mut current);
        assert_eq!((later.facts.len(), later.repeated, held.len()), (1, 0, 0));
    }

    #[test]
    fn a_gap_that_is_not_filled_is_told() {
        let (mut held, mut current) = (Held::default(), Current::new());
        let admitted = held.admit(vec![fact(1, 1, 1), fact(1, 4, 2), fact(1, 3, 3)], &mut current);
        assert_eq!(admitted.facts.len(), 1);
        let gaps = held.gaps(&current);
        assert_eq!((gaps[0].missing, gaps[0].waiting, gaps[0].sequence), (2, 3, 3));
        assert_eq!(held.sequences(), [3, 2]);
    }
}
