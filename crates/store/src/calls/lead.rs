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

/// The right to send for a bot: one bridge at a time has it. It is an advisory lock of PostgreSQL on a
/// connection of its own, so it is free again as soon as that is gone, however its holder ended.
pub struct Lead {
    conn: AsyncPgConnection,
}

#[derive(diesel::QueryableByName)]
struct Tried {
    #[diesel(sql_type = Bool)]
    held: bool,
}

impl Lead {
    /// Waits until nobody else has it. Dropping the future is safe at any time.
    pub async fn take(database_url: &str, bot_id: i64) -> Self {
        let mut failures = 0;
        let mut told = false;
        loop {
            match Self::stand_by(database_url, bot_id, &mut told).await {
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

    async fn stand_by(database_url: &str, bot_id: i64, told: &mut bool) -> anyhow::Result<Self> {
        let mut conn = timeout(ANSWER, AsyncPgConnection::establish(database_url)).await??;
        loop {
            let asked = diesel::sql_query("SELECT pg_try_advisory_lock($1) AS held")
                .bind::<BigInt, _>(key(bot_id))
                .get_result::<Tried>(&mut conn);
            if timeout(ANSWER, asked).await??.held {
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
