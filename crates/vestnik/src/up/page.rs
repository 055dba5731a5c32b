use std::{path::Path, time::Duration};

use super::accounts::Account;
use crate::var::Running;

/// What a person needs to know next, on one screen.
pub(crate) fn print(running: &Running, accounts: Option<&Vec<Account>>, file: &Path, took: Duration) {
    println!();
    println!("  Vestnik is ready ({:.1} s)", took.as_secs_f64());
    println!();
    println!("  public site   {}", running.public_url);
    println!("  back office   {}", running.backoffice_url);
    if let Some(telegram) = &running.telegram_url {
        println!("  telegram      {telegram}   a simulated phone");
    }
    println!("  metrics       {}/metrics", running.metrics_url);
    if let Some(accounts) = accounts {
        println!();
        if accounts.iter().any(|account| account.new) {
            for account in accounts {
                println!(
                    "  {:<13} {}   {}",
                    account.role.name().to_lowercase(),
                    account.phone,
                    account.password
                );
            }
            println!("  (shown once; kept in {})", file.display());
        } else {
            println!("  accounts: in {}", file.display());
        }
    }
    println!();
    println!(
        "  Try: sign in as the customer and order with a picture; write from the phone and answer as the"
    );
    println!("  operator; `vestnik audit tail` shows every action of both. Ctrl-C stops everything.");
    println!();
}
