use anyhow::Context as _;
use clap::Subcommand;
use store::{identity, users};

use super::user::e164;
use crate::target::Target;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a bearer token for an account and print it, once
    Create {
        /// The account's phone
        #[arg(long)]
        phone: String,
    },
}

pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    let Command::Create { phone } = command;
    let phone = e164(&phone)?;
    let store = Target::find()?.store()?;
    let mut conn = store.conn().await?;
    let user = users::by_phone(&mut conn, &phone)
        .await?
        .with_context(|| format!("no account has the phone {phone}"))?;
    let token = identity::new_secret();
    identity::create_token(&mut conn, user.id, &identity::secret_hash(&token), events::now()).await?;
    println!("{token}");
    Ok(())
}
