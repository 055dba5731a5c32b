use std::collections::BTreeMap;

use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl as _;
use events::chats::{ChatEvent, ReplySent};
use uuid::Uuid;

use super::{super::delivery::Delivery, Step, storable};
use crate::{Conn, chats::DeliveryState, prepared::Prepared as _};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bool)]
    dismissed: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Integer)]
    attempt: i32,
}

/// A message whose delivery the slice is about.
struct Followed {
    /// Where it stands in the log.
    since: i64,
    dismissed: bool,
    /// Of its first part, as Telegram calls it.
    telegram_message_id: Option<i64>,
    parts: BTreeMap<u32, Delivery>,
    /// What Telegram calls what parts became: the ids of this slice.
    sent: Vec<(u32, i64)>,
    changed: bool,
}

/// The message whose delivery an event is about.
fn subject(event: &ChatEvent) -> Option<Uuid> {
    match event {
        ChatEvent::RetryRequested(event) => Some(event.message_id),
        ChatEvent::ReplyDismissed(event) => Some(event.message_id),
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
        "SELECT message.id, message.position, message.dismissed, message.telegram_message_id,
                part.part, part.state, part.code, part.reason, part.attempt
         FROM chat_messages AS message JOIN chat_message_parts AS part ON part.message_id = message.id
         WHERE message.id = ANY($1) ORDER BY message.id, part.part FOR UPDATE",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .prepared()
    .get_results(conn)
    .await?;
    let mut messages: BTreeMap<Uuid, Followed> = BTreeMap::new();
    for row in rows {
        let followed = messages.entry(row.id).or_insert_with(|| Followed {
            since: row.position,
            dismissed: row.dismissed,
            telegram_message_id: row.telegram_message_id,
            parts: BTreeMap::new(),
            sent: Vec::new(),
            changed: false,
        });
        followed.parts.insert(u32::try_from(row.part)?, row.delivery()?);
    }
    for step in steps {
        let followed = subject(step.event).and_then(|id| messages.get_mut(&id));
        // What stands in the log before its message was not about it.
        let Some(followed) = followed.filter(|followed| followed.since < step.position) else { continue };
        followed.changed |= followed.follow(step.event);
    }
    messages.retain(|_, followed| followed.changed);
    if !messages.is_empty() {
        write_parts(conn, &messages).await?;
        write_sums(conn, &messages).await?;
        write_ids(conn, &messages).await?;
    }
    Ok(())
}

impl Followed {
    /// Says whether anything changed.
    fn follow(&mut self, event: &ChatEvent) -> bool {
        match event {
            ChatEvent::RetryRequested(_) => {
                // What was sent is not sent again.
                let mut again = false;
                for part in self.parts.values_mut() {
                    again |= part.retry();
                }
                self.dismissed &= !again;
                again
            }
            ChatEvent::ReplyDismissed(_) => {
                let ended = matches!(self.sum().state, DeliveryState::Failed | DeliveryState::Unknown);
                ended && !std::mem::replace(&mut self.dismissed, true)
            }
            ChatEvent::ReplySent(outcome) => {
                let news = self.parts.get_mut(&outcome.part).is_some_and(|part| part.sent(outcome));
                if news {
                    self.take_ids(outcome);
                }
                news
            }
            ChatEvent::ReplyFailed(outcome) => {
                self.parts.get_mut(&outcome.part).is_some_and(|part| part.failed(outcome))
            }
            ChatEvent::ReplyUnknown(outcome) => {
                self.parts.get_mut(&outcome.part).is_some_and(|part| part.unknown(outcome))
            }
            _ => false,
        }
    }

    fn take_ids(&mut self, outcome: &ReplySent) {
        if outcome.part == 0 {
            self.telegram_message_id = Some(outcome.telegram_message_id);
        }
        let all = std::iter::once(&outcome.telegram_message_id).chain(&outcome.telegram_message_ids);
        self.sent.extend(all.map(|id| (outcome.part, *id)));
    }

    /// The delivery of the whole: under way while any part is; then the worst of what became of them.
    fn sum(&self) -> Delivery {
        use DeliveryState::{Failed, Queued, Sending, Sent, Unknown};
        let with = |state| self.parts.values().find(|part| part.state == state);
        let attempt = self.parts.values().map(|part| part.attempt).max().unwrap_or_default();
        let worst = [Sending, Queued, Failed, Unknown].into_iter().find_map(with);
        let (state, code, reason) =
            worst.map_or((Sent, None, None), |part| (part.state, part.code.clone(), part.reason.clone()));
        Delivery { state, code, reason, attempt }
    }
}

async fn write_parts(conn: &mut Conn, messages: &BTreeMap<Uuid, Followed>) -> anyhow::Result<()> {
    let parts: Vec<(Uuid, u32, &Delivery)> = messages
        .iter()
        .flat_map(|(id, followed)| followed.parts.iter().map(|(part, delivery)| (*id, *part, delivery)))
        .collect();
    diesel::sql_query(
        "UPDATE chat_message_parts AS part SET state = new.state, code = new.code, reason = new.reason,
             attempt = new.attempt
         FROM UNNEST($1, $2, $3, $4, $5, $6) AS new (message_id, part, state, code, reason, attempt)
         WHERE part.message_id = new.message_id AND part.part = new.part",
    )
    .bind::<Array<SqlUuid>, _>(parts.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers(parts.iter().map(|(_, part, _)| *part))?)
    .bind::<Array<Text>, _>(parts.iter().map(|(.., delivery)| delivery.state.name()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(words(parts.iter().map(|(.., delivery)| delivery.code.as_deref())))
    .bind::<Array<Nullable<Text>>, _>(words(parts.iter().map(|(.., delivery)| delivery.reason.as_deref())))
    .bind::<Array<Integer>, _>(numbers(parts.iter().map(|(.., delivery)| delivery.attempt))?)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_sums(conn: &mut Conn, messages: &BTreeMap<Uuid, Followed>) -> anyhow::Result<()> {
    let sums: Vec<Delivery> = messages.values().map(Followed::sum).collect();
    // A foreign bot may have told of the same message through the API: its row keeps Telegram's id, which
    // only one row can have.
    diesel::sql_query(
        "UPDATE chat_messages AS message SET delivery_state = new.state, delivery_code = new.code,
             delivery_reason = new.reason, delivery_attempt = new.attempt, dismissed = new.dismissed,
             telegram_message_id = CASE WHEN EXISTS (
                 SELECT FROM chat_messages AS other
                 WHERE other.user_id = message.user_id
                   AND other.telegram_message_id = new.telegram_message_id AND other.bot_id = message.bot_id
                   AND other.direction = message.direction AND other.verified = message.verified
                   AND other.id <> message.id
             ) THEN NULL ELSE new.telegram_message_id END
         FROM UNNEST($1, $2, $3, $4, $5, $6, $7)
              AS new (id, state, code, reason, attempt, dismissed, telegram_message_id)
         WHERE message.id = new.id",
    )
    .bind::<Array<SqlUuid>, _>(messages.keys().copied().collect::<Vec<_>>())
    .bind::<Array<Text>, _>(sums.iter().map(|sum| sum.state.name()).collect::<Vec<_>>())
    .bind::<Array<Nullable<Text>>, _>(words(sums.iter().map(|sum| sum.code.as_deref())))
    .bind::<Array<Nullable<Text>>, _>(words(sums.iter().map(|sum| sum.reason.as_deref())))
    .bind::<Array<Integer>, _>(numbers(sums.iter().map(|sum| sum.attempt))?)
    .bind::<Array<Bool>, _>(messages.values().map(|followed| followed.dismissed).collect::<Vec<_>>())
    .bind::<Array<Nullable<BigInt>>, _>(
        messages.values().map(|followed| followed.telegram_message_id).collect::<Vec<_>>(),
    )
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

async fn write_ids(conn: &mut Conn, messages: &BTreeMap<Uuid, Followed>) -> anyhow::Result<()> {
    let ids: Vec<(Uuid, u32, i64)> = messages
        .iter()
        .flat_map(|(id, followed)| followed.sent.iter().map(|(part, telegram)| (*id, *part, *telegram)))
        .collect();
    if ids.is_empty() {
        return Ok(());
    }
    diesel::sql_query(
        "INSERT INTO chat_sent_ids (user_id, bot_id, telegram_message_id, message_id, part)
         SELECT user_id, bot_id, new.telegram_message_id, new.message_id, new.part
         FROM UNNEST($1, $2, $3) AS new (message_id, part, telegram_message_id)
         JOIN chat_messages ON chat_messages.id = new.message_id
         ON CONFLICT DO NOTHING",
    )
    .bind::<Array<SqlUuid>, _>(ids.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(numbers(ids.iter().map(|(_, part, _)| *part))?)
    .bind::<Array<BigInt>, _>(ids.iter().map(|(.., telegram)| *telegram).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

fn numbers(numbers: impl Iterator<Item = u32>) -> Result<Vec<i32>, std::num::TryFromIntError> {
    numbers.map(i32::try_from).collect()
}

fn words<'w>(words: impl Iterator<Item = Option<&'w str>>) -> Vec<Option<String>> {
    words.map(|word| word.map(storable)).collect()
}

impl Row {
    fn delivery(self) -> anyhow::Result<Delivery> {
        let state = DeliveryState::from_name(&self.state)
            .ok_or_else(|| anyhow::anyhow!("the delivery state {:?} is unknown", self.state))?;
        Ok(Delivery { state, code: self.code, reason: self.reason, attempt: u32::try_from(self.attempt)? })
    }
}
