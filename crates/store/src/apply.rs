use events::{LogEvent, Recorded};

use crate::{Conn, accounts, chats, desk, images, letters, orders, users};

/// Writes facts to the domain tables, set-wise: one call per domain, in the order in which the foreign
/// keys want them. Wishes change nothing. The only code that writes domain tables.
///
/// # Errors
/// Any error of the database; the transaction is then worthless.
pub async fn apply(conn: &mut Conn, facts: &[Recorded]) -> anyhow::Result<()> {
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::User(_))) {
        users::apply(conn, facts).await?;
    }
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Image(_))) {
        images::apply(conn, facts).await?;
    }
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Order(_))) {
        orders::apply(conn, facts).await?;
    }
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Account(_))) {
        accounts::apply(conn, facts).await?;
    }
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Chat(_))) {
        chats::apply(conn, facts).await?;
    }
    users::apply_links(conn, facts).await?;
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Letter(_))) {
        letters::apply(conn, facts).await?;
    }
    if facts.iter().any(|fact| matches!(fact.event, LogEvent::Desk(_))) {
        desk::apply(conn, facts).await?;
    }
    Ok(())
}
