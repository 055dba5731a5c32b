use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::{
    LogEvent, Recorded,
    users::{Role, UserEvent, UserRegistered},
};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Conn, prepared::Prepared as _};

/// Accounts, then roles and access. Of several words about one account's role, or about its
/// access, the latest by its own time counts, within a batch and against the row: two instances may publish
/// in another order than they have committed in. Signing in and out changes no table of the fold.
pub(crate) async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut registered = BTreeMap::new();
    let mut roles = BTreeMap::new();
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
            UserEvent::TelegramLinked(_)
            | UserEvent::TelegramUnlinked(_)
            | UserEvent::UserSignedIn(_)
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
    Ok(())
}

/// The accounts that Telegram users have shown to be theirs. After the chats, whose first message enters the
/// Telegram user: it may be in the same slice.
pub(crate) async fn apply_links(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    let mut links: BTreeMap<i64, Link> = BTreeMap::new();
    for fact in facts {
        let (telegram_user, account, linked) = match &fact.event {
            LogEvent::User(UserEvent::TelegramLinked(event)) => (event.telegram_user_id, event.user_id, true),
            LogEvent::User(UserEvent::TelegramUnlinked(event)) => {
                (event.telegram_user_id, event.user_id, false)
            }
            _ => continue,
        };
        let link = Link { position: position(fact)?, account, linked, time: fact.meta.time };
        links.entry(telegram_user).and_modify(|known| known.follow(link)).or_insert(link);
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
    .prepared()
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
    .prepared()
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
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

fn newest<T>(words: &mut BTreeMap<Uuid, T>, user: Uuid, word: T, time: impl Fn(&T) -> Timestamp) {
    if words.get(&user).is_none_or(|known| time(known) <= time(&word)) {
        words.insert(user, word);
    }
}

/// The last word about a Telegram user's account, and the latest time of all.
#[derive(Debug, Clone, Copy)]
struct Link {
    position: i64,
    account: Uuid,
    /// False when it is no longer theirs.
    linked: bool,
    time: Timestamp,
}

impl Link {
    fn follow(&mut self, other: Self) {
        let time = self.time.max(other.time);
        // Whoever gives up an account gives up no other one.
        let about_this = other.linked || !self.linked || other.account == self.account;
        if other.position > self.position && about_this {
            *self = other;
        }
        self.time = time;
    }
}

/// A link is applied from the log alone, whose order decides which one stands.
fn position(fact: &Recorded) -> anyhow::Result<i64> {
    let position = fact.position.ok_or_else(|| anyhow::anyhow!("a link can only be applied from the log"))?;
    Ok(i64::try_from(position)?)
}

/// A link that comes again, or after a later one, leaves that one; the row is the same however the log is
/// cut and whatever is tried again.
async fn link(conn: &mut Conn, links: &BTreeMap<i64, Link>) -> diesel::QueryResult<()> {
    let times: Vec<jiff_diesel::Timestamp> = links.values().map(|link| link.time.into()).collect();
    diesel::sql_query(
        "WITH link AS (
             SELECT * FROM UNNEST($1, $2, $3, $4, $5) AS link (telegram_user_id, position, user_id, linked, at)
         ), newer AS (
             INSERT INTO link_positions AS known (telegram_user_id, position)
             SELECT telegram_user_id, position FROM link JOIN users USING (telegram_user_id)
             ON CONFLICT (telegram_user_id) DO UPDATE SET position = EXCLUDED.position
                 WHERE known.position < EXCLUDED.position
             RETURNING telegram_user_id
         )
         UPDATE users SET updated_at = GREATEST(users.updated_at, link.at),
             linked_user_id = CASE WHEN newer.telegram_user_id IS NULL THEN users.linked_user_id
                 WHEN link.linked THEN link.user_id
                 ELSE NULLIF(users.linked_user_id, link.user_id) END
         FROM link LEFT JOIN newer USING (telegram_user_id)
         WHERE users.telegram_user_id = link.telegram_user_id",
    )
    .bind::<Array<BigInt>, _>(links.keys().copied().collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(links.values().map(|link| link.position).collect::<Vec<_>>())
    .bind::<Array<SqlUuid>, _>(links.values().map(|link| link.account).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(links.values().map(|link| link.linked).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(times)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}
