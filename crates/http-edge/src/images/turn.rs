use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use axum::http::StatusCode;
use tokio::{
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

use crate::problem::Problem;

/// Pictures taken in at the same time, of up to 20 MiB each.
const AT_ONCE: usize = 4;
/// How long a turn is waited for.
const WAITING: Duration = Duration::from_secs(10);

/// Who may send a picture now: a few at a time, as each is in memory until it is stored, and of one customer one, so that
/// nobody takes the turns of all.
#[derive(Debug)]
pub(crate) struct Turns {
    all: Arc<Semaphore>,
    /// Those of customers who have a turn or wait for one.
    own: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
}

/// Given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    _own: OwnedSemaphorePermit,
    _of_all: OwnedSemaphorePermit,
}

impl Default for Turns {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), own: Mutex::default() }
    }
}

impl Turns {
    /// The customer's turn; nobody waits for one for long.
    pub(crate) async fn take(&self, customer: Uuid) -> Result<Turn, Problem> {
        let own = self.own(customer);
        let taken = timeout(WAITING, async {
            // Who waits for the own one keeps none from others.
            let own = own.acquire_owned().await?;
            let of_all = Arc::clone(&self.all).acquire_owned().await?;
            Ok::<_, AcquireError>(Turn { _own: own, _of_all: of_all })
        });
        match taken.await {
            Ok(turn) => Ok(turn?),
            Err(_) => Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Сейчас загружается слишком много картинок. Повторите через минуту",
            )),
        }
    }

    fn own(&self, customer: Uuid) -> Arc<Semaphore> {
        let mut customers = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = customers.get(&customer).and_then(Weak::upgrade) {
            return own;
        }
        customers.retain(|_, own| own.strong_count() > 0);
        let own = Arc::new(Semaphore::new(1));
        customers.insert(customer, Arc::downgrade(&own));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn one_customer_has_one_turn_and_leaves_the_others_to_others() {
        let turns = Turns::default();
        let (greedy, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = turns.take(greedy).await.unwrap();
        assert_eq!(turns.take(greedy).await.unwrap_err().code, "busy");
        drop(turns.take(other).await.unwrap());
        drop(first);
        assert!(turns.take(greedy).await.is_ok(), "it came back");
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_few_in_all() {
        let turns = Turns::default();
        let mut taken = Vec::new();
        for customer in 0..AT_ONCE {
            taken.push(turns.take(Uuid::from_u128(customer as u128)).await.unwrap());
        }
        let late = Uuid::from_u128(9);
        assert_eq!(turns.take(late).await.unwrap_err().code, "busy");
        taken.pop();
        assert!(turns.take(late).await.is_ok());
    }
}
