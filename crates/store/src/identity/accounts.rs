use diesel::{ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing,
    users::{Role, UserPasswordChanged, UserRegistered, UserSignedIn},
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

/// What an account's password becomes.
#[derive(Debug, Clone, Copy)]
pub struct PasswordChange<'c> {
    /// The hash that the password typed beside the new one was compared with; `None` when somebody with
    /// the right to do so sets it without knowing the old one.
    pub compared: Option<&'c str>,
    /// Of the new one, from [`password::hash`](super::password::hash).
    pub hash: &'c str,
    /// Gives the one that asked a new secret, so that it alone goes on.
    pub session: Option<&'c NewSession>,
}

/// Why a password that was right is not enough.
#[derive(Debug, thiserror::Error)]
pub enum CredentialsError {
    #[error("there is no such account")]
    NoSuchUser,
    #[error("the account is shut")]
    Shut,
    #[error("the password has been replaced since it was compared")]
    Replaced,
    #[error(transparent)]
    Other(#[from] IdentityError),
}

impl From<diesel::result::Error> for CredentialsError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<anyhow::Error> for CredentialsError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error.into())
    }
}

/// Replaces an account's password and ends its sessions.
pub async fn set_password(
    relay: &Relay,
    user_id: Uuid,
    change: PasswordChange<'_>,
    auth: &str,
) -> Result<(), CredentialsError> {
    let service = relay.bus().service();
    let outgoing = vec![Outgoing::request(service, auth, UserPasswordChanged { user_id })];
    let mut conn = relay.store().conn().await.map_err(IdentityError::from)?;
    let row = conn
        .transaction::<_, CredentialsError, _>(async |conn| {
            // Sign-ins, other changes and shutting the account wait here or are waited for.
            let disabled: Option<Option<jiff_diesel::Timestamp>> = people::table
                .find(user_id)
                .filter(people::phone.is_not_null())
                .select(people::disabled_at)
                .for_no_key_update()
                .first(conn)
                .await
                .optional()?;
            let disabled = disabled.ok_or(CredentialsError::NoSuchUser)?.is_some();
            if let Some(compared) = change.compared {
                still_good(conn, user_id, compared, disabled).await?;
            }
            put_password(conn, user_id, change.hash).await?;
            sessions::end_sessions(conn, user_id).await?;
            if let Some(session) = change.session {
                if disabled {
                    return Err(CredentialsError::Shut);
                }
                sessions::insert(conn, user_id, session).await?;
            }
            Ok(outbox::keep(conn, service, &outgoing).await?)
        })
        .await?;
    drop(conn);
    publish(relay, row, &outgoing).await;
    Ok(())
}

/// Whether a password that matched `compared` may still do what it was typed for. The user's row is locked,
/// so the answer holds until the end of the transaction.
pub(super) async fn still_good(
    conn: &mut Conn,
    user_id: Uuid,
    compared: &str,
    disabled: bool,
) -> Result<(), CredentialsError> {
    if disabled {
        return Err(CredentialsError::Shut);
    }
    // Salted, so equal hashes are the same password set the same time.
    let stored: Option<String> =
        table::table.find(user_id).select(table::password_hash).first(conn).await.optional()?;
    if stored.as_deref() == Some(compared) { Ok(()) } else { Err(CredentialsError::Replaced) }
}

/// What a sign-in is compared with.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: User,
    pub password_hash: String,
    /// An administrator has shut the account: the right password opens it no more.
    pub disabled: bool,
}

/// The account with this phone and its password hash. One question, whether there is such an account or
/// not, so that the time does not tell.
pub async fn credentials(conn: &mut Conn, phone: &str) -> QueryResult<Option<Credentials>> {
    let row: Option<(users::Row, String, Option<jiff_diesel::Timestamp>)> = people::table
        .inner_join(table::table.on(people::id.eq(table::user_id)))
        .filter(people::phone.eq(phone))
        .select((
            (people::id, people::phone, people::name, people::role),
            table::password_hash,
            people::disabled_at,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.and_then(|(user, password_hash, disabled)| {
        Some(Credentials { user: users::read(user)?, password_hash, disabled: disabled.is_some() })
    }))
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
