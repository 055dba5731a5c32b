//! Who may do what: roles, and whether an account is open at all.

use diesel::{ExpressionMethods as _, NullableExpressionMethods as _, QueryDsl as _, QueryResult};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing, Service,
    users::{Role, RoleGranted, UserDisabled, UserEnabled},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{IdentityError, publish, sessions};
use crate::{Conn, Relay, outbox, schema::users as people, users};

/// Why an account was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    #[error("there is no such account")]
    NoSuchUser,
    #[error("who acts is no administrator any more")]
    NotAdmin,
    #[error("nobody may shut or demote themself")]
    Oneself,
    #[error("it is the last administrator who can sign in")]
    LastAdmin,
    #[error(transparent)]
    Other(#[from] IdentityError),
}

impl From<diesel::result::Error> for AccessError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Other(error.into())
    }
}

impl From<anyhow::Error> for AccessError {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error.into())
    }
}

/// What becomes of an account.
#[derive(Debug, Clone, Copy)]
enum Change<'c> {
    Role(Role),
    Shut(&'c str),
    Open,
}

/// Gives an account another role. `auth` is who acts: a user's id, or the service itself. Nothing happens
/// when it has the role already.
pub async fn grant_role(relay: &Relay, user_id: Uuid, role: Role, auth: &str) -> Result<(), AccessError> {
    change(relay, user_id, Change::Role(role), auth).await
}

/// Shuts an account: all its sessions end, its tokens are worth nothing, and nobody can sign in to it.
/// Nothing happens when it is shut already.
pub async fn disable(relay: &Relay, user_id: Uuid, reason: &str, auth: &str) -> Result<(), AccessError> {
    change(relay, user_id, Change::Shut(reason), auth).await
}

/// Opens an account again. Nothing happens when it is open.
pub async fn enable(relay: &Relay, user_id: Uuid, auth: &str) -> Result<(), AccessError> {
    change(relay, user_id, Change::Open, auth).await
}

/// One transaction: the locks, the checks, the table and the outbox.
async fn change(relay: &Relay, user_id: Uuid, what: Change<'_>, auth: &str) -> Result<(), AccessError> {
    let service = relay.bus().service();
    let mut conn = relay.store().conn().await.map_err(IdentityError::from)?;
    let kept = conn
        .transaction::<_, AccessError, _>(async |conn| {
            let admins = lock(conn, user_id).await?;
            let account = users::account(conn, user_id).await?.ok_or(AccessError::NoSuchUser)?;
            what.check(user_id, auth, &admins)?;
            if matches!(what, Change::Shut(_)) {
                sessions::end_sessions(conn, user_id).await?;
            }
            let Some(mut event) = what.event(service, &account, auth) else { return Ok(None) };
            event.meta.time = event.meta.time.max(what.earliest(conn, user_id).await?);
            let outgoing = vec![event];
            let fact = outgoing[0].recorded().map_err(anyhow::Error::from)?;
            users::apply(conn, std::slice::from_ref(&fact)).await?;
            // `apply` passes over what is older than the row, as a replay must; here it must not be.
            let now = users::account(conn, user_id).await?.ok_or(AccessError::NoSuchUser)?;
            if what.event(service, &now, auth).is_some() {
                return Err(anyhow::anyhow!("the account of {user_id} has not changed").into());
            }
            Ok(Some((outbox::keep(conn, service, &outgoing).await?, outgoing)))
        })
        .await?;
    drop(conn);
    if let Some((row, outgoing)) = kept {
        publish(relay, row, &outgoing).await;
    }
    Ok(())
}

impl Change<'_> {
    /// `admins`: whose accounts are open and who are administrators. A person who acts must be one of them,
    /// however it was when they asked: another may have shut them while this waited for the locks.
    fn check(self, user_id: Uuid, auth: &str, admins: &[Uuid]) -> Result<(), AccessError> {
        if auth.parse().is_ok_and(|person: Uuid| !admins.contains(&person)) {
            return Err(AccessError::NotAdmin);
        }
        let takes_away = match self {
            Self::Role(role) => role != Role::Admin,
            Self::Shut(_) => true,
            Self::Open => false,
        };
        if takes_away && auth == user_id.to_string() {
            return Err(AccessError::Oneself);
        }
        if takes_away && *admins == [user_id] {
            return Err(AccessError::LastAdmin);
        }
        Ok(())
    }

    /// The time that the word must have at least: under the locks times follow each other as commits do,
    /// although the clock of the instance that spoke last may have been ahead.
    async fn earliest(self, conn: &mut Conn, user_id: Uuid) -> QueryResult<Timestamp> {
        let row = people::table.find(user_id);
        let last: Option<jiff_diesel::Timestamp> = match self {
            Self::Role(_) => row.select(people::updated_at.nullable()).first(conn).await?,
            Self::Shut(_) | Self::Open => row.select(people::access_at).first(conn).await?,
        };
        Ok(last.map_or(Timestamp::MIN, |last| Timestamp::from(last) + SignedDuration::from_micros(1)))
    }

    /// `None` when the account is so already.
    fn event(self, service: Service, account: &users::Account, auth: &str) -> Option<Outgoing> {
        let user_id = account.user.id;
        match (self, &account.disabled) {
            (Self::Role(role), _) if role != account.user.role => {
                Some(Outgoing::request(service, auth, RoleGranted { user_id, role }))
            }
            (Self::Shut(reason), None) => {
                let reason = reason.to_owned();
                Some(Outgoing::request(service, auth, UserDisabled { user_id, reason }))
            }
            (Self::Open, Some(_)) => Some(Outgoing::request(service, auth, UserEnabled { user_id })),
            _ => None,
        }
    }
}

/// Locks the account and all that could be the last administrator's, always in the same order: two
/// administrators who shut each other wait here. Returns those administrators whose accounts are open.
async fn lock(conn: &mut Conn, user_id: Uuid) -> QueryResult<Vec<Uuid>> {
    let rows: Vec<(Uuid, Option<String>, Option<jiff_diesel::Timestamp>)> = people::table
        .filter(people::role.eq(Role::Admin.name()))
        .or_filter(people::id.eq(user_id))
        .order(people::id)
        .for_no_key_update()
        .select((people::id, people::role, people::disabled_at))
        .load(conn)
        .await?;
    let is_admin = |role: &Option<String>| role.as_deref() == Some(Role::Admin.name());
    Ok(rows
        .into_iter()
        .filter(|(_, role, disabled)| is_admin(role) && disabled.is_none())
        .map(|(id, ..)| id)
        .collect())
}
