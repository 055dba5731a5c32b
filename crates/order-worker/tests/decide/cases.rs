use events::{
    LogEvent,
    accounts::{AccountEvent, CreditRefusalCode, CreditRequested},
    orders::{
        OrderCancelRequested, OrderContent, OrderEvent, OrderRequested, OrderStatus, RefusalCode,
        RejectionCode, short_code,
    },
    users::Role,
};
use jiff::{Timestamp, ToSpan as _};
use order_worker::{
    decide::{Fact, MAX_BALANCE, decide},
    state::{Picture, State},
};
use uuid::Uuid;

use crate::world::{Step, Wished, World, content, now};

const CUSTOMER: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const EXECUTOR: Uuid = Uuid::from_u128(3);
const ORDER: Uuid = Uuid::from_u128(10);
const SECOND: Uuid = Uuid::from_u128(11);

/// Two customers, the first with 1,000 rubles, and an executor.
fn world() -> World {
    let roles = [(CUSTOMER, Role::Customer), (OTHER, Role::Customer), (EXECUTOR, Role::Executor)].into();
    let mut world = World { roles, ..World::default() };
    world.batch(&[credit(CUSTOMER, 100_000)]);
    world
}

fn credit(user_id: Uuid, amount: i64) -> Step {
    Step::new(Wished::Credit(CreditRequested {
        user_id, amount, reason: " пополнение\u{0} ".into()
    }))
}

fn order(order_id: Uuid, customer_id: Uuid, content: OrderContent, guard_duplicates: bool) -> Step {
    Step::new(Wished::Order(Box::new(OrderRequested { order_id, customer_id, content, guard_duplicates })))
}

fn cancel(order_id: Uuid, customer_id: Uuid) -> Step {
    Step::new(Wished::Cancel(OrderCancelRequested { order_id, customer_id }))
}

fn expiry(order_id: Uuid) -> Step {
    Step::new(Wished::Expiry { order_id, customer_id: CUSTOMER })
}

fn names(facts: &[Fact]) -> Vec<&'static str> {
    facts.iter().map(|fact| fact.event.name()).collect()
}

fn refusal(facts: &[Fact]) -> (RefusalCode, Option<Uuid>) {
    match facts {
        [Fact { event: LogEvent::Order(OrderEvent::OrderRequestRefused(refused)), .. }] => {
            (refused.code, refused.existing_order_id)
        }
        other => panic!("not a refusal: {:?}", names(other)),
    }
}

fn rejection(facts: &[Fact]) -> RejectionCode {
    match facts {
        [Fact { event: LogEvent::Order(OrderEvent::OrderRejected(rejected)), .. }] => rejected.code,
        other => panic!("not a rejection: {:?}", names(other)),
    }
}

#[test]
fn an_order_that_can_be_paid_is_accepted_and_its_amount_held() {
    let mut world = world();
    let facts = world.batch(&[order(ORDER, CUSTOMER, content(60_000), false)]);
    assert_eq!(names(&facts), ["order.accepted", "account.held"]);
    let balance = world.sum(CUSTOMER);
    assert_eq!((balance.available, balance.held), (40_000, 60_000));
    assert_eq!(facts[0].outgoing.meta.version, Some(1));
    assert_eq!(facts[1].outgoing.meta.version, Some(2));
}

#[test]
fn the_decision_names_its_inputs() {
    let facts = world().batch(&[order(ORDER, CUSTOMER, content(60_000), false)]);
    let LogEvent::Order(OrderEvent::OrderAccepted(accepted)) = &facts[0].event else { panic!() };
    assert_eq!(accepted.inputs.available, 100_000);
    assert_eq!(accepted.inputs.role, Role::Customer);
    assert_eq!(accepted.inputs.at, now());
    assert_eq!(accepted.content_hash, accepted.content.hash());
}

#[test]
fn each_decision_sees_the_ones_before_it() {
    let facts = world().batch(&[
        order(ORDER, CUSTOMER, content(60_000), false),
        order(SECOND, CUSTOMER, content(60_001), false),
        cancel(ORDER, CUSTOMER),
        order(Uuid::from_u128(12), CUSTOMER, content(60_002), false),
    ]);
    assert_eq!(
        names(&facts),
        [
            "order.accepted",
            "account.held",
            "order.rejected",
            "order.cancelled",
            "account.released",
            "order.accepted",
            "account.held",
        ]
    );
}

#[test]
fn what_may_not_be_is_rejected_with_its_reason() {
    let mut world = world();
    let picture = |id: u128| OrderContent { image_id: Some(Uuid::from_u128(id)), ..content(10_000) };
    let own = |link: &str| Picture { owner_id: CUSTOMER, failed: false, link: Some(link.into()) };
    let link = content(10_000).target_url;
    let tracked = |order: u128| format!("https://vestnik.example/q/{}", short_code(Uuid::from_u128(order)));
    for (id, picture) in [
        (20, Picture { owner_id: OTHER, ..own(&link) }),
        (21, Picture { failed: true, ..own(&link) }),
        (22, own(&link)),
        (23, own("https://example.org/elsewhere")),
        (24, Picture { link: None, ..own(&link) }),
        (25, own(&tracked(41))),
    ] {
        world.pictures.insert(Uuid::from_u128(id), picture);
    }
    let mut ask = |order_id: u128, customer, content| {
        world.batch(&[order(Uuid::from_u128(order_id), customer, content, false)])
    };
    assert_eq!(rejection(&ask(30, CUSTOMER, content(100_001))), RejectionCode::InsufficientBalance);
    assert_eq!(rejection(&ask(31, OTHER, content(10_000))), RejectionCode::InsufficientBalance);
    assert_eq!(rejection(&ask(32, EXECUTOR, content(10_000))), RejectionCode::NotACustomer);
    for (order_id, image) in [(33, 19), (34, 20), (35, 21), (37, 23), (38, 24), (39, 25)] {
        assert_eq!(rejection(&ask(order_id, CUSTOMER, picture(image))), RejectionCode::ImageNotAvailable);
    }
    assert_eq!(names(&ask(36, CUSTOMER, picture(22))), ["order.accepted", "account.held"]);
    let tracked = |id: u128| OrderContent { track_link: true, ..picture(id) };
    assert_eq!(
        rejection(&ask(40, CUSTOMER, tracked(25))),
        RejectionCode::ImageNotAvailable,
        "another order's"
    );
    assert_eq!(names(&ask(41, CUSTOMER, tracked(25))), ["order.accepted", "account.held"]);
    let chosen = |id: u128, source: u128| OrderContent {
        source_image_id: Some(Uuid::from_u128(source)),
        ..picture(id)
    };
    assert_eq!(rejection(&ask(42, CUSTOMER, chosen(22, 20))), RejectionCode::ImageNotAvailable);
    assert_eq!(names(&ask(43, CUSTOMER, chosen(22, 24))), ["order.accepted", "account.held"]);
}

#[test]
fn what_is_not_an_order_is_refused() {
    let mut world = world();
    let nobody = Uuid::from_u128(99);
    let unknown = world.batch(&[order(ORDER, nobody, content(10_000), false)]);
    assert_eq!(refusal(&unknown).0, RefusalCode::UserNotFound);
    let facts = world.batch(&[order(ORDER, CUSTOMER, content(9_999), false)]);
    assert_eq!(refusal(&facts).0, RefusalCode::Invalid);
    let LogEvent::Order(OrderEvent::OrderRequestRefused(refused)) = &facts[0].event else { panic!() };
    assert_eq!(
        (refused.errors[0].field.as_str(), refused.errors[0].code.as_str()),
        ("totalAmount", "too_small")
    );
    assert!(world.orders.is_empty(), "no row remains");
}

#[test]
fn the_same_id_is_one_order() {
    let mut world = world();
    world.batch(&[order(ORDER, CUSTOMER, content(10_000), false)]);
    let mut ask = |customer, content| world.batch(&[order(ORDER, customer, content, true)]);
    assert_eq!(names(&ask(CUSTOMER, content(10_000))), Vec::<&str>::new(), "it has its answer");
    assert_eq!(refusal(&ask(CUSTOMER, content(10_001))).0, RefusalCode::IdempotencyMismatch);
    assert_eq!(refusal(&ask(OTHER, content(10_000))).0, RefusalCode::IdempotencyMismatch);
    // The same content but for what normalising takes away is the same.
    let spaced = OrderContent { title: format!(" {} ", content(10_000).title), ..content(10_000) };
    assert_eq!(names(&ask(CUSTOMER, spaced)), Vec::<&str>::new());
}

#[test]
fn a_repeated_content_is_asked_about_only_when_guarded_and_open() {
    let mut world = world();
    world.batch(&[order(ORDER, CUSTOMER, content(10_000), true)]);
    let guarded = order(SECOND, CUSTOMER, content(10_000), true);
    let facts = world.batch(std::slice::from_ref(&guarded));
    assert_eq!(refusal(&facts), (RefusalCode::PossibleDuplicate, Some(ORDER)));
    // Cancelled in the same batch: nothing is repeated any more.
    let facts = world.clone().batch(&[cancel(ORDER, CUSTOMER), guarded]);
    assert_eq!(names(&facts)[2..], ["order.accepted", "account.held"]);
    let facts = world.batch(&[order(SECOND, CUSTOMER, content(10_000), false)]);
    assert_eq!(names(&facts), ["order.accepted", "account.held"]);
}

#[test]
fn only_the_owner_cancels_and_only_what_is_open() {
    let mut world = world();
    world.batch(&[order(ORDER, CUSTOMER, content(10_000), false)]);
    let status = |facts: &[Fact]| match facts {
        [Fact { event: LogEvent::Order(OrderEvent::OrderCancelRefused(refused)), .. }] => refused.status,
        other => panic!("not refused: {:?}", names(other)),
    };
    assert_eq!(status(&world.batch(&[cancel(ORDER, OTHER)])), None);
    assert_eq!(status(&world.batch(&[cancel(SECOND, CUSTOMER)])), None);
    assert_eq!(names(&world.batch(&[cancel(ORDER, CUSTOMER)])), ["order.cancelled", "account.released"]);
    assert_eq!(status(&world.batch(&[cancel(ORDER, CUSTOMER)])), Some(OrderStatus::Cancelled));
    assert_eq!((world.sum(CUSTOMER).available, world.sum(CUSTOMER).held), (100_000, 0));
}

#[test]
fn an_order_expires_at_its_deadline_and_not_before() {
    let mut world = world();
    world.batch(&[order(ORDER, CUSTOMER, content(10_000), false)]);
    let expire = |at: Timestamp| {
        let mut state: State = world.state(at);
        decide(&expiry(ORDER).request(), &mut state)
    };
    let deadline = now() + 1.hour();
    assert!(expire(deadline - 1.microsecond()).is_empty());
    let facts = expire(deadline);
    assert_eq!(names(&facts), ["order.expired", "account.released"]);
    // Whoever notices, and whenever: the same facts.
    let ids = |facts: &[Fact]| facts.iter().map(|fact| fact.outgoing.meta.id).collect::<Vec<_>>();
    assert_eq!(ids(&facts), ids(&expire(deadline + 1.second())));
}

#[test]
fn credits_stay_within_the_range_of_money() {
    let mut world = world();
    let code = |facts: &[Fact]| match facts {
        [Fact { event: LogEvent::Account(AccountEvent::CreditRefused(refused)), .. }] => refused.code,
        other => panic!("not refused: {:?}", names(other)),
    };
    for amount in [0, -1, i64::MIN, i64::MAX, MAX_BALANCE, MAX_BALANCE - 99_999] {
        assert_eq!(code(&world.batch(&[credit(CUSTOMER, amount)])), CreditRefusalCode::InvalidAmount);
    }
    assert_eq!(code(&world.batch(&[credit(Uuid::from_u128(99), 1)])), CreditRefusalCode::UserNotFound);
    let facts = world.batch(&[credit(CUSTOMER, MAX_BALANCE - 100_000)]);
    let LogEvent::Account(AccountEvent::AccountCredited(credited)) = &facts[0].event else { panic!() };
    assert_eq!((credited.available, credited.reason.as_str()), (MAX_BALANCE, "пополнение"));
}

#[test]
fn a_shut_account_orders_nothing_and_keeps_what_it_has() {
    let mut world = world();
    world.batch(&[order(ORDER, CUSTOMER, content(50_000), false)]);
    world.disabled.insert(CUSTOMER);
    let facts = world.batch(&[order(SECOND, CUSTOMER, content(10_000), false)]);
    assert_eq!(refusal(&facts), (RefusalCode::UserNotFound, None));
    let facts = world.batch(&[credit(CUSTOMER, 100)]);
    assert_eq!(names(&facts), ["account.credited"], "an administrator may still credit it");
    let facts = world.batch(&[cancel(ORDER, CUSTOMER)]);
    assert_eq!(names(&facts), ["order.cancelled", "account.released"]);
}
