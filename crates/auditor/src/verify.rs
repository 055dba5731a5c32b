//! The fold of the log beside the live tables.

mod blame;
mod compare;
mod money;
mod motion;
mod report;
mod scratch;
mod tables;

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use events::Bus;

pub use report::{Difference, MoneyFault, Report, Responsible, Unsettled, Verdict};
pub use tables::EXCLUDED;

use self::{compare::Row, motion::Motion, scratch::Scratch};
use crate::{Listed, Progress, log, rebuild::Folder};

/// How a system is verified.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions {
    /// How long what is being written is looked at again before it is listed as not compared.
    pub patience: Duration,
    /// Events folded in one transaction.
    pub batch: usize,
    /// Differing rows that are kept in the report; all are counted.
    pub rows: usize,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self { patience: Duration::from_secs(10), batch: 1_000, rows: 1_000 }
    }
}

/// Between two looks at what is in motion: relays mark what they have published every second.
const PAUSE: Duration = Duration::from_millis(250);
/// The log is followed until fewer events than this are left, or this often.
const NEAR: u64 = 1_000;
const CHASES: u32 = 5;

/// Folds the log into a schema of its own, which it drops again, and compares it with the live tables.
///
/// # Errors
/// When it could not be verified: the log or the database cannot be used.
pub async fn verify(bus: &Bus, database_url: &str, options: &VerifyOptions) -> anyhow::Result<Report> {
    verify_with(bus, database_url, options, |_| {}).await
}

/// As [`verify`], and tells how far the fold is.
pub async fn verify_with(
    bus: &Bus,
    database_url: &str,
    options: &VerifyOptions,
    mut progress: impl FnMut(Progress) + Send,
) -> anyhow::Result<Report> {
    let started = Instant::now();
    let scratch = Scratch::make(database_url).await?;
    let result = Verifier { bus, database_url, options, started }.run(&scratch, &mut progress).await;
    scratch.drop().await?;
    result
}

struct Verifier<'a> {
    bus: &'a Bus,
    database_url: &'a str,
    options: &'a VerifyOptions,
    started: Instant,
}

impl Verifier<'_> {
    async fn run(
        &self,
        scratch: &Scratch,
        progress: &mut (impl FnMut(Progress) + Send),
    ) -> anyhow::Result<Report> {
        let mut folder = scratch.folder(self.bus).await?;
        let mut live = Live::connect(self.database_url, scratch.schema()).await?;
        let mut report = Report::default();
        let mut rows: BTreeMap<(&'static str, String), Row> = BTreeMap::new();
        let mut unsettled: Option<Motion> = None;
        let mut settling = None;
        loop {
            self.catch_up(&mut folder, progress).await?;
            let look = live.look(self.bus, folder.position(), self.options.rows).await?;
            report.rows = look.rows;
            report.money = look.money;
            report.given_up = look.motion.given_up.clone();
            report.more = report.more.max(look.differing.more());
            for row in look.differing.shown {
                rows.insert((row.table, row.key()), row);
            }
            let left = match unsettled {
                None => look.motion,
                Some(before) => before.and_still(look.motion),
            };
            let since = settling.get_or_insert_with(Instant::now);
            let done = left.is_empty() || since.elapsed() >= self.options.patience;
            unsettled = Some(left);
            if done {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        report.unsettled = unsettled.map(Motion::into_unsettled).unwrap_or_default();
        report.found = folder.findings().await?;
        let rows: Vec<Row> = rows.into_values().collect();
        let responsible = blame::find(self.bus, &rows, folder.position()).await?;
        report.differences =
            rows.iter().zip(&responsible).flat_map(|(row, event)| row.differences(event.as_ref())).collect();
        report.elapsed = self.started.elapsed();
        Ok(report)
    }

    /// Folds until the end of the log is near: under load it moves on meanwhile.
    async fn catch_up(
        &self,
        folder: &mut Folder,
        progress: &mut (impl FnMut(Progress) + Send),
    ) -> anyhow::Result<()> {
        for _ in 0..CHASES {
            let end = log::end(self.bus).await?;
            let before = folder.position();
            folder.advance(self.bus, end, self.options.batch, progress).await?;
            if folder.position() - before < NEAR {
                break;
            }
        }
        // Without statistics the comparison of a fresh schema is planned badly.
        let tables: Vec<&str> = tables::COMPARED.iter().map(|table| table.name).collect();
        let statement = format!("ANALYZE auditor_seen, {}", tables.join(", "));
        Ok(folder.target.conn.batch_execute(&statement).await?)
    }
}

/// One snapshot of the live tables.
struct Look {
    motion: Motion,
    differing: Listed<Row>,
    rows: u64,
    money: Vec<MoneyFault>,
}

/// The connection that sees both schemas.
struct Live {
    conn: AsyncPgConnection,
    schema: String,
    rebuilt: String,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

impl Live {
    async fn connect(database_url: &str, rebuilt: &str) -> anyhow::Result<Self> {
        let mut conn =
            AsyncPgConnection::establish(database_url).await.context("no connection to the database")?;
        conn.batch_execute("SET TimeZone TO 'UTC'").await?;
        let name: Name =
            diesel::sql_query("SELECT current_schema()::text AS name").get_result(&mut conn).await?;
        Ok(Self { conn, schema: name.name, rebuilt: rebuilt.to_owned() })
    }

    /// Takes a snapshot and compares all that is not in motion in it. The fold must have ended before.
    async fn look(&mut self, bus: &Bus, position: u64, rows: usize) -> anyhow::Result<Look> {
        let Self { conn, schema, rebuilt } = self;
        conn.build_transaction()
            .read_only()
            .repeatable_read()
            .run(async |conn: &mut AsyncPgConnection| -> anyhow::Result<Look> {
                let motion = motion::find(conn, bus, schema, rebuilt, position).await?;
                let (differing, count) = compare::all(conn, schema, rebuilt, &motion, rows).await?;
                let money = money::check(conn, schema).await?;
                Ok(Look { motion, differing, rows: count, money })
            })
            .await
    }
}
