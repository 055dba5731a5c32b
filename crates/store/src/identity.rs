//! Who may come in: accounts, passwords, sessions, tokens, and the drafts that belong to an account.
//!
//! Everything here but drafts is an action, so it is one transaction of the table and the outbox, and is
//! published when it is committed. Secrets are kept as hashes and are never in an event.

mod access;
mod accounts;
pub mod drafts;
pub mod password;
mod sessions;
pub mod settings;
mod tokens;

use std::time::Duration;

use events::Outgoing;
use sha2::{Digest as _, Sha256};

use crate::{Relay, StoreError};

pub use access::{AccessError, disable, enable, grant_role};
pub use accounts::{
    Credentials, CredentialsError, NewAccount, PasswordChange, RegisterError, credentials, register,
    set_password,
};
pub use sessions::{
    ABSOLUTE, IDLE, NewSession, OpenSession, Session, end_other_sessions, end_own_session, end_session,
    open_session, session, sessions_of, sweep_sessions, touch_session,
};
pub use tokens::{Token, create_token, revoke_token, token_owner, tokens_of};

/// SHA-256 of a session cookie's value or a bearer token: what the tables know it by.
#[must_use]
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// A new secret: 32 random bytes in hexadecimal.
#[must_use]
pub fn new_secret() -> String {
    use rand::TryRngCore as _;
    use std::fmt::Write as _;
    let mut bytes = [0_u8; 32];
    // The system's generator fails only where nothing else works either; rand's own is as good.
    if rand::rngs::OsRng.try_fill_bytes(&mut bytes).is_err() {
        rand::RngCore::fill_bytes(&mut rand::rng(), &mut bytes);
    }
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Why an action of identity was not done.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("the database does not answer")]
    Store(#[from] StoreError),
    #[error("the database refused")]
    Database(#[from] diesel::result::Error),
    #[error("the action could not be prepared")]
    Other(#[from] anyhow::Error),
}

/// Publishes what has been committed. The action is done already: should the broker not answer now, the
/// relay publishes later.
pub(crate) async fn publish(relay: &Relay, row: i64, events: &[Outgoing]) {
    let service = relay.bus().service();
    match tokio::time::timeout(PATIENCE, relay.publish(row, events)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(%service, error = format!("{error:#}"), "committed; left to the relay");
        }
        Err(_) => tracing::warn!(%service, "committed; the broker is slow, left to the relay"),
    }
}

const PATIENCE: Duration = Duration::from_secs(5);
