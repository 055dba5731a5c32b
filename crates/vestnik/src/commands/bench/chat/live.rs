use anyhow::{Context as _, bail};
use futures::{Stream, StreamExt as _};
use serde_json::Value;

use super::Desk;

/// An operator's live page, as its script hears it.
pub(super) struct Live {
    bytes: std::pin::Pin<Box<dyn Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    buffer: Vec<u8>,
}

impl Live {
    pub(super) async fn open(desk: &Desk<'_>, client: &reqwest::Client) -> anyhow::Result<Self> {
        let url = format!("http://{}/api/operator-chats/live", desk.backoffice);
        let answer = client.get(url).bearer_auth(&desk.token).send().await?.error_for_status()?;
        let bytes = answer.bytes_stream().map(|chunk| chunk.map(|chunk| chunk.to_vec()));
        Ok(Self { bytes: Box::pin(bytes), buffer: Vec::new() })
    }

    /// The text of the next message that is told of.
    pub(super) async fn next_message(&mut self) -> anyhow::Result<String> {
        loop {
            let frame = self.next_frame().await?;
            if !frame.lines().any(|line| line.trim_end() == "event: message") {
                continue;
            }
            let data =
                frame.lines().find_map(|line| line.strip_prefix("data: ")).context("a frame says nothing")?;
            let event: Value = serde_json::from_str(data)?;
            return Ok(event["message"]["messageText"].as_str().unwrap_or_default().to_owned());
        }
    }

    async fn next_frame(&mut self) -> anyhow::Result<String> {
        loop {
            if let Some(end) = self.buffer.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = self.buffer.drain(..end + 2).collect();
                return Ok(String::from_utf8(frame)?);
            }
            match self.bytes.next().await {
                Some(chunk) => self.buffer.extend_from_slice(&chunk?),
                None => bail!("the live page ended"),
            }
        }
    }
}
