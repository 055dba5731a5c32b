//! Stand-ins: services do not import each other, not even in tests. What they decide is the least that
//! the edge can be tested with; how they persist and publish is what the workers do.

use events::{
    LogEvent, Outgoing, Recorded, Service,
    accounts::{
        AccountCredited, AccountEvent, AccountHeld, AccountReleased, CreditRefusalCode, CreditRefused,
    },
    bus::consume::{ConsumeOptions, Delivery},
    orders::{
        DecisionInputs, OrderAccepted, OrderCancelRefused, OrderCancelled, OrderEvent, OrderRejected,
        OrderRequestRefused, OrderStatus, RefusalCode, RejectionCode,
    },
    subjects::DurableConsumer,
    users::Role,
};
use process::Shutdown;
use store::{Conn, Decide, Handled, Relay, Transactional, accounts, orders, users};

pub(crate) async fn work<D: Decide>(consumer: DurableConsumer, relay: Relay, decide: D, shutdown: Shutdown) {
    let handler = Transactional::new(consumer.name, relay.clone(), decide);
    let bus = relay.bus().clone();
    tokio::join!(
        bus.consume(consumer, ConsumeOptions::default(), &handler, shutdown.clone()),
        relay.run(shutdown)
    );
}

/// Accepts what can be paid, one request at a time.
pub(crate) struct OrderStandIn;

impl Decide for OrderStandIn {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let mut handled = Handled::default();
        for delivery in batch {
            let facts = one(conn, &delivery.recorded).await?;
            let recorded: Vec<Recorded> = facts.iter().map(Outgoing::recorded).collect::<Result<_, _>>()?;
            store::apply(conn, &recorded).await?;
            handled.facts.extend(facts);
        }
        Ok(handled)
    }
}

async fn one(conn: &mut Conn, recorded: &Recorded) -> anyhow::Result<Vec<Outgoing>> {
    let (meta, at) = (&recorded.meta, events::now());
    Ok(match &recorded.event {
        LogEvent::Order(OrderEvent::OrderRequested(wish)) => {
            let refuse = |code, existing_order_id| {
                let event = OrderRequestRefused {
                    order_id: wish.order_id,
                    customer_id: wish.customer_id,
                    code,
                    existing_order_id,
                    errors: Vec::new(),
                };
                vec![Outgoing::fact(Service::OrderWorker, meta, 0, None, at, &event)]
            };
            let Some(user) = users::by_id(conn, wish.customer_id).await? else {
                return Ok(refuse(RefusalCode::UserNotFound, None));
            };
            if wish.guard_duplicates {
                let recent = orders::list(conn, user.id, None, None, 10).await?;
                let same = recent.iter().find(|order| order.content_hash == wish.content.hash());
                if let Some(same) = same {
                    return Ok(refuse(RefusalCode::PossibleDuplicate, Some(same.id)));
                }
            }
            let balance = accounts::balance(conn, user.id).await?;
            let inputs = DecisionInputs { role: Role::Customer, available: balance.available, at };
            if balance.available < wish.content.amount {
                let event = OrderRejected {
                    order_id: wish.order_id,
                    customer_id: user.id,
                    content: wish.content.clone(),
                    content_hash: wish.content.hash(),
                    code: RejectionCode::InsufficientBalance,
                    inputs,
                };
                return Ok(vec![Outgoing::fact(Service::OrderWorker, meta, 0, Some(1), at, &event)]);
            }
            let accepted = OrderAccepted {
                order_id: wish.order_id,
                customer_id: user.id,
                content: wish.content.clone(),
                content_hash: wish.content.hash(),
                inputs,
            };
            let held = AccountHeld {
                user_id: user.id,
                order_id: wish.order_id,
                amount: wish.content.amount,
                available: balance.available - wish.content.amount,
                held: balance.held + wish.content.amount,
            };
            let version = balance.version.unsigned_abs() + 1;
            vec![
                Outgoing::fact(Service::OrderWorker, meta, 0, Some(1), at, &accepted),
                Outgoing::fact(Service::OrderWorker, meta, 0, Some(version), at, &held),
            ]
        }
        LogEvent::Order(OrderEvent::OrderCancelRequested(wish)) => {
            let order = orders::by_id(conn, wish.customer_id, wish.order_id).await?;
            let Some(order) = order.filter(|order| order.status == OrderStatus::Open) else {
                let event = OrderCancelRefused {
                    order_id: wish.order_id,
                    customer_id: wish.customer_id,
                    status: Some(OrderStatus::Cancelled),
                };
                return Ok(vec![Outgoing::fact(Service::OrderWorker, meta, 0, None, at, &event)]);
            };
            let balance = accounts::balance(conn, wish.customer_id).await?;
            let amount = order.content.amount;
            let cancelled = OrderCancelled { order_id: order.id, customer_id: order.customer_id, amount };
            let released = AccountReleased {
                user_id: order.customer_id,
                order_id: order.id,
                amount,
                available: balance.available + amount,
                held: balance.held - amount,
            };
            let version = balance.version.unsigned_abs() + 1;
            vec![
                Outgoing::fact(Service::OrderWorker, meta, 0, Some(order.version + 1), at, &cancelled),
                Outgoing::fact(Service::OrderWorker, meta, 0, Some(version), at, &released),
            ]
        }
        LogEvent::Account(AccountEvent::CreditRequested(wish)) => {
            if users::by_id(conn, wish.user_id).await?.is_none() {
                let event = CreditRefused {
                    user_id: wish.user_id,
                    amount: wish.amount,
                    code: CreditRefusalCode::UserNotFound,
                };
                return Ok(vec![Outgoing::fact(Service::OrderWorker, meta, 0, None, at, &event)]);
            }
            let balance = accounts::balance(conn, wish.user_id).await?;
            let event = AccountCredited {
                user_id: wish.user_id,
                amount: wish.amount,
                reason: wish.reason.clone(),
                available: balance.available + wish.amount,
                held: balance.held,
            };
            let version = balance.version.unsigned_abs() + 1;
            vec![Outgoing::fact(Service::OrderWorker, meta, 0, Some(version), at, &event)]
        }
        _ => Vec::new(),
    })
}

/// Folds chats into their tables and reopens none.
pub(crate) struct ChatStandIn;

impl Decide for ChatStandIn {
    async fn decide(&self, conn: &mut Conn, batch: &[&Delivery]) -> anyhow::Result<Handled> {
        let chats: Vec<Recorded> = batch
            .iter()
            .filter(|delivery| matches!(delivery.recorded.event, LogEvent::Chat(_)))
            .map(|delivery| delivery.recorded.clone())
            .collect();
        store::apply(conn, &chats).await?;
        Ok(Handled::default())
    }
}
