use axum::{
    extract::{FromRequest, Multipart, Request, multipart},
    http::header,
};
use events::chats::{LARGEST_ALBUM, ReplyFile};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::file;
use crate::{
    desk::words,
    edge::Site,
    extract::{Field, JsonText},
    images::upload,
    problem::{FieldProblem, Problem},
};

/// UTF-16 units that may be typed; a few messages' worth. What is sent has fewer: the formatting is gone.
pub(crate) const LONGEST_TYPED: usize = 16_384;
/// Files of one reply, as of an album.
const MOST_FILES: usize = LARGEST_ALBUM;

/// Bytes of a field that is no file: what may be typed, in whatever letters.
const LONGEST_FIELD: usize = 4 * LONGEST_TYPED;

/// A reply as it was sent.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Input {
    pub(super) message_text: Field<String>,
    client_message_id: Field<String>,
    pub(super) reply_to: Field<Uuid>,
    pub(super) seen_sequence: Field<u64>,
    /// In the bucket already.
    #[serde(skip)]
    pub(super) files: Vec<ReplyFile>,
}

/// The body of a reply, for the documentation alone.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct NewReply {
    /// At most 16,384 UTF-16 units, of which Telegram gets 4,096 at a time. `**bold**`, `_italic_`, `` `code` ``,
    /// `||spoiler||` and `[text](https://…)` are formatting; a backslash makes the sign after it stand for itself.
    message_text: String,
    /// The same one twice is one message.
    client_message_id: Option<String>,
    /// The message that is answered.
    reply_to: Option<Uuid>,
    /// The log sequence that the operator has seen: a colleague's reply after it is asked about first.
    seen_sequence: Option<u64>,
    /// Of multipart only: up to 10 files of up to 50 MB each. With files the text may be missing.
    #[schema(value_type = Option<Vec<String>>, format = Binary)]
    file: Option<Vec<u8>>,
}

impl Input {
    /// JSON from scripts and programs, multipart from the form.
    pub(super) async fn from_any(request: Request, site: &Site) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/")) {
            return JsonText::from_request(request, site).await?.parse();
        }
        let mut multipart = Multipart::from_request(upload::paced(request), site)
            .await
            .map_err(|rejection| Problem::bad_request(rejection.body_text()))?;
        let mut input = Self::default();
        while let Some(field) = multipart.next_field().await.map_err(upload::refused)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                if input.files.len() == MOST_FILES && field.file_name().is_some_and(|name| !name.is_empty()) {
                    return Err(Problem::fields(vec![FieldProblem::new("file", "too_many")]));
                }
                input.files.extend(file::keep(&site.files, field).await?);
                continue;
            }
            input.put(&name, text(field).await?);
        }
        Ok(input)
    }

    fn put(&mut self, name: &str, text: String) {
        match name {
            "messageText" => self.message_text = Field::Given(text),
            "clientMessageId" => self.client_message_id = Field::Given(text),
            "replyTo" if !text.is_empty() => {
                self.reply_to = text.parse().map_or(Field::Wrong, Field::Given);
            }
            "seenSequence" if !text.is_empty() => {
                self.seen_sequence = text.parse().map_or(Field::Wrong, Field::Given);
            }
            _ => {}
        }
    }

    /// The text as it was typed and the client's id, or what is wrong.
    pub(super) fn read(&self) -> Result<(String, Option<String>), Vec<FieldProblem>> {
        let text = match words::check(self.message_text.clone(), LONGEST_TYPED) {
            // A file speaks for itself.
            Err("required") if !self.files.is_empty() => Ok(String::new()),
            text => text,
        };
        let client_id = self.client_message_id.clone().optional().and_then(|id| match id {
            Some(id) if id.len() > 100 => Err("too_long"),
            id => Ok(id.filter(|id| !id.is_empty())),
        });
        let reply_to = matches!(self.reply_to, Field::Wrong).then_some("invalid");
        let seen = matches!(self.seen_sequence, Field::Wrong).then_some("invalid");
        match (text, client_id, reply_to, seen) {
            (Ok(text), Ok(client_id), None, None) => Ok((text, client_id)),
            (text, client_id, reply_to, seen) => Err([
                ("messageText", text.err()),
                ("clientMessageId", client_id.err()),
                ("replyTo", reply_to),
                ("seenSequence", seen),
            ]
            .into_iter()
            .filter_map(|(field, code)| Some(FieldProblem::new(field, code?)))
            .collect()),
        }
    }
}

/// The limit of the whole request is one of files.
async fn text(mut field: multipart::Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(upload::refused)? {
        if bytes.len() + chunk.len() > LONGEST_FIELD {
            return Err(Problem::too_large(format!("a field may have {LONGEST_FIELD} bytes")));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Problem::bad_request("a field is not UTF-8"))
}
