use anyhow::{Context as _, bail};
use events::{
    Bus, LogEvent, Outgoing,
    accounts::{AccountCredited, AccountEvent, CreditRequested},
    bus::TailStart,
};
use uuid::Uuid;

/// Asks for a credit and waits for what the order worker decides. The same `id` again asks once.
/// Amounts are kopecks.
pub(crate) async fn credit(
    bus: &Bus,
    id: Uuid,
    user_id: Uuid,
    amount: i64,
    reason: &str,
) -> anyhow::Result<AccountCredited> {
    let wish = CreditRequested { user_id, amount, reason: reason.to_owned() };
    let request = Outgoing::request_with_id(id, bus.service(), "vestnik", wish);
    // From the beginning of the account: an earlier run may have asked already.
    let subject = format!("accounts.{user_id}.>");
    let mut tail = bus.tail(&[&subject], TailStart::Beginning).await?;
    bus.publish(&request).await?;
    while let Some(message) = tail.next().await {
        let recorded = message?.decode()?;
        if recorded.meta.causation != Some(id) {
            continue;
        }
        match recorded.event {
            LogEvent::Account(AccountEvent::AccountCredited(credited)) => return Ok(credited),
            LogEvent::Account(AccountEvent::CreditRefused(refused)) => {
                bail!("the credit was refused: {}", serde_json::to_value(refused.code)?)
            }
            _ => {}
        }
    }
    Err(anyhow::anyhow!("the broker closed the connection")).context("the outcome of the credit is unknown")
}
