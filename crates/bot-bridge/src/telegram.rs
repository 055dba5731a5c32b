//! The Bot API over HTTP. What comes in is asked for with frankenstein; what goes out is written here, as
//! files are streamed and every refusal is read (frankenstein takes no `retry_after` above 18 hours).

mod call;
mod download;
mod send;

use std::time::Duration;

use events::bus::retry::Backoff;
use frankenstein::{
    AsyncTelegramApi as _, Error,
    client_reqwest::Bot,
    methods::{DeleteWebhookParams, GetFileParams, GetUpdatesParams, SetWebhookParams},
    response::MethodResponse,
    types::{AllowedUpdate, File},
};
use process::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{json, value::RawValue};

pub(crate) use call::{CallError, Refusal};
pub(crate) use download::{DownloadError, LARGEST_DOWNLOAD, too_large};
pub(crate) use send::{Attached, Medium, Outgoing, Sent, kind};

/// The most updates one call returns (Bot API, getUpdates).
const UPDATES: u32 = 100;

/// Updates that Telegram may bring at once: what it does unless told otherwise (Bot API, setWebhook). With an answer
/// within milliseconds these are thousands in a second.
const CONNECTIONS: u32 = 40;

/// The kinds of updates that mean something here. Reactions come only to whoever names them.
const ALLOWED_UPDATES: [AllowedUpdate; 4] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::MessageReaction,
    AllowedUpdate::MyChatMember,
];

/// Only of calls that ask: a reply is tried again by its own rules.
pub(crate) const RETRY: Backoff =
    Backoff { first: Duration::from_millis(500), most: Duration::from_secs(60) };

/// One bot at one Bot API server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Telegram {
    /// With a time-out longer than a poll stays open.
    polls: Bot,
    calls: Bot,
    /// Where files are downloaded; holds the token.
    files: String,
    poll_timeout: u32,
    /// For an answer, once everything is sent.
    timeout: Duration,
}

/// The bot itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Me {
    pub(crate) first_name: String,
    #[serde(default)]
    pub(crate) username: String,
}

/// Something that Telegram offers to send to the bot.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Command {
    /// Without the slash.
    pub(crate) command: &'static str,
    pub(crate) description: String,
}

/// What Telegram holds for the bot, and where it brings it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Queue {
    /// Empty for a bot that polls.
    #[serde(default)]
    pub(crate) url: String,
    pub(crate) pending_update_count: u64,
    /// Seconds since 1970: when Telegram last failed to bring an update, and why.
    pub(crate) last_error_date: Option<i64>,
    #[serde(default)]
    pub(crate) last_error_message: String,
}

impl Telegram {
    pub(crate) fn new(
        api_url: &str,
        token: &Secret,
        poll_timeout: u32,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        let api_url = api_url.trim_end_matches('/');
        let client = |timeout| {
            reqwest::Client::builder()
                .connect_timeout(Duration::from_secs(5))
                .timeout(timeout)
                // Shorter than servers keep idle connections: a reply on one that is being closed would
                // have an unknown outcome.
                .pool_idle_timeout(Duration::from_secs(20))
                .build()
        };
        let bot = |client| {
            Bot::builder().api_url(format!("{api_url}/bot{}", token.expose())).client(client).build()
        };
        let polls = client(Duration::from_secs(u64::from(poll_timeout) + 10))?;
        Ok(Self {
            polls: bot(polls),
            calls: bot(client(timeout)?),
            files: format!("{api_url}/file/bot{}", token.expose()),
            poll_timeout,
            timeout,
        })
    }

    /// What has come since `offset`, each as it is; if need be waits for something. Confirms everything before.
    pub(crate) async fn updates(&self, offset: Option<i64>, wait: bool) -> Result<Vec<Box<RawValue>>, Error> {
        let asked = GetUpdatesParams::builder()
            .maybe_offset(offset)
            .limit(UPDATES)
            .timeout(if wait { self.poll_timeout } else { 0 })
            .allowed_updates(ALLOWED_UPDATES.to_vec())
            .build();
        let answer: MethodResponse<Vec<Box<RawValue>>> =
            self.polls.request("getUpdates", Some(asked)).await?;
        Ok(answer.result)
    }

    pub(crate) async fn me(&self) -> Result<Me, Error> {
        let answer: MethodResponse<Me> = self.calls.request("getMe", None::<()>).await?;
        Ok(answer.result)
    }

    /// Has these offered to people of a language, or to everybody who has no list of their own.
    pub(crate) async fn set_commands(
        &self,
        language: Option<&str>,
        commands: &[Command],
    ) -> Result<(), Error> {
        let mut asked = json!({"commands": commands});
        if let Some(language) = language {
            asked["language_code"] = language.into();
        }
        let _answer: MethodResponse<bool> = self.calls.request("setMyCommands", Some(asked)).await?;
        Ok(())
    }

    pub(crate) async fn queue(&self) -> Result<Queue, Error> {
        let answer: MethodResponse<Queue> = self.calls.request("getWebhookInfo", None::<()>).await?;
        Ok(answer.result)
    }

    /// Has updates brought to an address, several at a time. Telegram promises no order among them: whoever takes
    /// them puts them in order.
    pub(crate) async fn set_webhook(&self, url: &str, secret: &Secret) -> Result<(), Error> {
        let asked = SetWebhookParams::builder()
            .url(url)
            .secret_token(secret.expose())
            .max_connections(CONNECTIONS)
            .allowed_updates(ALLOWED_UPDATES.to_vec())
            .build();
        let _answer: MethodResponse<bool> = self.calls.request("setWebhook", Some(asked)).await?;
        Ok(())
    }

    /// Lets the bot poll again. What waits for it stays.
    pub(crate) async fn delete_webhook(&self) -> Result<(), Error> {
        let asked = DeleteWebhookParams::builder().drop_pending_updates(false).build();
        let _answer: MethodResponse<bool> = self.calls.request("deleteWebhook", Some(asked)).await?;
        Ok(())
    }

    pub(crate) async fn file(&self, file_id: &str) -> Result<File, Error> {
        let asked = GetFileParams::builder().file_id(file_id).build();
        let answer: MethodResponse<File> = self.calls.request("getFile", Some(asked)).await?;
        Ok(answer.result)
    }
}

/// The error in words that hold neither the token nor what somebody wrote.
pub(crate) fn reason(error: &Error) -> String {
    match error {
        Error::Api(refusal) => refusal.description.clone(),
        Error::JsonDecode { source, .. } => format!("the answer cannot be read: {source}"),
        Error::HttpReqwest(error) => without_url(error),
        _ => "the call could not be made".to_owned(),
    }
}

/// The error and its causes, without the address, which holds the token.
fn without_url(error: &reqwest::Error) -> String {
    use std::error::Error as _;
    let mut text =
        if error.is_timeout() { "no answer in time".to_owned() } else { "the connection failed".to_owned() };
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

impl std::fmt::Debug for Telegram {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Telegram").finish_non_exhaustive()
    }
}
