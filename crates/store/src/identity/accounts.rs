use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing,
    users::{Role, RoleGranted, UserRegistered, UserSignedIn},
};
use uuid::Uuid;

use super::{IdentityError, NewSession, publish, sessions};
use crate::{
    Conn, Relay, outbox,
    schema::{credentials as table, users as people},
    users::{self, User},
};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// E.164.
    pub phone: String,
    pub name: String,
    pub role: Role,
    /// From [`password::hash`](super::password::hash).
    pub password_hash: String,
    /// Signs the new account in at once.
    pub session: Option<NewSession>,
}

/// Why there is no new account.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the phone belongs to an account already")]
    PhoneTaken,
    #[error(transparent)]
    Other(#[from] IdentityError),
}

impl From<diesel::result::Error> for RegisterError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<anyhow::Error> for RegisterError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error.into())
    }
}

/// Makes an account: the user, the password, the session if one is asked for and the events, in one
/// transaction. `auth` is who acts; `None` is the new user.
pub async fn register(relay: &Relay, account: NewAccount, auth: Option<&str>) -> Result<User, RegisterError> {
    let user = User { id: Uuid::now_v7(), phone: account.phone, name: account.name, role: account.role };
    let service = relay.bus().service();
    let own = user.id.to_string();
    let registered = Outgoing::request(
        service,
        auth.unwrap_or(&own),
        UserRegistered {
            user_id: user.id,
            phone: user.phone.clone(),
            name: user.name.clone(),
            role: user.role,
        },
    );
    let fact = registered.recorded().map_err(|error| IdentityError::Other(error.into()))?;
    let mut outgoing = vec![registered];
    if let Some(session) = &account.session {
        let signed_in = UserSignedIn { user_id: user.id, listener: session.listener };
        outgoing.push(Outgoing::fact(service, &fact.meta, 0, None, fact.meta.time, &signed_in));
    }
    let mut conn = relay.store().conn().await.map_err(IdentityError::from)?;
    let row = conn
        .transaction::<_, RegisterError, _>(async |conn| {
            users::apply(conn, std::slice::from_ref(&fact)).await?;
            // `apply` passes over a phone that is taken, as a replay must; here it is the answer.
            let made: i64 = people::table.filter(people::id.eq(user.id)).count().get_result(conn).await?;
            if made == 0 {
                return Err(RegisterError::PhoneTaken);
            }
            put_password(conn, user.id, &account.password_hash).await?;
            if let Some(session) = &account.session {
                sessions::insert(conn, user.id, session).await?;
            }
            Ok(outbox::keep(conn, service, &outgoing).await?)
        })
        .await?;
    drop(conn);
    publish(relay, row, &outgoing).await;
    Ok(user)
}

/// Gives an account another role. `false` when there is no such account.
pub async fn grant_role(relay: &Relay, user_id: Uuid, role: Role, auth: &str) -> Result<bool, IdentityError> {
    let service = relay.bus().service();
    let granted = Outgoing::request(service, auth, RoleGranted { user_id, role });
    let fact = granted.recorded().map_err(|error| IdentityError::Other(error.into()))?;
    let outgoing = vec![granted];
    let mut conn = relay.store().conn().await?;
    let row = conn
        .transaction::<_, IdentityError, _>(async |conn| {
            if users::by_id(conn, user_id).await?.is_none() {
                return Ok(None);
            }
            users::apply(conn, std::slice::from_ref(&fact)).await?;
            Ok(Some(outbox::keep(conn, service, &outgoing).await?))
        })
        .await?;
    drop(conn);
    match row {
        Some(row) => publish(relay, row, &outgoing).await,
        None => return Ok(false),
    }
    Ok(true)
}

/// Replaces an account's password and ends its sessions.
pub async fn set_password(conn: &mut Conn, user_id: Uuid, password_hash: &str) -> QueryResult<()> {
    conn.transaction::<_, diesel::result::Error, _>(async |conn| {
        put_password(conn, user_id, password_hash).await?;
        sessions::end_sessions(conn, user_id).await?;
        Ok(())
    })
    .await
}

/// The account with this phone and its password hash.
pub async fn credentials(conn: &mut Conn, phone: &str) -> QueryResult<Option<(User, String)>> {
    let Some(user) = users::by_phone(conn, phone).await? else { return Ok(None) };
    let hash: Option<String> =
        table::table.find(user.id).select(table::password_hash).first(conn).await.optional()?;
    Ok(hash.map(|hash| (user, hash)))
}

async fn put_password(conn: &mut Conn, user_id: Uuid, password_hash: &str) -> QueryResult<()> {
    let now = jiff_diesel::Timestamp::from(events::now());
    diesel::insert_into(table::table)
        .values((
            table::user_id.eq(user_id),
            table::password_hash.eq(password_hash),
            table::updated_at.eq(now),
        ))
        .on_conflict(table::user_id)
        .do_update()
        .set((table::password_hash.eq(password_hash), table::updated_at.eq(now)))
        .execute(conn)
        .await?;
    Ok(())
}
