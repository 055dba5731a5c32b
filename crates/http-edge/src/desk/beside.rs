//! The person of a chat, their account, and the ready answers filled in for them.

use store::{
    accounts,
    chats::{self, ChatUser},
    desk, orders, users,
};
use uuid::Uuid;

use super::fill;
use crate::{
    auth::Caller,
    edge::Edge,
    pages::{BalanceView, Beside, CannedView, LinkedCustomer, LinkedOrder, OperatorView, PersonView},
    problem::Problem,
};

/// Orders of a linked customer that the desk shows.
const ORDERS: i64 = 5;

/// The person of a chat, and what belongs to them.
pub(super) async fn find(edge: &Edge, caller: &Caller, user: ChatUser) -> Result<Beside, Problem> {
    let customer = match user.linked_user_id {
        Some(id) => customer(edge, id).await?,
        None => None,
    };
    let mut conn = edge.conn().await?;
    let operators = users::desk(&mut conn).await?;
    let canned = desk::canned(&mut conn).await?;
    let vouched = chats::is_vouched_for(&mut conn, user.user_id).await?;
    drop(conn);
    let person = PersonView { unverified: !vouched, ..person(user, customer) };
    let canned = canned.into_iter().map(|canned| {
        let filled = fill(&canned.canned_text, &person, caller);
        CannedView { id: canned.id.to_string(), shortcut: canned.shortcut, text: canned.canned_text, filled }
    });
    let operators = operators.into_iter().map(|(id, name)| OperatorView {
        id: id.to_string(),
        name,
        me: id == caller.id(),
    });
    Ok(Beside { operators: operators.collect(), canned: canned.collect(), person })
}

fn person(user: ChatUser, customer: Option<LinkedCustomer>) -> PersonView {
    PersonView {
        user_id: user.user_id,
        first_name: user.first_name.unwrap_or_default(),
        last_name: user.last_name,
        username: user.username,
        language: user.language_code,
        bot_blocked_since: user.blocked_since,
        not_found: false,
        banned_reason: user.banned_reason,
        assignee_id: user.assignee_id.map(|id| id.to_string()),
        notices: user.notices,
        known_since: Some(user.known_since),
        unverified: false,
        customer,
    }
}

async fn customer(edge: &Edge, id: Uuid) -> Result<Option<LinkedCustomer>, Problem> {
    let mut conn = edge.conn().await?;
    let Some(user) = users::by_id(&mut conn, id).await? else { return Ok(None) };
    let balance = accounts::balance(&mut conn, id).await?;
    let orders = orders::list(&mut conn, id, &orders::Filter::default(), None, ORDERS).await?;
    Ok(Some(LinkedCustomer {
        name: user.name,
        phone: user.phone,
        balance: BalanceView { available: balance.available, held: balance.held },
        orders: orders
            .into_iter()
            .map(|order| LinkedOrder {
                title: order.content.title,
                amount: order.content.amount,
                status: order.status,
            })
            .collect(),
    }))
}

/// What is known of the person stands for the holes of a ready answer; an unknown hole stays for the operator to see.
fn fill(text: &str, person: &PersonView, caller: &Caller) -> String {
    let order = person.customer.as_ref().and_then(|customer| customer.orders.first());
    let holes = [
        ("{name}", Some(person.name())),
        ("{first_name}", Some(person.first_name.clone()).filter(|name| !name.is_empty())),
        ("{username}", person.username.as_ref().map(|name| format!("@{name}"))),
        ("{operator}", Some(caller.user.name.clone())),
        ("{order}", order.map(|order| order.title.clone())),
    ];
    fill::holes(text, &holes)
}
