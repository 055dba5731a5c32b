use std::{collections::HashMap, time::Duration};

use diesel::sql_types::{BigInt, Nullable, Text};
use diesel_async::RunQueryDsl as _;
use process::Shutdown;
use telegram_sim::Phone;
use tokio::time::{MissedTickBehavior, interval};

use super::stage::Stage;

/// A message that Telegram took from somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub user_id: i64,
    pub telegram_message_id: i64,
    pub text: String,
}

#[derive(diesel::QueryableByName)]
struct Stored {
    #[diesel(sql_type = BigInt)]
    user_id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    telegram_message_id: Option<i64>,
    #[diesel(sql_type = Text)]
    message_text: String,
}

const PERIOD: Duration = Duration::from_millis(100);

/// Everybody writes in a steady beat, now and then twice at once.
pub(crate) async fn write(people: Vec<Phone>, stop: Shutdown) -> anyhow::Result<Vec<Written>> {
    let mut written = Vec::new();
    let mut beat = interval(PERIOD);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for number in 0_u32.. {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = beat.tick() => {}
        }
        for phone in &people {
            for part in 0..=u32::from(number % 5 == 0) {
                let text = format!("{} writes {number}.{part}", phone.user_id());
                let telegram_message_id = phone.text(&text)?.into();
                written.push(Written { user_id: phone.user_id(), telegram_message_id, text });
            }
        }
    }
    Ok(written)
}

/// Every message is stored once, and each chat's in the order in which they were written.
pub(crate) async fn check(stage: &Stage, written: &[Written]) {
    let mut conn = stage.system.conn().await;
    let rows: Vec<Stored> = diesel::sql_query(
        "SELECT user_id, telegram_message_id, message_text FROM chat_messages
         WHERE direction = 'in' ORDER BY user_id, position",
    )
    .get_results(&mut conn)
    .await
    .expect("the messages");
    let mut stored: HashMap<i64, Vec<Written>> = HashMap::new();
    for row in rows {
        let telegram_message_id = row.telegram_message_id.expect("Telegram's id");
        let one = Written { user_id: row.user_id, telegram_message_id, text: row.message_text };
        stored.entry(row.user_id).or_default().push(one);
    }
    for phone in stage.phones() {
        let user = phone.user_id();
        let there = stored.remove(&user).unwrap_or_default();
        let wanted: Vec<_> = written.iter().filter(|one| one.user_id == user).cloned().collect();
        for one in &wanted {
            let times = there.iter().filter(|stored| *stored == one).count();
            assert_eq!(times, 1, "{one:?} is stored {times} times");
        }
        assert_eq!(there, wanted, "the chat of {user} is not in the order in which it was written");
    }
    assert!(stored.is_empty(), "messages of nobody: {stored:?}");
}
