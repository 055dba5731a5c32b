use diesel::{
    ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _, OptionalExtension as _,
    QueryDsl as _, QueryResult,
};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing,
    users::{Listener, UserSignedIn, UserSignedOut},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{CredentialsError, IdentityError, accounts::still_good, publish};
use crate::{
    Conn, Relay, outbox,
    schema::{account_settings as settings, sessions as table, users as people},
    users::{self, User},
};

/// A session that nobody uses for this long is over.
pub const IDLE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// No session lasts longer than this.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A session to be begun.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// [`secret_hash`](super::secret_hash) of the cookie's value.
    pub token_hash: [u8; 32],
    pub listener: Listener,
    /// The session that the browser had until now: it ends, so that a cookie planted before signing in is
    /// worth nothing after it.
    pub replaces: Option<[u8; 32]>,
    /// What its owner knows the browser by, such as "Chrome, Android"; at most 60 characters.
    pub device: String,
}

/// A session that is good, and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    pub user: User,
    /// `ru` or `en`, once the account has chosen.
    pub language: Option<String>,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    pub id: Uuid,
    pub listener: Listener,
    pub device: String,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
    /// It is the one that asks.
    pub current: bool,
}

/// Begins a session for whoever typed the password that matched the hash `compared`.
///
/// # Errors
/// When the account was shut, or its password replaced, since then.
pub async fn open_session(
    relay: &Relay,
    user_id: Uuid,
    compared: &str,
    session: &NewSession,
) -> Result<(), CredentialsError> {
    let service = relay.bus().service();
    let event = UserSignedIn { user_id, listener: session.listener };
    let outgoing = vec![Outgoing::request(service, &user_id.to_string(), event)];
    let mut conn = relay.store().conn().await.map_err(IdentityError::from)?;
    let row = conn
        .transaction::<_, CredentialsError, _>(async |conn| {
            // Whoever shuts the account or replaces its password holds this lock while ending the sessions:
            // none slips in behind them.
            let disabled: Option<Option<jiff_diesel::Timestamp>> = people::table
                .find(user_id)
                .select(people::disabled_at)
                .for_share()
                .first(conn)
                .await
                .optional()?;
            let disabled = disabled.ok_or(CredentialsError::NoSuchUser)?.is_some();
            still_good(conn, user_id, compared, disabled).await?;
            insert(conn, user_id, session).await?;
            Ok(outbox::keep(conn, service, &outgoing).await?)
        })
        .await?;
    drop(conn);
    publish(relay, row, &outgoing).await;
    Ok(())
}

/// Ends a session; nothing happens when there is none.
pub async fn end_session(relay: &Relay, token_hash: [u8; 32]) -> Result<(), IdentityError> {
    end(relay, Which::Behind(token_hash)).await?;
    Ok(())
}

/// Ends one of the user's own sessions by its id. `false` when they have none of this id.
pub async fn end_own_session(relay: &Relay, user_id: Uuid, id: Uuid) -> Result<bool, IdentityError> {
    Ok(end(relay, Which::Own(user_id, id)).await? > 0)
}

/// Ends all sessions of a user but one, on both listeners, and returns how many those were.
pub async fn end_other_sessions(
    relay: &Relay,
    user_id: Uuid,
    but: Option<[u8; 32]>,
) -> Result<usize, IdentityError> {
    end(relay, Which::Others(user_id, but)).await
}

/// Which sessions end.
#[derive(Debug, Clone, Copy)]
enum Which {
    Behind([u8; 32]),
    Own(Uuid, Uuid),
    Others(Uuid, Option<[u8; 32]>),
}

/// Ends sessions, with an event for each.
async fn end(relay: &Relay, which: Which) -> Result<usize, IdentityError> {
    let service = relay.bus().service();
    let mut conn = relay.store().conn().await?;
    let ended = conn
        .transaction::<_, IdentityError, _>(async |conn| {
            let outgoing: Vec<Outgoing> = delete(conn, which)
                .await?
                .into_iter()
                .map(|(user_id, listener)| {
                    let event = UserSignedOut { user_id, listener: read_listener(&listener) };
                    Outgoing::request(service, &user_id.to_string(), event)
                })
                .collect();
            if outgoing.is_empty() {
                return Ok(None);
            }
            Ok(Some((outbox::keep(conn, service, &outgoing).await?, outgoing)))
        })
        .await?;
    drop(conn);
    let Some((row, outgoing)) = ended else { return Ok(0) };
    publish(relay, row, &outgoing).await;
    Ok(outgoing.len())
}

/// Whose sessions they were, and where.
async fn delete(conn: &mut Conn, which: Which) -> QueryResult<Vec<(Uuid, String)>> {
    let mut statement = diesel::delete(table::table).into_boxed();
    statement = match which {
        Which::Behind(hash) => statement.filter(table::token_hash.eq(hash.to_vec())),
        Which::Own(user, id) => statement.filter(table::user_id.eq(user)).filter(table::id.eq(id)),
        Which::Others(user, but) => {
            // A hash has 32 bytes: nothing equals an empty one.
            let but = but.map_or_else(Vec::new, |hash| hash.to_vec());
            statement.filter(table::user_id.eq(user)).filter(table::token_hash.ne(but))
        }
    };
    statement.returning((table::user_id, table::listener)).get_results(conn).await
}

fn read_listener(name: &str) -> Listener {
    if name == Listener::Public.name() { Listener::Public } else { Listener::Backoffice }
}

/// A user's sessions that are good, on both listeners, the one that asks first and then those used last.
pub async fn sessions_of(
    conn: &mut Conn,
    user_id: Uuid,
    current: Option<[u8; 32]>,
    now: Timestamp,
) -> QueryResult<Vec<OpenSession>> {
    type Times = (jiff_diesel::Timestamp, jiff_diesel::Timestamp, jiff_diesel::Timestamp);
    let rows: Vec<(Vec<u8>, Uuid, String, String, Times)> = table::table
        .filter(table::user_id.eq(user_id))
        .filter(table::expires_at.gt(jiff_diesel::Timestamp::from(now)))
        .filter(table::last_seen_at.gt(jiff_diesel::Timestamp::from(now - IDLE)))
        .order(table::last_seen_at.desc())
        .limit(MOST)
        .select((
            table::token_hash,
            table::id,
            table::listener,
            table::device,
            (table::created_at, table::last_seen_at, table::expires_at),
        ))
        .load(conn)
        .await?;
    let mut sessions: Vec<OpenSession> = rows
        .into_iter()
        .map(|(hash, id, listener, device, (created, seen, expires))| OpenSession {
            id,
            listener: read_listener(&listener),
            device,
            created_at: created.into(),
            last_seen_at: seen.into(),
            expires_at: expires.into(),
            current: current.is_some_and(|current| current.as_slice() == hash),
        })
        .collect();
    sessions.sort_by_key(|session| !session.current);
    Ok(sessions)
}

/// Sessions shown at once; whoever has more ends them all.
const MOST: i64 = 100;

/// Ends all sessions of a user, on both listeners.
pub(super) async fn end_sessions(conn: &mut Conn, user_id: Uuid) -> QueryResult<usize> {
    diesel::delete(table::table.filter(table::user_id.eq(user_id))).execute(conn).await
}

/// The session behind a cookie of this listener, unless it is over.
pub async fn session(
    conn: &mut Conn,
    token_hash: &[u8; 32],
    listener: Listener,
    now: Timestamp,
) -> QueryResult<Option<Session>> {
    type Row = (
        (Uuid, Option<String>, Option<String>, Option<String>),
        jiff_diesel::Timestamp,
        jiff_diesel::Timestamp,
        Option<String>,
    );
    let row: Option<Row> = table::table
        .inner_join(people::table.on(people::id.eq(table::user_id)))
        .left_join(settings::table.on(settings::user_id.eq(table::user_id)))
        .filter(table::token_hash.eq(token_hash.as_slice()))
        .filter(table::listener.eq(listener.name()))
        .filter(people::disabled_at.is_null())
        .select((
            (people::id, people::phone, people::name, people::role),
            table::last_seen_at,
            table::expires_at,
            settings::language.nullable(),
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.and_then(|(user, seen, expires, language)| {
        let (seen, expires): (Timestamp, Timestamp) = (seen.into(), expires.into());
        let good = now < expires && now.duration_since(seen) < IDLE;
        let user = users::read(user)?;
        good.then_some(Session { user, language, last_seen_at: seen, expires_at: expires })
    }))
}

/// Notes that a session is used, which puts off its idle end.
pub async fn touch_session(conn: &mut Conn, token_hash: &[u8; 32], now: Timestamp) -> QueryResult<()> {
    diesel::update(table::table.find(token_hash.as_slice()))
        .set(table::last_seen_at.eq(jiff_diesel::Timestamp::from(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Removes sessions that are over.
pub async fn sweep_sessions(conn: &mut Conn, now: Timestamp) -> QueryResult<usize> {
    let now = jiff_diesel::Timestamp::from(now);
    diesel::delete(table::table.filter(table::expires_at.lt(now))).execute(conn).await
}

pub(super) async fn insert(conn: &mut Conn, user_id: Uuid, session: &NewSession) -> QueryResult<()> {
    if let Some(replaced) = session.replaces {
        diesel::delete(table::table.find(replaced.as_slice())).execute(conn).await?;
    }
    let now = events::now();
    diesel::insert_into(table::table)
        .values((
            table::token_hash.eq(session.token_hash.as_slice()),
            table::user_id.eq(user_id),
            table::listener.eq(session.listener.name()),
            table::created_at.eq(jiff_diesel::Timestamp::from(now)),
            table::last_seen_at.eq(jiff_diesel::Timestamp::from(now)),
            table::expires_at.eq(jiff_diesel::Timestamp::from(now + ABSOLUTE)),
            table::id.eq(Uuid::now_v7()),
            table::device.eq(session.device.chars().take(60).collect::<String>()),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
