use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use process::Shutdown;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};
use uuid::Uuid;

/// A reply that the desk took.
#[derive(Debug)]
pub(crate) struct Reply {
    pub user_id: i64,
    /// Which of the operators wrote it.
    pub desk: u32,
    pub message: Uuid,
    pub text: String,
}

/// An operator in one chat.
struct Desk {
    number: u32,
    http: reqwest::Client,
    url: String,
    token: String,
    user_id: i64,
}

/// Operators in each chat. A page that waits for Telegram writes nothing else meanwhile.
const DESKS: u32 = 3;
const PERIOD: Duration = Duration::from_millis(60);
const AGAIN: Duration = Duration::from_millis(40);

/// Answers in all chats at once, each operator one message after the other; returns what was taken, in the
/// order of each.
pub(crate) async fn answer(
    http: reqwest::Client,
    backoffice_url: String,
    token: String,
    chats: Vec<i64>,
    stop: Shutdown,
) -> anyhow::Result<Vec<Reply>> {
    let mut desks = JoinSet::new();
    for (user_id, number) in chats.iter().flat_map(|&chat| (0..DESKS).map(move |number| (chat, number))) {
        let url = format!("{backoffice_url}/api/users/{user_id}/operator-chat");
        let desk = Desk { number, http: http.clone(), url, token: token.clone(), user_id };
        let stop = stop.clone();
        desks.spawn(async move { desk.answer_until(stop).await });
    }
    let mut replies = Vec::new();
    while let Some(answered) = desks.join_next().await {
        replies.extend(answered??);
    }
    Ok(replies)
}

impl Desk {
    async fn answer_until(&self, stop: Shutdown) -> anyhow::Result<Vec<Reply>> {
        let mut replies = Vec::new();
        while !stop.is_cancelled() {
            let text = format!("answer {} to {} from {}", replies.len(), self.user_id, self.number);
            let message =
                self.post_until_taken(&text, replies.is_empty()).await.with_context(|| text.clone())?;
            replies.push(Reply { user_id: self.user_id, desk: self.number, message, text });
            sleep(PERIOD).await;
        }
        Ok(replies)
    }

    /// `first`: nobody may have written yet, so there may be no chat to answer in.
    async fn post_until_taken(&self, text: &str, first: bool) -> anyhow::Result<Uuid> {
        let client_message_id = Uuid::now_v7();
        let mut known = None;
        loop {
            let Ok((status, body)) = self.post(text, client_message_id).await else {
                sleep(AGAIN).await;
                continue;
            };
            match status {
                StatusCode::CREATED | StatusCode::ACCEPTED => {}
                StatusCode::NOT_FOUND if first => {
                    sleep(AGAIN).await;
                    continue;
                }
                _ if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                    sleep(AGAIN).await;
                    continue;
                }
                _ => bail!("answered {status}: {body}"),
            }
            let id = body["message"]["id"].as_str().with_context(|| format!("no id in {body}"))?;
            let id: Uuid = id.parse()?;
            let before = *known.get_or_insert(id);
            ensure!(before == id, "the same clientMessageId was message {before} and then {id}");
            // Now and then the answer is lost on its way, and the page sends once more.
            if rand::random_ratio(1, 8) {
                continue;
            }
            return Ok(id);
        }
    }

    async fn post(&self, text: &str, client_message_id: Uuid) -> reqwest::Result<(StatusCode, Value)> {
        let body = json!({"messageText": text, "clientMessageId": client_message_id});
        let response = self.http.post(&self.url).bearer_auth(&self.token).json(&body).send().await?;
        let status = response.status();
        Ok((status, if status.is_server_error() { Value::Null } else { response.json().await? }))
    }
}
