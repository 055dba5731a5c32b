use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use events::{Service, orders::rules, users::Role};
use store::{
    Relay,
    identity::{self, NewAccount, PasswordChange, password},
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
    /// Replace an account's password and end its sessions
    Password {
        #[arg(long)]
        phone: String,
        /// Read the password from standard input; otherwise a random one is made and printed
        #[arg(long)]
        password_stdin: bool,
    },
    /// Shut an account: its sessions end, its tokens are worth nothing, nobody can sign in to it
    Disable {
        #[arg(long)]
        phone: String,
        /// Why, for other administrators
        #[arg(long)]
        reason: String,
    },
    /// Open an account again
    Enable {
        #[arg(long)]
        phone: String,
    },
    /// End all sessions of an account
    SignOut {
        #[arg(long)]
        phone: String,
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
        Command::Password { phone, password_stdin } => set_password(&phone, password_stdin).await,
        Command::Disable { phone, reason } => disable(&phone, &reason).await,
        Command::Enable { phone } => enable(&phone).await,
        Command::SignOut { phone } => sign_out(&phone).await,
        Command::Credit { phone, amount, reason } => add_money(&phone, &amount, &reason).await,
    }
}

async fn add(phone: &str, name: String, role: Role, password_stdin: bool) -> anyhow::Result<()> {
    let phone = e164(phone)?;
    let secret = secret(password_stdin)?;
    password::check(&secret, &phone, &name)?;
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

/// A password from standard input, or a random one.
fn secret(password_stdin: bool) -> anyhow::Result<String> {
    if !password_stdin {
        return Ok(identity::new_secret()[..20].to_owned());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn set_password(phone: &str, password_stdin: bool) -> anyhow::Result<()> {
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    let secret = secret(password_stdin)?;
    password::check(&secret, &user.phone, &user.name)?;
    let shown = (!password_stdin).then(|| secret.clone());
    let hash = password::hash(secret).await?;
    let change = PasswordChange { compared: None, hash: &hash, session: None };
    identity::set_password(&relay, user.id, change, "vestnik").await?;
    finish(&relay).await?;
    println!("{} has a new password and is signed out everywhere", user.id);
    if let Some(password) = shown {
        println!("password: {password}");
    }
    Ok(())
}

async fn disable(phone: &str, reason: &str) -> anyhow::Result<()> {
    let reason = rules::line(reason);
    if !(1..=500).contains(&reason.chars().count()) {
        bail!("the reason must have 1 to 500 characters");
    }
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    identity::disable(&relay, user.id, &reason, "vestnik").await?;
    finish(&relay).await?;
    println!("{} is shut", user.id);
    Ok(())
}

async fn enable(phone: &str) -> anyhow::Result<()> {
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    identity::enable(&relay, user.id, "vestnik").await?;
    finish(&relay).await?;
    println!("{} is open", user.id);
    Ok(())
}

async fn sign_out(phone: &str) -> anyhow::Result<()> {
    let relay = relay().await?;
    let user = find(&relay, phone).await?;
    let ended = identity::end_other_sessions(&relay, user.id, None).await?;
    finish(&relay).await?;
    println!("{} is signed out; sessions ended: {ended}", user.id);
    Ok(())
}

/// What is committed shall be in the log before the command ends.
async fn finish(relay: &Relay) -> anyhow::Result<()> {
    relay.catch_up().await?;
    relay.bus().close().await;
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
