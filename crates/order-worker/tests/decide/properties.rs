use std::collections::BTreeMap;

use events::{
    Event as _,
    accounts::{AccountCredited, CreditRequested},
    fact_id,
    orders::{OrderCancelRequested, OrderRequested, OrderStatus},
    users::Role,
};
use jiff::ToSpan as _;
use order_worker::{decide::decide, state::Picture};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::{Step, Wished, World, content, now};

const USERS: u128 = 4;
const ORDERS: u128 = 12;

fn id(kind: u128, number: u128) -> Uuid {
    Uuid::from_u128(kind << 64 | number)
}

/// Two customers, an executor, and somebody who does not exist; a good picture of the first customer's,
/// and a failed one.
fn world() -> World {
    World {
        roles: [(id(1, 0), Role::Customer), (id(1, 1), Role::Customer), (id(1, 2), Role::Executor)].into(),
        pictures: [(id(3, 0), false), (id(3, 1), true)]
            .map(|(image, failed)| {
                (image, Picture { owner_id: id(1, 0), failed, link: Some(content(0).target_url) })
            })
            .into(),
        ..World::default()
    }
}

prop_compose! {
    fn order()(
        user in 0..USERS, order in 0..ORDERS, rubles in prop::sample::select(vec![99i64, 100, 150, 400]), picture in prop::option::weighted(0.2, 0u128..3),
        guard_duplicates: bool, overdue in prop::bool::weighted(0.1), variant in 0..2,
    ) -> Wished {
        let mut content = content(rubles * 100);
        content.image_id = picture.map(|number| id(3, number));
        content.title = format!("Задание {variant}");
        if overdue {
            content.deadline = now() - 1.second();
        }
        Wished::Order(Box::new(OrderRequested { order_id: id(2, order), customer_id: id(1, user), content, guard_duplicates }))
    }
}

fn wished() -> impl Strategy<Value = Wished> {
    prop_oneof![
        5 => order(),
        2 => (0..USERS, 0..ORDERS).prop_map(|(user, order)| Wished::Cancel(OrderCancelRequested {
            order_id: id(2, order), customer_id: id(1, user),
        })),
        1 => (0..USERS, 0..ORDERS).prop_map(|(user, order)| Wished::Expiry {
            order_id: id(2, order), customer_id: id(1, user),
        }),
        3 => (0..USERS, prop_oneof![8 => -100i64..100_000, 1 => Just(i64::MAX), 1 => Just(i64::MIN)]).prop_map(
            |(user, amount)| Wished::Credit(CreditRequested {
                user_id: id(1, user), amount, reason: "test".into(),
            })
        ),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(wished().prop_map(Step::new), 1..60)
}

/// The held balance is what open orders hold, and each order holds and releases at most once.
fn check_books(world: &World) -> Result<(), TestCaseError> {
    let mut held: BTreeMap<Uuid, i64> = BTreeMap::new();
    for (order_id, order) in &world.orders {
        let entries: Vec<i64> = world
            .ledger
            .values()
            .flatten()
            .filter(|entry| entry.order == Some(*order_id))
            .map(|entry| entry.held)
            .collect();
        let expected = match order.status {
            OrderStatus::Open => vec![order.amount],
            OrderStatus::Cancelled | OrderStatus::Expired => vec![order.amount, -order.amount],
            OrderStatus::Rejected | OrderStatus::Pending => vec![],
        };
        prop_assert_eq!(entries, expected);
        if order.status == OrderStatus::Open {
            *held.entry(order.customer_id).or_default() += order.amount;
        }
    }
    for user in world.ledger.keys() {
        prop_assert_eq!(world.sum(*user).held, held.get(user).copied().unwrap_or_default());
        prop_assert_eq!(world.told[user], world.sum(*user));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_books_balance_whatever_is_asked(steps in steps()) {
        let mut world = world();
        world.batch(&steps);
        check_books(&world)?;
    }

    #[test]
    fn it_does_not_matter_how_requests_fall_into_batches(steps in steps(), cuts in prop::collection::vec(1usize..8, 60)) {
        let (mut whole, mut parts) = (world(), world());
        let expected = whole.batch(&steps);
        let mut rest = steps.as_slice();
        let mut facts = Vec::new();
        for cut in cuts {
            let (batch, after) = rest.split_at(cut.min(rest.len()));
            facts.extend(parts.batch(batch));
            rest = after;
        }
        facts.extend(parts.batch(rest));
        let bodies = |facts: &[order_worker::decide::Fact]| {
            facts.iter().map(|fact| (fact.outgoing.meta.clone(), fact.outgoing.body.clone())).collect::<Vec<_>>()
        };
        prop_assert_eq!(bodies(&facts), bodies(&expected));
    }

    #[test]
    fn a_decision_that_is_repeated_is_the_same(steps in steps()) {
        let mut world = world();
        world.batch(&steps[..steps.len() - 1]);
        let last = steps[steps.len() - 1].request();
        let first = decide(&last, &mut world.state(now()));
        let again = decide(&last, &mut world.state(now()));
        prop_assert_eq!(first.len(), again.len());
        for (first, again) in first.iter().zip(&again) {
            prop_assert_eq!(&first.outgoing.meta, &again.outgoing.meta);
            prop_assert_eq!(&first.outgoing.body, &again.outgoing.body);
        }
    }

    #[test]
    fn wishes_that_come_again_move_no_money(steps in steps()) {
        let mut world = world();
        world.batch(&steps);
        let (orders, ledger) = (world.orders.clone(), format!("{:?}", world.ledger));
        let credited = world.credited();
        // Without the inbox, as after seven days.
        let again: Vec<Step> = steps
            .iter()
            .filter(|step| match &step.wished {
                Wished::Order(wished) => orders.contains_key(&wished.order_id),
                Wished::Cancel(wished) => {
                    orders.get(&wished.order_id).is_some_and(|order| order.status != OrderStatus::Open)
                }
                Wished::Expiry { .. } => true,
                Wished::Credit(_) => credited.contains(&fact_id(step.meta.id, AccountCredited::NAME, 0)),
            })
            .cloned()
            .collect();
        world.batch(&again);
        prop_assert_eq!(&world.orders, &orders);
        prop_assert_eq!(format!("{:?}", world.ledger), ledger);
    }

    #[test]
    fn ids_of_facts_never_meet(steps in steps()) {
        let mut world = world();
        let facts = world.batch(&steps);
        let ids: std::collections::BTreeSet<Uuid> = facts.iter().map(|fact| fact.outgoing.meta.id).collect();
        // A second expiry of one order has the same cause, but finds the order ended.
        prop_assert_eq!(ids.len(), facts.len());
    }
}
