//! Orders as administrators find them.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use diesel_async::RunQueryDsl;
use events::orders::OrderStatus;
use uuid::Uuid;

use super::{Cursor, Order, Row, read};
use crate::{
    Conn,
    schema::{images, orders, users},
    users::{Asked as AskedUsers, list as find_users},
};

/// An order and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    pub order: Order,
    pub customer_name: String,
    /// E.164.
    pub customer_phone: String,
}

/// Which orders are looked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Part of the title or of the target link; all orders when empty.
    pub text: String,
    pub id: Option<Uuid>,
    /// Also the orders of whom this finds; or only those of this customer.
    pub customers: Option<AskedUsers>,
    pub customer: Option<Uuid>,
    pub status: Option<OrderStatus>,
    pub after: Option<Cursor>,
    /// 1 to 100.
    pub limit: i64,
}

/// Customers whose orders a search by name or phone finds.
const CUSTOMERS: i64 = 50;

/// Orders of everybody, newest first. A search walks them in that order until it has enough.
pub async fn list_all(conn: &mut Conn, asked: &Asked) -> QueryResult<Vec<Owned>> {
    let customers: Vec<Uuid> = match &asked.customers {
        Some(wanted) if !asked.text.is_empty() => {
            let found = find_users(conn, &AskedUsers { limit: CUSTOMERS, ..wanted.clone() }).await?;
            found.into_iter().map(|account| account.user.id).collect()
        }
        _ => Vec::new(),
    };
    let mut query = orders::table
        .inner_join(users::table.on(users::id.eq(orders::customer_id)))
        .left_join(images::table.on(orders::image_id.eq(images::id.nullable())))
        .order((orders::created_at.desc(), orders::id.desc()))
        .limit(asked.limit.clamp(1, 100))
        .select((Row::as_select(), images::status.nullable(), (users::name, users::phone)))
        .into_boxed();
    if let Some(status) = asked.status {
        query = query.filter(orders::status.eq(status.name()));
    }
    if let Some(customer) = asked.customer {
        query = query.filter(orders::customer_id.eq(customer));
    }
    if let Some(id) = asked.id {
        query = query.filter(orders::id.eq(id).or(orders::customer_id.eq(id)));
    } else if !asked.text.is_empty() {
        let pattern = format!("%{}%", crate::users::escaped(&asked.text));
        query = query.filter(
            // In a database of locale C only ICU knows upper and lower case beyond ASCII.
            sql::<Bool>("orders.title COLLATE \"und-x-icu\" ILIKE ")
                .bind::<Text, _>(pattern.clone())
                .or(orders::target_url.ilike(pattern))
                .or(orders::customer_id.eq_any(customers)),
        );
    }
    if let Some((time, id)) = asked.after {
        let time = jiff_diesel::Timestamp::from(time);
        // The first condition bounds the index scan; the second one is exact.
        query = query
            .filter(orders::created_at.le(time))
            .filter(orders::created_at.lt(time).or(orders::id.lt(id)));
    }
    let rows: Vec<Found> = query.load(conn).await?;
    rows.into_iter().map(owned).collect()
}

/// Anybody's order of this id.
pub async fn any_by_id(conn: &mut Conn, id: Uuid) -> QueryResult<Option<Owned>> {
    let row: Option<Found> = orders::table
        .find(id)
        .inner_join(users::table.on(users::id.eq(orders::customer_id)))
        .left_join(images::table.on(orders::image_id.eq(images::id.nullable())))
        .select((Row::as_select(), images::status.nullable(), (users::name, users::phone)))
        .first(conn)
        .await
        .optional()?;
    row.map(owned).transpose()
}

type Found = (Row, Option<String>, (Option<String>, Option<String>));

fn owned((row, image_status, (name, phone)): Found) -> QueryResult<Owned> {
    Ok(Owned {
        order: read((row, image_status))?,
        customer_name: name.unwrap_or_default(),
        customer_phone: phone.unwrap_or_default(),
    })
}
