//! Reads the state that a batch is decided from.

use std::collections::BTreeSet;

use events::{Event as _, accounts::AccountCredited, fact_id};
use futures::try_join;
use jiff::Timestamp;
use store::{Conn, accounts as money, orders::state as rows};
use uuid::Uuid;

use crate::{
    decide::{DUPLICATE_WINDOW, Request, Wish},
    state::{Balance, Order, Picture, State},
};

/// Locks the accounts that the requests are about, then reads in one go whatever they refer to.
/// The present is taken once the locks are held.
pub(crate) async fn load(
    conn: &Conn,
    requests: &[Request<'_>],
    clock: fn() -> Timestamp,
) -> anyhow::Result<State> {
    let asked = Asked::by(requests);
    let accounts = rows::lock_accounts(conn, &asked.users).await?;
    let now = clock();
    let (balances, credited, orders, pictures, recent) = try_join!(
        money::balances(conn, &asked.users),
        money::credited(conn, &asked.credits),
        rows::decided(conn, &asked.orders),
        rows::pictures(conn, &asked.pictures),
        rows::recent(conn, &asked.contents, now - DUPLICATE_WINDOW),
    )?;
    let mut state = State {
        now,
        roles: accounts.iter().map(|account| (account.id, account.role)).collect(),
        disabled: accounts.iter().filter(|account| account.disabled).map(|account| account.id).collect(),
        balances: balances.into_iter().map(|(user, balance)| (user, read_balance(balance))).collect(),
        credited: credited.into_iter().collect(),
        orders: orders.into_iter().map(|order| (order.id, read_order(order))).collect(),
        pictures: pictures
            .into_iter()
            .map(|row| {
                let (id, owner_id, failed, link) = (row.id, row.owner_id, row.failed, row.target_url);
                (id, Picture { owner_id, failed, link })
            })
            .collect(),
        ..State::default()
    };
    for row in recent {
        let content = (row.customer_id, row.content_hash);
        state.recent.entry(content).or_default().insert((row.created_at, row.order_id));
    }
    Ok(state)
}

/// What the requests refer to, each once.
struct Asked<'a> {
    users: Vec<Uuid>,
    /// The facts that credits would lead to.
    credits: Vec<Uuid>,
    orders: Vec<Uuid>,
    pictures: Vec<Uuid>,
    contents: Vec<(Uuid, &'a str)>,
}

impl<'a> Asked<'a> {
    fn by(requests: &'a [Request<'_>]) -> Self {
        let users: BTreeSet<Uuid> = requests.iter().map(Request::user).collect();
        let orders: BTreeSet<Uuid> = requests.iter().filter_map(Request::order).collect();
        let credits = requests.iter().filter(|request| matches!(request.wish, Wish::Credit(_)));
        let mut pictures = BTreeSet::new();
        let mut contents = BTreeSet::new();
        for request in requests {
            if let Wish::Order { requested, content, hash } = &request.wish {
                pictures.extend(content.image_id.into_iter().chain(content.source_image_id));
                if requested.guard_duplicates {
                    contents.insert((requested.customer_id, hash.as_str()));
                }
            }
        }
        Self {
            users: users.into_iter().collect(),
            credits: credits.map(|request| fact_id(request.meta.id, AccountCredited::NAME, 0)).collect(),
            orders: orders.into_iter().collect(),
            pictures: pictures.into_iter().collect(),
            contents: contents.into_iter().collect(),
        }
    }
}

fn read_balance(row: money::Balance) -> Balance {
    Balance { available: row.available, held: row.held, version: row.version.unsigned_abs() }
}

fn read_order(row: rows::Decided) -> Order {
    Order {
        customer_id: row.customer_id,
        amount: row.amount,
        deadline: row.deadline,
        status: row.status,
        content_hash: row.content_hash,
        version: row.version,
    }
}
