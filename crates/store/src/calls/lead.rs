use std::time::Duration;

use diesel::sql_types::{BigInt, Bool};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _};
use events::{bus::retry::Backoff, derived_id};
use tokio::time::timeout;

/// How long another bridge may have stood by when the active one is gone.
const TRY: Duration = Duration::from_millis(250);
/// How long this one may go on when its connection is gone. In between, an attempt is still safe: it is
/// recorded in the database first, and only one bridge can record it.
const CHECK: Duration = Duration::from_millis(250);
/// A database that does not answer for so long may have given the lock to somebody else.
const ANSWER: Duration = Duration::from_secs(2);
const CONNECT: Backoff = Backoff { first: Duration::from_millis(100), most: Duration::from_secs(2) };

/// The right to work for some bots: one bridge at a time has it for each. It is an advisory lock of PostgreSQL
/// for every bot, all on one connection, so they are free again as soon as that is gone, however its holder
/// ended. All or none: the wishes of all bots come through one consumer, and a bridge that took those of a bot
/// that another one sends for could not keep the order within a chat.
pub struct Lead {
    conn: AsyncPgConnection,
}

#[derive(diesel::QueryableByName)]
struct Tried {
    #[diesel(sql_type = Bool)]
    held: bool,
}

impl Lead {
    /// Waits until nobody else has it for any of the bots. Dropping the future is safe at any time.
    pub async fn take(database_url: &str, bots: &[i64]) -> Self {
        let mut failures = 0;
        let mut told = false;
        loop {
            match Self::stand_by(database_url, bots, &mut told).await {
                Ok(lead) => return lead,
                Err(error) => {
                    failures += 1;
                    let delay = CONNECT.delay(failures);
                    tracing::warn!(error = format!("{error:#}"), ?delay, "cannot ask for the lead");
                    tokio::time::sleep(delay).await;
                }
            }
        }
    }

    async fn stand_by(database_url: &str, bots: &[i64], told: &mut bool) -> anyhow::Result<Self> {
        let mut conn = timeout(ANSWER, AsyncPgConnection::establish(database_url)).await??;
        // In the same order everywhere: of two bridges that share a bot, one gets on.
        let mut keys: Vec<i64> = bots.iter().copied().map(key).collect();
        keys.sort_unstable();
        loop {
            if timeout(ANSWER, lock(&mut conn, &keys)).await?? {
                return Ok(Self { conn });
            }
            if !std::mem::replace(told, true) {
                tracing::info!("another bridge is active; standing by");
            }
            tokio::time::sleep(TRY).await;
        }
    }

    /// Resolves when the lead is lost.
    pub async fn lost(&mut self) {
        loop {
            tokio::time::sleep(CHECK).await;
            let answer = timeout(ANSWER, diesel::sql_query("SELECT 1").execute(&mut self.conn)).await;
            if !matches!(answer, Ok(Ok(_))) {
                return;
            }
        }
    }
}

/// Takes all of the locks, or none.
async fn lock(conn: &mut AsyncPgConnection, keys: &[i64]) -> diesel::QueryResult<bool> {
    for key in keys {
        let asked = diesel::sql_query("SELECT pg_try_advisory_lock($1) AS held").bind::<BigInt, _>(key);
        if !asked.get_result::<Tried>(conn).await?.held {
            diesel::sql_query("SELECT pg_advisory_unlock_all()").execute(conn).await?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// A number that no other lock of this database has.
fn key(bot_id: i64) -> i64 {
    let (key, _) = derived_id(&["bot-bridge-lead", &bot_id.to_string()]).as_u64_pair();
    key.cast_signed()
}

impl std::fmt::Debug for Lead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lead").finish_non_exhaustive()
    }
}
