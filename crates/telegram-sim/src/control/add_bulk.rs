use std::time::{Duration, Instant};

use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Problem;
use super::of_bot::OfBot;
use crate::state::State as Telegram;
use crate::state::draft::Draft;
use crate::state::user::User;

/// Messages put in while the state is held.
const CHUNK: u64 = 500;
const MOST: u64 = 5_000_000;

#[derive(Debug, Deserialize)]
pub(super) struct Bulk {
    users: u32,
    messages_per_user: u32,
    #[serde(default = "first_user_id")]
    first_user_id: i64,
    /// `{user}` and `{n}` (0, 1, … for each person) are filled in.
    #[serde(default = "text")]
    text: String,
    /// Messages per second; without it, as fast as possible.
    rate: Option<f64>,
}

fn first_user_id() -> i64 {
    1_000_000_001
}

fn text() -> String {
    "Message {n} of {user}".into()
}

impl Bulk {
    /// Everybody's first message, then everybody's second, and so on.
    fn put(&self, state: &mut Telegram, number: u64) -> Result<(), Problem> {
        let users = u64::from(self.users);
        let (n, user) = (number / users, number % users);
        let user = self.first_user_id + i64::try_from(user).unwrap_or_default();
        if !state.accounts.contains_key(&user) {
            state.put_user(User::numbered(user));
        }
        let text = self.text.replace("{user}", &user.to_string());
        let text = text.replace("{n}", &n.to_string());
        state.receive(user, Draft::text(text))?;
        Ok(())
    }

    /// How many messages should be in by now.
    fn due(&self, total: u64, passed: Duration) -> u64 {
        match self.rate {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "rates and times are positive and small"
            )]
            Some(rate) => total.min((passed.as_secs_f64() * rate) as u64 + 1),
            None => total,
        }
    }
}

/// Many people write many messages. Answers when all are in.
pub(super) async fn add_bulk(
    OfBot(world): OfBot,
    Json(bulk): Json<Bulk>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let total = u64::from(bulk.users) * u64::from(bulk.messages_per_user);
    if total > MOST || bulk.first_user_id <= 0 || bulk.rate.is_some_and(|rate| rate <= 0.0) {
        return Err(Problem::bad_request("too many messages, or a bad rate or id"));
    }
    let first_update_id = world.state().updates.next_id();
    let started = Instant::now();
    let mut done = 0;
    while done < total {
        let due = bulk.due(total, started.elapsed()).min(done + CHUNK);
        {
            let mut state = world.state();
            while done < due {
                bulk.put(&mut state, done)?;
                done += 1;
            }
        }
        if bulk.rate.is_some() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        } else {
            tokio::task::yield_now().await;
        }
    }
    let summary = json!({
        "messages": total,
        "first_update_id": first_update_id,
        "next_update_id": world.state().updates.next_id(),
        "ms": started.elapsed().as_millis(),
    });
    Ok((StatusCode::CREATED, Json(summary)))
}
