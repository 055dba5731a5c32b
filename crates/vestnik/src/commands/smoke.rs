//! Drives both main flows against a running system through its public interfaces, and says what held.

mod chat;
mod orders;
mod report;
mod session;

use anyhow::bail;
use clap::Args;

use self::report::Report;
use crate::{target::Target, up::accounts, var::Var};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only the chat with this Telegram user, over HTTP and against the database
    #[arg(long, value_name = "ID")]
    user: Option<i64>,
    /// Bearer token of an operator; not needed for a private system
    #[arg(long, env = "VESTNIK_OPERATOR_TOKEN", hide_env_values = true)]
    operator_token: Option<process::Secret>,
}

pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let target = Target::find()?;
    let mut report = Report::default();
    let operator = session::operator(&target, &Var::find()?, options.operator_token.as_ref()).await?;
    if let Some(user) = options.user {
        chat::with_user(&target, &operator, user, &mut report).await;
    } else {
        orders::run(&target, &mut report).await;
        chat::run(&target, &operator, &mut report).await;
    }
    report.print();
    if report.failed() > 0 {
        bail!("{} of {} checks did not hold", report.failed(), report.total());
    }
    Ok(())
}

/// Where the passwords of a private system are.
fn demo_account(var: &Var, role: events::users::Role) -> anyhow::Result<Option<accounts::Account>> {
    let all: Option<Vec<accounts::Account>> = var.read(accounts::FILE)?;
    Ok(all.into_iter().flatten().find(|account| account.role == role))
}
