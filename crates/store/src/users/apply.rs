use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    users::{Role, TelegramLinked, UserEvent, UserRegistered},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Conn;

/// Accounts, then roles, then links: within a batch the last word about each counts, so the order of the
/// log is kept. Signing in and out changes no table of the fold.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut registered = BTreeMap::new();
    let mut roles = BTreeMap::new();
    let mut links = BTreeMap::new();
    for fact in facts {
        let LogEvent::User(event) = &fact.event else { continue };
        let time = fact.meta.time;
        match event {
            UserEvent::UserRegistered(event) => {
                registered.entry(event.user_id).or_insert((event, time));
            }
            UserEvent::RoleGranted(event) => {
                roles.insert(event.user_id, (event.role, time));
            }
            UserEvent::TelegramLinked(event) => {
                links.insert(event.telegram_user_id, (event, time));
            }
            UserEvent::UserSignedIn(_)
            | UserEvent::UserSignInFailed(_)
            | UserEvent::UserSignedOut(_)
            | UserEvent::UserDisabled(_)
            | UserEvent::UserEnabled(_)
            | UserEvent::UserPasswordChanged(_) => {}
        }
    }
    if !registered.is_empty() {
        register(conn, &registered).await?;
    }
    if !roles.is_empty() {
        grant(conn, &roles).await?;
    }
    if !links.is_empty() {
        link(conn, &links).await?;
    }
    Ok(())
}

async fn register(
    conn: &mut Conn,
    users: &BTreeMap<Uuid, (&UserRegistered, Timestamp)>,
) -> diesel::QueryResult<()> {
    let times: Vec<jiff_diesel::Timestamp> = users.values().map(|(_, time)| (*time).into()).collect();
    diesel::sql_query(
        "INSERT INTO users (id, phone, name, role, created_at, updated_at)
         SELECT id, phone, name, role, at, at
         FROM UNNEST($1, $2, $3, $4, $5) AS new (id, phone, name, role, at)
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(users.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(users.values().map(|(user, _)| user.phone.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(users.values().map(|(user, _)| user.name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(users.values().map(|(user, _)| user.role.name()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times)
    .execute(conn)
    .await?;
    Ok(())
}

/// A grant that is older than what the row reflects is a repetition.
async fn grant(conn: &mut Conn, roles: &BTreeMap<Uuid, (Role, Timestamp)>) -> diesel::QueryResult<()> {
    let times: Vec<jiff_diesel::Timestamp> = roles.values().map(|(_, time)| (*time).into()).collect();
    diesel::sql_query(
        "UPDATE users SET role = granted.role, updated_at = granted.at
         FROM UNNEST($1, $2, $3) AS granted (id, role, at)
         WHERE users.id = granted.id AND users.phone IS NOT NULL AND users.updated_at <= granted.at",
    )
    .bind::<Array<SqlUuid>, _>(roles.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(roles.values().map(|(role, _)| role.name()).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times)
    .execute(conn)
    .await?;
    Ok(())
}

async fn link(
    conn: &mut Conn,
    links: &BTreeMap<i64, (&TelegramLinked, Timestamp)>,
) -> diesel::QueryResult<()> {
    let times: Vec<jiff_diesel::Timestamp> = links.values().map(|(_, time)| (*time).into()).collect();
    diesel::sql_query(
        "UPDATE users SET linked_user_id = link.user_id, updated_at = GREATEST(users.updated_at, link.at)
         FROM UNNEST($1, $2, $3) AS link (telegram_user_id, user_id, at)
         WHERE users.telegram_user_id = link.telegram_user_id",
    )
    .bind::<Array<BigInt>, _>(links.keys().copied().collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(links.values().map(|(link, _)| link.user_id).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times)
    .execute(conn)
    .await?;
    Ok(())
}
