use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    users::{Role, TelegramLinked, UserEvent, UserRegistered},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::Conn;

/// Accounts, then roles and access, then links. Of several words about one account's role, or about its
/// access, the latest by its own time counts, within a batch and against the row: two instances may publish
/// in another order than they have committed in. Signing in and out changes no table of the fold.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut registered = BTreeMap::new();
    let mut roles = BTreeMap::new();
    let mut links = BTreeMap::new();
    let mut access: BTreeMap<Uuid, (Option<&str>, Timestamp)> = BTreeMap::new();
    for fact in facts {
        let LogEvent::User(event) = &fact.event else { continue };
        let time = fact.meta.time;
        match event {
            UserEvent::UserRegistered(event) => {
                registered.entry(event.user_id).or_insert((event, time));
            }
            UserEvent::RoleGranted(event) => {
                newest(&mut roles, event.user_id, (event.role, time), |role| role.1);
            }
            UserEvent::UserDisabled(event) => {
                newest(&mut access, event.user_id, (Some(&event.reason), time), |access| access.1);
            }
            UserEvent::UserEnabled(event) => {
                newest(&mut access, event.user_id, (None, time), |access| access.1);
            }
            UserEvent::TelegramLinked(event) => {
                links.insert(event.telegram_user_id, (event, time));
            }
            UserEvent::UserSignedIn(_)
            | UserEvent::UserSignInFailed(_)
            | UserEvent::UserSignedOut(_)
            | UserEvent::UserPasswordChanged(_) => {}
        }
    }
    if !registered.is_empty() {
        register(conn, &registered).await?;
    }
    if !roles.is_empty() {
        grant(conn, &roles).await?;
    }
    if !access.is_empty() {
        allow(conn, &access).await?;
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

/// Shuts accounts, with the reason, or opens them.
async fn allow(
    conn: &mut Conn,
    access: &BTreeMap<Uuid, (Option<&str>, Timestamp)>,
) -> diesel::QueryResult<()> {
    let times: Vec<jiff_diesel::Timestamp> = access.values().map(|(_, time)| (*time).into()).collect();
    diesel::sql_query(
        "UPDATE users SET access_at = word.at, disabled_reason = word.reason,
             disabled_at = CASE WHEN word.reason IS NULL THEN NULL ELSE word.at END
         FROM UNNEST($1, $2, $3) AS word (id, reason, at)
         WHERE users.id = word.id AND users.phone IS NOT NULL
             AND (users.access_at IS NULL OR users.access_at <= word.at)",
    )
    .bind::<Array<SqlUuid>, _>(access.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(access.values().map(|(reason, _)| *reason).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times)
    .execute(conn)
    .await?;
    Ok(())
}

fn newest<T>(words: &mut BTreeMap<Uuid, T>, user: Uuid, word: T, time: impl Fn(&T) -> Timestamp) {
    if words.get(&user).is_none_or(|known| time(known) <= time(&word)) {
        words.insert(user, word);
    }
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
