use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use events::{Service, orders::rules, users::Role};
use store::{
    Relay,
    identity::{self, NewAccount, password},
    users,
};

use super::credit;
use crate::target::Target;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an account
    Add {
        /// In any usual notation
        #[arg(long)]
        phone: String,
        #[arg(long)]
        name: String,
        /// CUSTOMER, EXECUTOR, OPERATOR, ADMIN or AUDITOR
        #[arg(long, value_parser = role)]
        role: Role,
        /// Read the password from standard input; otherwise a random one is made and printed
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give an account another role
    Role {
        #[arg(long)]
        phone: String,
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Add money to an account
    Credit {
        #[arg(long)]
        phone: String,
        /// Rubles, such as 1500 or 99.90
        #[arg(long)]
        amount: String,
        #[arg(long)]
        reason: String,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { phone, name, role, password_stdin } => add(&phone, name, role, password_stdin).await,
        Command::Role { phone, role } => grant(&phone, role).await,
        Command::Credit { phone, amount, reason } => add_money(&phone, &amount, &reason).await,
    }
}

async fn add(phone: &str, name: String, role: Role, password_stdin: bool) -> anyhow::Result<()> {
    let phone = e164(phone)?;
    let secret = if password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        identity::new_secret()[..20].to_owned()
    };
    if secret.chars().count() < 8 {
        bail!("the password must have at least 8 characters");
    }
    let shown = (!password_stdin).then(|| secret.clone());
    let password_hash = password::hash(secret).await?;
    let relay = relay().await?;
    let account = NewAccount { phone: phone.clone(), name, role, password_hash, session: None };
    let user = identity::register(&relay, account, Some("vestnik")).await?;
    relay.catch_up().await?;
    relay.bus().close().await;
    println!("{} {} {}", user.id, phone, role.name());
    if let Some(password) = shown {
        println!("password: {password}");
    }
    Ok(())
}

async fn grant(phone: &str, role: Role) -> anyhow::Result<()> {
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    identity::grant_role(&relay, user.id, role, "vestnik").await?;
    relay.catch_up().await?;
    relay.bus().close().await;
    println!("{} {}", user.id, role.name());
    Ok(())
}

async fn add_money(phone: &str, amount: &str, reason: &str) -> anyhow::Result<()> {
    let amount = rules::parse_amount(amount).map_err(|code| {
        anyhow::anyhow!("the amount {amount:?} is {code}; write rubles such as 1500 or 99.90")
    })?;
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    let outcome = credit::credit(relay.bus(), events::request_id(), user.id, amount, reason);
    let credited = tokio::time::timeout(Duration::from_secs(10), outcome)
        .await
        .context("no answer from the order worker within 10 s; the credit may still be made: look before you repeat it")??;
    relay.bus().close().await;
    println!("available {} ₽, held {} ₽", rubles(credited.available), rubles(credited.held));
    Ok(())
}

async fn find(relay: &Relay, phone: &str) -> anyhow::Result<users::User> {
    let phone = e164(phone)?;
    let mut conn = relay.store().conn().await?;
    users::by_phone(&mut conn, &phone).await?.with_context(|| format!("no account has the phone {phone}"))
}

async fn relay() -> anyhow::Result<Relay> {
    let target = Target::find()?;
    Ok(Relay::new(target.store()?, target.bus(Service::Vestnik).await?))
}

pub(crate) fn e164(phone: &str) -> anyhow::Result<String> {
    http_edge::read_phone(phone)
        .with_context(|| format!("{phone:?} is not a phone number; write it like +7 924 124-24-17"))
}

fn role(name: &str) -> Result<Role, String> {
    Role::from_name(name).ok_or_else(|| "CUSTOMER, EXECUTOR, OPERATOR, ADMIN or AUDITOR".to_owned())
}

fn rubles(kopecks: i64) -> String {
    format!("{}.{:02}", kopecks / 100, kopecks % 100)
}
