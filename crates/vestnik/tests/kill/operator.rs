use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use process::Shutdown;
use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::sleep};
use uuid::Uuid;

use super::phones::picture;

/// A reply that the desk took.
#[derive(Debug)]
pub(crate) struct Reply {
    pub user_id: i64,
    /// Which of the operators wrote it.
    pub desk: u32,
    pub message: Uuid,
    pub text: String,
    /// Files that it has.
    pub files: usize,
    /// What the operator did to it afterwards.
    pub change: Option<Change>,
}

/// A change of a reply that Telegram had, as far as the desk took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Change {
    pub what: What,
    /// False when no answer came, and then that nothing can be changed, or can be by now.
    pub sure: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// [`EDITED`] was added.
    Edit,
    Delete,
}

pub(crate) const EDITED: &str = " (edited)";

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
/// Tries of changing a reply: it may still be on its way, or never have left.
const CHANGES: usize = 60;

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
            let files = files(&text, replies.len());
            let taken = self.post_until_taken(&text, &files, replies.is_empty()).await;
            let message = taken.with_context(|| text.clone())?;
            let change = match replies.len() % 10 {
                3 => self.change(message, &text, What::Edit).await?,
                8 => self.change(message, &text, What::Delete).await?,
                _ => None,
            };
            let (user_id, desk, files) = (self.user_id, self.number, files.len());
            replies.push(Reply { user_id, desk, message, text, files, change });
            sleep(PERIOD).await;
        }
        Ok(replies)
    }

    /// `first`: nobody may have written yet, so there may be no chat to answer in.
    async fn post_until_taken(&self, text: &str, files: &[Vec<u8>], first: bool) -> anyhow::Result<Uuid> {
        let client_message_id = Uuid::now_v7();
        let mut known = None;
        loop {
            let Ok((status, body)) = self.post(text, files, client_message_id).await else {
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

    async fn change(&self, message: Uuid, text: &str, what: What) -> anyhow::Result<Option<Change>> {
        let url = format!("{}/{message}", self.url);
        let mut sure = true;
        for _ in 0..CHANGES {
            let request = match what {
                What::Edit => self.http.patch(&url).json(&json!({"messageText": format!("{text}{EDITED}")})),
                What::Delete => self.http.delete(&url),
            };
            match request.bearer_auth(&self.token).send().await.map(|response| response.status()) {
                Ok(StatusCode::ACCEPTED) => return Ok(Some(Change { what, sure: true })),
                Ok(StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS) => {}
                // Taken by the edge, and the worker that is to store it is dead.
                Ok(StatusCode::NOT_FOUND) => {}
                Ok(status) if !status.is_server_error() => bail!("{what:?} of {text:?}: answered {status}"),
                Ok(_) | Err(_) => sure = false,
            }
            sleep(AGAIN).await;
        }
        Ok((!sure).then_some(Change { what, sure }))
    }

    async fn post(
        &self,
        text: &str,
        files: &[Vec<u8>],
        client_message_id: Uuid,
    ) -> reqwest::Result<(StatusCode, Value)> {
        let request = self.http.post(&self.url).bearer_auth(&self.token);
        let request = if files.is_empty() {
            request.json(&json!({"messageText": text, "clientMessageId": client_message_id}))
        } else {
            let form = Form::new().text("messageText", text.to_owned());
            let form = form.text("clientMessageId", client_message_id.to_string());
            request.multipart(
                files
                    .iter()
                    .fold(form, |form, file| form.part("file", Part::bytes(file.clone()).file_name("file"))),
            )
        };
        let response = request.send().await?;
        let status = response.status();
        Ok((status, if status.is_server_error() { Value::Null } else { response.json().await? }))
    }
}

/// Now and then a document or an album goes with it.
fn files(text: &str, number: usize) -> Vec<Vec<u8>> {
    match number % 9 {
        4 => vec![format!("file of {text}").into_bytes()],
        7 => vec![picture(), picture()],
        _ => Vec::new(),
    }
}
