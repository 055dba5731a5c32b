use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::ChatEvent;
use uuid::Uuid;

use super::{super::delivery::Delivery, Step, storable};
use crate::{Conn, chats::DeliveryState};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    delivery_state: String,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    delivery_reason: Option<String>,
    #[diesel(sql_type = Integer)]
    delivery_attempt: i32,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
}

/// A delivery that the slice is about.
struct Followed {
    /// Where its message stands in the log.
    since: i64,
    delivery: Delivery,
    changed: bool,
}

/// The message whose delivery an event is about.
fn subject(event: &ChatEvent) -> Option<Uuid> {
    match event {
        ChatEvent::RetryRequested(event) => Some(event.message_id),
        ChatEvent::ReplySent(event) => Some(event.message_id),
        ChatEvent::ReplyFailed(event) => Some(event.message_id),
        ChatEvent::ReplyUnknown(event) => Some(event.message_id),
        _ => None,
    }
}

/// Reads the deliveries that the slice is about, follows the events one by one, writes what changed.
pub(super) async fn fold(conn: &mut Conn, steps: &[Step<'_>]) -> anyhow::Result<()> {
    let mut ids: Vec<Uuid> = steps.iter().filter_map(|step| subject(step.event)).collect();
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<Row> = diesel::sql_query(
        "SELECT id, position, delivery_state, delivery_code, delivery_reason, delivery_attempt, telegram_message_id
         FROM chat_messages WHERE id = ANY($1) AND delivery_state IS NOT NULL ORDER BY id FOR UPDATE",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .get_results(conn)
    .await?;
    let mut deliveries = BTreeMap::new();
    for row in rows {
        deliveries
            .insert(row.id, Followed { since: row.position, delivery: row.delivery()?, changed: false });
    }
    for step in steps {
        let followed = subject(step.event).and_then(|id| deliveries.get_mut(&id));
        // What stands in the log before its message was not about it.
        let Some(followed) = followed.filter(|followed| followed.since < step.position) else { continue };
        let delivery = &mut followed.delivery;
        followed.changed |= match step.event {
            ChatEvent::RetryRequested(_) => delivery.retry(),
            ChatEvent::ReplySent(outcome) => delivery.sent(outcome),
            ChatEvent::ReplyFailed(outcome) => delivery.failed(outcome),
            ChatEvent::ReplyUnknown(outcome) => delivery.unknown(outcome),
            _ => false,
        };
    }
    deliveries.retain(|_, followed| followed.changed);
    write(conn, deliveries.into_iter().map(|(id, followed)| (id, followed.delivery)).collect()).await
}

async fn write(conn: &mut Conn, changed: Vec<(Uuid, Delivery)>) -> anyhow::Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let column = |of: fn(&Delivery) -> Option<&String>| -> Vec<Option<String>> {
        changed.iter().map(|(_, delivery)| of(delivery).map(|text| storable(text))).collect()
    };
    // A foreign bot may have told of the same message through the API: its row keeps Telegram's id, which
    // only one row can have.
    diesel::sql_query(
        "UPDATE chat_messages AS message SET delivery_state = new.state, delivery_code = new.code,
             delivery_reason = new.reason, delivery_attempt = new.attempt,
             telegram_message_id = CASE WHEN EXISTS (
                 SELECT FROM chat_messages AS other
                 WHERE other.user_id = message.user_id
                   AND other.telegram_message_id = new.telegram_message_id
                   AND other.direction = message.direction AND other.verified = message.verified
                   AND other.id <> message.id
             ) THEN NULL ELSE new.telegram_message_id END
         FROM UNNEST($1, $2, $3, $4, $5, $6) AS new (id, state, code, reason, attempt, telegram_message_id)
         WHERE message.id = new.id",
    )
    .bind::<Array<SqlUuid>, _>(changed.iter().map(|(id, _)| *id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(changed.iter().map(|(_, delivery)| delivery.state.name()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(column(|delivery| delivery.code.as_ref()))
    .bind::<Array<Nullable<Text>>, _>(column(|delivery| delivery.reason.as_ref()))
    .bind::<Array<Integer>, _>(
        changed.iter().map(|(_, delivery)| i32::try_from(delivery.attempt)).collect::<Result<Vec<_>, _>>()?,
    )
    .bind::<Array<Nullable<BigInt>>, _>(
        changed.iter().map(|(_, delivery)| delivery.telegram_message_id).collect::<Vec<_>>(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

impl Row {
    fn delivery(self) -> anyhow::Result<Delivery> {
        let state = DeliveryState::from_name(&self.delivery_state)
            .ok_or_else(|| anyhow::anyhow!("the delivery state {:?} is unknown", self.delivery_state))?;
        Ok(Delivery {
            state,
            code: self.delivery_code,
            reason: self.delivery_reason,
            attempt: u32::try_from(self.delivery_attempt)?,
            telegram_message_id: self.telegram_message_id,
        })
    }
}
