//! Passwords as Argon2id (RFC 9106), in the PHC string format.

mod rules;

use std::{sync::LazyLock, time::Duration};

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use tokio::sync::Semaphore;

pub use rules::{PasswordFault, check};

/// Each hash takes 19 MiB and some 20 ms of a core (OWASP's first recommendation, the library's default):
/// more than two at a time would only take memory from the rest.
static AT_A_TIME: Semaphore = Semaphore::const_new(2);

/// Whoever waits longer is told to come again, so that a flood of sign-ins makes no endless queue.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is compared when the account does not exist, so that the answer takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now(&super::new_secret()).ok());

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    #[error("the hashing was interrupted")]
    Interrupted,
    #[error("too many passwords wait to be hashed")]
    Busy,
}

/// Hashes a password with a salt of its own.
pub async fn hash(password: String) -> Result<String, PasswordError> {
    work(move || hash_now(&password)).await?
}

/// Whether the password is the one that `hash` was made of. `None` stands for an account that does not
/// exist: it takes the same time and is never right.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, PasswordError> {
    work(move || {
        let known = hash.is_some();
        let Some(hash) = hash.as_deref().or(NOBODY.as_deref()) else { return false };
        let matches = PasswordHash::new(hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        known && matches
    })
    .await
}

/// Prepares the comparison for accounts that do not exist, so that the first such one is not slower.
pub async fn warm_up() {
    let _ = work(|| NOBODY.is_some()).await;
}

async fn work<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
    in_turn(&AT_A_TIME, job).await
}

async fn in_turn<T: Send + 'static>(
    turns: &'static Semaphore,
    job: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PasswordError> {
    let turn = tokio::time::timeout(PATIENCE, turns.acquire())
        .await
        .map_err(|_| PasswordError::Busy)?
        .map_err(|_| PasswordError::Interrupted)?;
    let job = move || {
        // With the job and not with whoever waits for it: a client that hangs up stops no hashing.
        let _turn = turn;
        job()
    };
    tokio::task::spawn_blocking(job).await.map_err(|_| PasswordError::Interrupted)
}

fn hash_now(password: &str) -> Result<String, PasswordError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| PasswordError::Hash(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_a_known_account_is_right() {
        let hashed = hash("correct horse".into()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$"));
        assert!(verify("correct horse".into(), Some(hashed.clone())).await.unwrap());
        assert!(!verify("correct horsf".into(), Some(hashed.clone())).await.unwrap());
        assert!(!verify("correct horse".into(), None).await.unwrap());
        assert_ne!(hash("correct horse".into()).await.unwrap(), hashed, "each hash has its own salt");
    }

    #[tokio::test]
    async fn whoever_hangs_up_leaves_the_turn_to_the_work_that_goes_on() {
        static TURNS: Semaphore = Semaphore::const_new(1);
        let (started, begun) = tokio::sync::oneshot::channel();
        let (finish, finished) = std::sync::mpsc::channel::<()>();
        let asking = tokio::spawn(in_turn(&TURNS, move || {
            started.send(()).unwrap();
            let _ = finished.recv();
        }));
        begun.await.unwrap();
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        assert_eq!(TURNS.available_permits(), 0, "the hash is still being made");
        drop(finish);
        in_turn(&TURNS, || {}).await.unwrap();
    }
}
