use diesel::{ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _, QueryDsl as _, QueryResult};
use diesel_async::{AsyncConnection as _, RunQueryDsl};
use events::{
    Outgoing,
    users::{Listener, UserSignedIn, UserSignedOut},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{IdentityError, publish};
use crate::{
    Conn, Relay, outbox,
    schema::{sessions as table, users as people},
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
}

/// A session that is good, and whose it is.
#[derive(Debug, Clone)]
pub struct Session {
    pub user: User,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Begins a session.
pub async fn open_session(relay: &Relay, user_id: Uuid, session: &NewSession) -> Result<(), IdentityError> {
    let service = relay.bus().service();
    let event = UserSignedIn { user_id, listener: session.listener };
    let outgoing = vec![Outgoing::request(service, &user_id.to_string(), event)];
    let mut conn = relay.store().conn().await?;
    let row = conn
        .transaction::<_, IdentityError, _>(async |conn| {
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
    let service = relay.bus().service();
    let mut conn = relay.store().conn().await?;
    let ended = conn
        .transaction::<_, IdentityError, _>(async |conn| {
            let ended: Option<(Uuid, String)> = diesel::delete(table::table.find(token_hash.as_slice()))
                .returning((table::user_id, table::listener))
                .get_result(conn)
                .await
                .optional()?;
            let Some((user_id, listener)) = ended else { return Ok(None) };
            let listener =
                if listener == Listener::Public.name() { Listener::Public } else { Listener::Backoffice };
            let event = UserSignedOut { user_id, listener };
            let outgoing = vec![Outgoing::request(service, &user_id.to_string(), event)];
            let row = outbox::keep(conn, service, &outgoing).await?;
            Ok(Some((row, outgoing)))
        })
        .await?;
    drop(conn);
    if let Some((row, outgoing)) = ended {
        publish(relay, row, &outgoing).await;
    }
    Ok(())
}

/// Ends all sessions of a user, on both listeners.
pub async fn end_sessions(conn: &mut Conn, user_id: Uuid) -> QueryResult<usize> {
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
    );
    let row: Option<Row> = table::table
        .inner_join(people::table.on(people::id.eq(table::user_id)))
        .filter(table::token_hash.eq(token_hash.as_slice()))
        .filter(table::listener.eq(listener.name()))
        .select((
            (people::id, people::phone, people::name, people::role),
            table::last_seen_at,
            table::expires_at,
        ))
        .first(conn)
        .await
        .optional()?;
    Ok(row.and_then(|(user, seen, expires)| {
        let (seen, expires): (Timestamp, Timestamp) = (seen.into(), expires.into());
        let good = now < expires && now.duration_since(seen) < IDLE;
        let user = users::read(user)?;
        good.then_some(Session { user, last_seen_at: seen, expires_at: expires })
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
        ))
        .execute(conn)
        .await?;
    Ok(())
}
