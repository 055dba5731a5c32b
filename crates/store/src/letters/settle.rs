use diesel_async::AsyncConnection as _;
use events::{
    Outgoing,
    letters::{LetterDiscarded, LetterRedriven},
};

use super::apply;
use crate::{Relay, identity::IdentityError, outbox};

/// What shall become of a letter.
#[derive(Debug, Clone)]
pub enum Settle {
    Redrive,
    /// With the reason.
    Discard(String),
}

/// Commits what shall become of a letter with its event, then publishes it: to try it again is the
/// consumer's own business, which hears of it in the log. `false` when somebody has settled it before.
pub async fn settle(
    relay: &Relay,
    letter: &events::bus::Letter,
    what: Settle,
    auth: &str,
) -> Result<bool, IdentityError> {
    let service = relay.bus().service();
    let (consumer, subject, sequence) = (letter.consumer.clone(), letter.subject.clone(), letter.sequence);
    let event = match what {
        Settle::Redrive => Outgoing::request(service, auth, LetterRedriven { consumer, sequence, subject }),
        Settle::Discard(reason) => {
            Outgoing::request(service, auth, LetterDiscarded { consumer, sequence, subject, reason })
        }
    };
    let fact = event.recorded().map_err(anyhow::Error::from)?;
    let outgoing = vec![event];
    let mut conn = relay.store().conn().await?;
    let row = conn
        .transaction::<_, IdentityError, _>(async |conn| {
            if apply(conn, std::slice::from_ref(&fact)).await? == 0 {
                return Ok(None);
            }
            Ok(Some(outbox::keep(conn, service, &outgoing).await?))
        })
        .await?;
    drop(conn);
    let Some(row) = row else { return Ok(false) };
    crate::identity::publish(relay, row, &outgoing).await;
    Ok(true)
}
